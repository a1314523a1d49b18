"""Relay connections over pages that were cut after authorisation."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

DEFAULT_PAGE = 20
"""Items on a page where the document says nothing."""

MAX_PAGE = 100
"""Items on the largest page that may be asked for."""

First = Annotated[int, strawberry.argument(description=f"How many items, 1 to {MAX_PAGE}.")]
After = Annotated[
    str | None,
    strawberry.argument(description="The cursor after which the page begins. A cursor of others gives the empty page."),
]


@strawberry.federation.type(
    shareable=True,
    description="Where a page stands in its connection. It tells of nothing that the caller may not see.",
)
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = strawberry.field(description="Whether more items follow.")
    has_previous_page: bool = strawberry.field(description="Whether items stand before this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first item.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last item.")


def page_of(source: Any, info: strawberry.Info) -> Any:
    """The page that was read for this field, found under the name that the field has in the answer."""
    return source.pages.get(info.path.key)


def _named(name: str, description: str, fields: dict[str, tuple[Any, str]]) -> type[Any]:
    annotations = {field: kind for field, (kind, _) in fields.items()}
    namespace: dict[str, Any] = {"__annotations__": annotations, "__module__": __name__}
    namespace |= {field: strawberry.field(description=text) for field, (_, text) in fields.items()}
    return strawberry.type(type(name, (), namespace), name=name, description=description)


def connection(name: str, node: Any, plural: str) -> type[Any]:
    """The connection type `<name>Connection` with its edge type over `node`; `plural` names the items in words."""
    edge = _named(
        f"{name}Edge",
        f"One item of a page of {plural}.",
        {
            "cursor": (str, "Continues the connection after this item; good for this caller alone."),
            "node": (node | None, "The item."),
        },
    )
    return _named(
        f"{name}Connection",
        f"A page of {plural}, counted after authorisation.",
        {
            "edges": (list[edge], "The items in order."),  # type: ignore[valid-type]
            "page_info": (PageInfo, "Where the page stands."),
            "total_count": (int | None, "How many items the caller may see in all; null where that is not counted."),
        },
    )
