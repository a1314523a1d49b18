"""What one request disclosed, gathered as views are built: exactly that becomes the entry."""

from __future__ import annotations

from collections.abc import Iterable

from domain.entries import Act, Reach, Shown
from domain.ids import PersonId
from domain.records.category import Detail


class Notes:
    """Collects (subject, category, fields). Never forgets; what is noted is what the ledger gets."""

    def __init__(self) -> None:
        self._fields: dict[PersonId, dict[str, set[str]]] = {}
        self._detail: dict[tuple[PersonId, str], Detail] = {}
        self._opened: set[PersonId] = set()
        self._attempted: set[PersonId] = set()
        self._acts: set[Act] = set()
        self.told = False
        """Whether the answer tells of somebody visible, if only that there is one: a household, a count."""
        self._refused: set[str] = set()
        self._reviews: set[bytes] = set()

    def shown(self, person: PersonId, reach: Reach) -> None:
        """The caller learns that this person is here; `reach` says whether they asked for them."""
        self._fields.setdefault(person, {})
        self.told = True
        if reach is Reach.OPENED:
            self._opened.add(person)

    def disclosed(self, person: PersonId, category: str, fields: Iterable[str], detail: Detail) -> None:
        """These fields of a category were put into a view, empty ones too."""
        self._fields.setdefault(person, {}).setdefault(category, set()).update(fields)
        self._detail[person, category] = detail

    def attempted(self, persons: Iterable[PersonId]) -> None:
        """These people are here and were reached for; who of them is shown counts as shown."""
        self._attempted.update(persons)

    def did(self, act: Act) -> None:
        """The request searched, or read the log."""
        self._acts.add(act)

    def refused(self, act: str) -> None:
        """The request tried an act (a root field) that its activity does not list."""
        self._refused.add(act)

    def reviewed(self, review: bytes) -> None:
        """The caller learns of this identity review, and of what its row states."""
        self.told = True
        self._reviews.add(review)

    @property
    def reviews(self) -> tuple[str, ...]:
        """Ids (hex) of the reviews shown, ascending."""
        return tuple(sorted(review.hex() for review in self._reviews))

    @property
    def act(self) -> Act:
        """What the request was as a whole: an alteration, a log read or a search where it held one, else a denial if
        something was refused and nobody shown, else a consultation. What was done is not hidden behind what was
        refused.
        """
        for act in (Act.ALTERATION, Act.LOG_READ, Act.SEARCH):
            if act in self._acts:
                return act
        return Act.DENIAL if self._refused and not self.told else Act.CONSULTATION

    def all_shown(self) -> tuple[Shown, ...]:
        """One item for each subject, ascending id."""
        return tuple(
            Shown(
                subject=person,
                reach=Reach.OPENED if person in self._opened else Reach.LISTED,
                categories={
                    name: (self._detail[person, name].value, frozenset(fields))
                    for name, fields in sorted(self._fields[person].items())
                },
            )
            for person in sorted(self._fields)
        )

    def all_refused(self) -> tuple[str, ...]:
        """The acts that were tried and refused, ascending."""
        return tuple(sorted(self._refused))

    def all_attempted(self) -> tuple[PersonId, ...]:
        """Who was reached for and not shown, ascending id."""
        return tuple(sorted(self._attempted - self._fields.keys()))
