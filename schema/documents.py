"""Documents: parsed and validated once for each text that holds no values of its own, within bounds."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FloatValueNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    IntValueNode,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    StringValueNode,
    Visitor,
    parse,
    print_ast,
    specified_rules,
    validate,
    visit,
)

from domain.errors import Code, Invalid
from schema.errors import document_error
from schema.limits import Limits, bound_names

CACHED = 512
"""Documents kept, the least lately used leaving first."""

_MAX_KEPT_TEXT = 20_000

_TOO_MANY_TOKENS = ("more than", "nested too deeply", "too deeply")


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document with the operation that was chosen."""

    ast: DocumentNode
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    hash: str

    @property
    def alters(self) -> bool:
        """Whether the operation is a mutation."""
        return self.operation.operation is OperationType.MUTATION


class _WithoutValues(Visitor):
    """Blanks values written into a document: they may be people's, and a hash of an id can be tried out."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def enter_string_value(self, node: StringValueNode, *_: Any) -> StringValueNode:
        """Blank a text."""
        self.found = True
        return StringValueNode(value="", block=False)

    def enter_int_value(self, node: IntValueNode, *_: Any) -> IntValueNode:
        """Blank a whole number."""
        return IntValueNode(value="0")

    def enter_float_value(self, node: FloatValueNode, *_: Any) -> FloatValueNode:
        """Blank a number."""
        return FloatValueNode(value="0.0")


class Documents:
    """Reads documents against one schema. Keeps no document that carries texts as values."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, introspection: bool) -> None:
        self._schema = schema
        self._limits = limits
        self._rules: tuple[type[ASTValidationRule], ...] = specified_rules
        if not introspection:
            self._rules = (*specified_rules, NoSchemaIntrospectionCustomRule)
        self._kept: OrderedDict[tuple[str, str | None], Document] = OrderedDict()

    def read(self, text: str, operation: str | None) -> Document:
        """The document of a text. Raises Invalid (INVALID_QUERY, TOO_COMPLEX), which names the place of the fault."""
        key = (text, operation)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        document, carries_texts = self._make(text, operation)
        if not carries_texts and len(text) <= _MAX_KEPT_TEXT:
            self._kept[key] = document
            if len(self._kept) > CACHED:
                self._kept.popitem(last=False)
        return document

    def _make(self, text: str, operation: str | None) -> tuple[Document, bool]:
        ast = self._parse(text)
        bound_names(ast, self._limits)
        self._validate(ast)
        chosen = _operation(ast, operation)
        blank = _WithoutValues()
        shape = f"{print_ast(visit(ast, blank))}\n{operation or ''}"
        fragments = {d.name.value: d for d in ast.definitions if isinstance(d, FragmentDefinitionNode)}
        return Document(ast, chosen, fragments, hashlib.sha256(shape.encode()).hexdigest()), blank.found

    def _parse(self, text: str) -> DocumentNode:
        try:
            return parse(text, max_tokens=self._limits.tokens)
        except RecursionError:
            raise Invalid(Code.TOO_COMPLEX, fix="less_depth") from None
        except GraphQLError as error:
            if any(words in error.message for words in _TOO_MANY_TOKENS):
                raise Invalid(Code.TOO_COMPLEX, fix="fewer_fields") from None
            raise document_error(error, "syntax") from None

    def _validate(self, ast: DocumentNode) -> None:
        try:
            errors = validate(self._schema, ast, self._rules, max_errors=1, hide_suggestions=True)
        except RecursionError:
            raise Invalid(Code.TOO_COMPLEX, fix="less_depth") from None
        if errors:
            raise document_error(errors[0], "schema")


def _operation(ast: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [d for d in ast.definitions if isinstance(d, OperationDefinitionNode)]
    if name is not None:
        operations = [o for o in operations if o.name is not None and o.name.value == name]
    if len(operations) != 1:
        raise Invalid(Code.INVALID_QUERY, field="operationName", fix="name_one_operation")
    if operations[0].operation is OperationType.SUBSCRIPTION:
        raise Invalid(Code.INVALID_QUERY, field="query", fix="queries_and_mutations_only")
    return operations[0]
