"""All reads of a store held against the model's, by name, so that a failure says which of them differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.ids import PersonId
from domain.links import LinkKind
from graph.opening import GraphStore
from tests.conformance.graph.drawing import CATEGORIES, CLAIMS, HOMES, KEYS, NATIONALS, SEARCHES, SECONDS, instant
from tests.conformance.graph.model import Model


async def differences(
    store: GraphStore, model: Model, asked: Sequence[PersonId], kinds: frozenset[LinkKind], at: int | None
) -> list[str]:
    """The names of the reads that answer otherwise than the model, in content or in order."""
    reader, writer = store.reader, store.writer
    found: dict[str, tuple[Any, Any]] = {
        "households": (await reader.households(HOMES, at), model.households(HOMES, at)),
        "memberships": (await reader.memberships(asked, at), model.memberships(asked, at)),
        "links": (await reader.links(asked, kinds, at), model.links(asked, kinds, at)),
        "records": (await reader.records(asked, CATEGORIES, at), model.records(asked, CATEGORIES, at)),
        "some records": (await reader.records(asked, [15, 0], at), model.records(asked, [15, 0], at)),
    }
    if at is None:
        facts = await reader.facts(asked)
        found |= {
            "sequence": (await reader.sequence(), model.sequence()),
            "sequence at": (
                [await reader.sequence_at(instant(second)) for second in (0, SECONDS // 2, SECONDS - 1)],
                [model.sequence_at(instant(second)) for second in (0, SECONDS // 2, SECONDS - 1)],
            ),
            "owners": (await reader.owners(KEYS), model.owners(KEYS)),
            "find": (await reader.find(NATIONALS), model.find(NATIONALS)),
            "search": (await reader.search(SEARCHES, 2), model.search(SEARCHES, 2)),
            "search of one": (await reader.search(SEARCHES[:1], 9), model.search(SEARCHES[:1], 9)),
            "facts": (facts, model.facts(asked)),
            "order of facts": (list(facts.people), list(model.facts(asked).people)),
            "ties": (await reader.ties(asked, kinds), model.links(asked, kinds).links),
            "lineage": (await reader.lineage(asked), model.lineage(asked)),
            "origins": (await reader.origins(CLAIMS[::-1]), model.origins(CLAIMS[::-1])),
            "former": (await reader.former(asked), model.former(asked)),
            "decisions": (await reader.decisions(asked), model.decisions(asked)),
            "suppressed": (await reader.suppressed(KEYS + NATIONALS), model.suppressed(KEYS + NATIONALS)),
            "claims": (await writer.claims(asked), model.claims(asked)),
            "pending": (await writer.pending(9), tuple(model.outbox)),
            "cursors": ({s: c for s in ("civil", "tax") if (c := await writer.cursor(s))}, model.cursors),
            "scan": ([i async for page in reader.scan(size=2) for i in page], model.scan()),
        }
    return [name for name, (answer, expected) in found.items() if answer != expected]
