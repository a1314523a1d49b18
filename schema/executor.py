"""Execution of documents, handed to whoever answers requests: prepare bounds a document, run executes it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from graphql import ExecutionResult, GraphQLObjectType, GraphQLSchema, execute
from graphql.execution.values import VariableValues, get_variable_values

from domain.errors import Code, Invalid
from domain.wanted import Wanted
from schema.documents import Document, Documents
from schema.engine import build
from schema.errors import document_error, field_error
from schema.limits import Limits, bound_roots
from schema.reads import Commands, Reads
from schema.running import Running
from schema.selection import Selecting

if TYPE_CHECKING:
    from resolvers.request import Prepared, Request, RequestContext

PUBLIC = frozenset({"processing_activities", "_service", "__schema", "__type", "__typename"})
"""Root fields with nothing behind the gate."""


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document that was parsed, validated and bounded, with its selections under the request's variables."""

    document: Document
    roots: Mapping[str, Wanted]

    @property
    def document_hash(self) -> str:
        """SHA-256 (hex) of the document in normal form, values left out."""
        return self.document.hash

    @property
    def public(self) -> bool:
        """Whether it selects nothing behind the gate."""
        return not self.alters and all(wanted.name in PUBLIC for wanted in self.roots.values())

    @property
    def alters(self) -> bool:
        """Whether it is a mutation."""
        return self.document.alters


class SchemaExecutor:
    """The Executor of this schema. One for the process; keeps nothing of a request but parsed documents."""

    def __init__(
        self,
        reads: Reads,
        commands: Commands | None = None,
        *,
        limits: Limits | None = None,
        introspection: bool = False,
    ) -> None:
        self._reads = reads
        self._commands = commands
        self._limits = limits or Limits()
        self._introspection = introspection
        self._schema, self.sdl = build()
        self._documents = Documents(self._schema, self._limits, introspection)

    @property
    def schema(self) -> GraphQLSchema:
        """The executable schema."""
        return self._schema

    def prepare(self, request: Request) -> PreparedDocument:
        """Parse, validate and bound. Raises Invalid (INVALID_QUERY, TOO_COMPLEX, or an argument's own code)."""
        document = self._documents.read(request.query, request.operation)
        if document.alters and not request.may_alter:
            raise Invalid(Code.INVALID_QUERY, field="query", fix="mutations_by_post_only")
        selecting = Selecting(self._schema, document.fragments, self._variables(document, request.variables))
        kind = self._schema.mutation_type if document.alters else self._schema.query_type
        roots = selecting.roots(cast(GraphQLObjectType, kind), document.operation.selection_set)
        if document.alters and len(roots) != 1:
            raise Invalid(Code.INVALID_QUERY, field="query", fix="one_mutation_a_document")
        if not self._introspection and any(wanted.name == "_service" for wanted in roots.values()):
            raise Invalid(Code.INVALID_QUERY, field="_service", fix="introspection_is_off")
        bound_roots(roots, self._limits)
        return PreparedDocument(document, roots)

    def _variables(self, document: Document, given: Mapping[str, Any]) -> VariableValues:
        definitions = document.operation.variable_definitions or ()
        values = get_variable_values(self._schema, definitions, dict(given), max_errors=1, hide_suggestions=True)
        if isinstance(values, list):
            raise document_error(values[0], "variable")
        return values

    async def run(self, prepared: Prepared, request: Request, context: RequestContext) -> Mapping[str, Any]:
        """Execute a prepared document: `data`, and `errors` where fields failed, each with its code."""
        own = cast("PreparedDocument", prepared)
        result = execute(
            self._schema,
            own.document.ast,
            context_value=Running(context.gate, context.activities, own.roots, self._reads, self._commands),
            variable_values=dict(request.variables),
            operation_name=request.operation,
            hide_suggestions=True,
        )
        if inspect.isawaitable(result):
            result = await result
        return _plain(result)


def _plain(result: ExecutionResult) -> Mapping[str, Any]:
    answer: dict[str, Any] = {}
    if result.errors:
        answer["errors"] = [field_error(error) for error in result.errors]
    answer["data"] = result.data
    return answer
