"""Pages of a connection, cut after authorisation: what is hidden never counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from domain.wanted import Wanted

T = TypeVar("T")
V = TypeVar("V")


@dataclass(slots=True)
class Edge(Generic[V]):
    """One node and the cursor that continues after it."""

    cursor: str
    node: V


@dataclass(slots=True)
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = False
    has_previous_page: bool = False
    start_cursor: str | None = None
    end_cursor: str | None = None


@dataclass(slots=True)
class Page(Generic[V]):
    """A page of what the caller may see; `total_count` counts that and nothing else (None where it is not counted)."""

    edges: list[Edge[V]] = field(default_factory=list)
    page_info: PageInfo = field(default_factory=PageInfo)
    total_count: int | None = 0


@dataclass(frozen=True, slots=True)
class Cut(Generic[T]):
    """The items of one page with their cursors, before their views are built."""

    items: tuple[tuple[str, T], ...]
    info: PageInfo
    total: int

    def page(self, views: Sequence[V]) -> Page[V]:
        """The page with one view for each item, in order."""
        edges = [Edge(cursor, view) for (cursor, _), view in zip(self.items, views, strict=True)]
        return Page(edges, self.info, self.total)


def cut(
    visible: Sequence[T], first: int, after: bytes | None, key: Callable[[T], bytes], cursor: Callable[[bytes], str]
) -> Cut[T]:
    """The first `first` items after the position `after`.

    `after` is None to begin at the start; a position that is not among the visible items gives the empty page, as a
    made-up one does.
    """
    start = 0
    if after is not None:
        places = [i for i, item in enumerate(visible) if key(item) == after]
        if not places:
            return Cut((), PageInfo(), len(visible))
        start = places[0] + 1
    chosen = visible[start : start + first]
    marked = tuple((cursor(key(item)), item) for item in chosen)
    info = PageInfo(
        has_next_page=start + len(chosen) < len(visible),
        has_previous_page=start > 0 and bool(chosen),
        start_cursor=marked[0][0] if marked else None,
        end_cursor=marked[-1][0] if marked else None,
    )
    return Cut(marked, info, len(visible))


def node_wanted(connection: Wanted) -> Wanted:
    """What a connection's selection asks of its nodes: the union over `edges { node }` under whatever aliases."""
    children: list[Wanted] = []
    for edges in connection.named("edges"):
        for node in edges.named("node"):
            children.extend(node.children)
    return Wanted("node", "node", {}, None, tuple(children))
