"""From a GraphQL document to Wanted: what each root field's answer can hold, and with which arguments.

The ledger's exactness rests on this: a child stands in Wanted exactly if the answer holds its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_argument_values,
    get_directive_values,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)
from graphql.execution.values import VariableValues

from domain.errors import Code, Invalid
from domain.wanted import Wanted
from schema.engine import DEFINITION, definition_of
from schema.errors import document_error

MAX_FIELDS = 5_000
"""Fields that a document may come to once its fragments are spread."""

_TYPE_NAME = "__typename"

Grouped = dict[str, list[FieldNode]]


class Selecting:
    """One document's selections under its variables. `roots` may be called once; it counts what it spreads."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], variables: VariableValues
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._spread = 0

    def roots(self, root: GraphQLObjectType, selections: SelectionSetNode) -> dict[str, Wanted]:
        """The root fields by their names in the answer.

        Raises Invalid: TOO_COMPLEX past MAX_FIELDS, INVALID_QUERY or a value's own code for arguments.
        """
        return {wanted.key: wanted for wanted in self._children(root, [selections], None)}

    def _children(
        self, kind: GraphQLObjectType, sets: Iterable[SelectionSetNode], on: str | None
    ) -> tuple[Wanted, ...]:
        grouped: Grouped = {}
        visited: set[str] = set()
        for selections in sets:
            self._collect(kind, selections.selections, grouped, visited)
        return tuple(
            wanted for key, nodes in grouped.items() if (wanted := self._field(kind, key, nodes, on)) is not None
        )

    def _collect(
        self, kind: GraphQLObjectType, selections: Iterable[SelectionNode], grouped: Grouped, visited: set[str]
    ) -> None:
        for node in selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                self._count()
                grouped.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if self._applies(node.type_condition.name.value if node.type_condition else None, kind):
                    self._collect(kind, node.selection_set.selections, grouped, visited)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                self._collect_spread(kind, self._fragments[node.name.value], grouped, visited)

    def _collect_spread(
        self, kind: GraphQLObjectType, fragment: FragmentDefinitionNode, grouped: Grouped, visited: set[str]
    ) -> None:
        if self._applies(fragment.type_condition.name.value, kind):
            visited.add(fragment.name.value)
            self._collect(kind, fragment.selection_set.selections, grouped, visited)

    def _count(self) -> None:
        self._spread += 1
        if self._spread > MAX_FIELDS:
            raise Invalid(Code.TOO_COMPLEX, fix="fewer_fields")

    def _included(self, node: SelectionNode) -> bool:
        if not node.directives:
            return True
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
        if skip and skip["if"]:
            return False
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        return not include or bool(include["if"])

    def _applies(self, condition: str | None, kind: GraphQLObjectType) -> bool:
        if condition is None or condition == kind.name:
            return True
        named = self._schema.type_map[condition]
        return is_abstract_type(named) and self._schema.is_sub_type(named, kind)

    def _field(self, kind: GraphQLObjectType, key: str, nodes: list[FieldNode], on: str | None) -> Wanted | None:
        first = nodes[0]
        name = first.name.value
        if name == _TYPE_NAME:
            return Wanted(_TYPE_NAME, key, {}, on)
        field = self._schema.get_field(kind, name)
        if field is None:
            return None
        sets = [node.selection_set for node in nodes if node.selection_set is not None]
        return Wanted(_python_name(name, field), key, self._arguments(field, first), on, self._below(field, sets))

    def _below(self, field: GraphQLField, sets: list[SelectionSetNode]) -> tuple[Wanted, ...]:
        kind = get_named_type(field.type)
        if not is_composite_type(kind):
            return ()
        if isinstance(kind, GraphQLObjectType):
            return self._children(kind, sets, None)
        possible = self._schema.get_possible_types(kind)
        return tuple(child for each in possible for child in self._children(each, sets, each.name))

    def _arguments(self, field: GraphQLField, node: FieldNode) -> Mapping[str, Any]:
        if not field.args:
            return {}
        try:
            values = get_argument_values(field, node, self._variables)
        except GraphQLError as error:
            raise document_error(error, "argument") from None
        names = {name: _argument_name(name, argument) for name, argument in field.args.items()}
        plain = {names[name]: _plain(value) for name, value in values.items()}
        return {names[name]: None for name in field.args} | plain


def _python_name(name: str, field: GraphQLField) -> str:
    definition = definition_of(field)
    return name if definition is None else definition.python_name


def _argument_name(name: str, argument: Any) -> str:
    definition = (argument.extensions or {}).get(DEFINITION)
    return name if definition is None else cast(str, definition.python_name)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value
