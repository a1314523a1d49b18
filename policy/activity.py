"""Activities: the registered processings that a request may name, read strictly from `policy/activities/*.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

import msgspec

from domain.errors import Broken
from domain.principals import RoleName
from domain.records.catalogue import ACCESS_LOG, BY_NAME, CONTACT
from domain.records.category import Detail
from domain.texts import Language
from policy.strict_yaml import load_once

ACTIVITIES = Path(__file__).parent / "activities"
_LARGEST = 64 * 1024


class Actor(StrEnum):
    """Who may act under an activity: a human being over HTTP, or a scheduled job."""

    HUMAN = "human"
    JOB = "job"


class Know(StrEnum):
    """How far *knowing that a person is here* reaches. LOG: knows nobody, reads entries only. REVIEW: knows whom the
    identity reviews that a request opens are about."""

    REGION = "region"
    CASE = "case"
    WALK = "walk"
    ACCOUNT = "account"
    LOG = "log"
    REVIEW = "review"


class Reach(StrEnum):
    """How far a category reaches; `policy/rules/never.cedar` says what each means.

    ACCOUNT: the owner and minors in the owner's care; ACCOUNT_HOUSEHOLD: everyone in the owner's household too.
    ACCOUNT_HOME: as that, but minors in the owner's care only while they live with the owner or at their address.
    """

    REGION = "region"
    CASE = "case"
    WALK = "walk"
    ACCOUNT = "account"
    ACCOUNT_HOUSEHOLD = "account-household"
    ACCOUNT_HOME = "account-home"
    REVIEW = "review"


class RootRead(StrEnum):
    """The acts: what stands at the root of a request, reads and alterations."""

    ME = "me"
    PERSON = "person"
    FIND_PERSON = "find_person"
    HOUSEHOLD = "household"
    KIN = "kin"
    KIN_PATH = "kin_path"
    ACCESS_LOG = "access_log"
    MY_ACCESS_LOG = "my_access_log"
    IDENTITY_REVIEWS = "identity_reviews"
    RESOLVE_IDENTITY = "resolve_identity"
    IDENTITY_BLAST_RADIUS = "identity_blast_radius"


WITHIN: Mapping[Know, frozenset[Reach]] = MappingProxyType(
    {
        Know.REGION: frozenset({Reach.REGION, Reach.CASE}),
        Know.CASE: frozenset({Reach.CASE}),
        Know.WALK: frozenset({Reach.WALK, Reach.CASE}),
        Know.ACCOUNT: frozenset({Reach.ACCOUNT, Reach.ACCOUNT_HOUSEHOLD, Reach.ACCOUNT_HOME}),
        Know.LOG: frozenset(),
        Know.REVIEW: frozenset({Reach.REVIEW}),
    }
)
"""The reaches a category may have: never wider than knowing that the person is here."""


_REVIEWING = frozenset({RootRead.IDENTITY_REVIEWS, RootRead.RESOLVE_IDENTITY})

GRANTABLE = BY_NAME.keys() - {ACCESS_LOG.name, CONTACT.name}
"""The categories that a file may list. The other two are words of the ledger for what acts and `cleared` disclose."""


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text for people: its key, and the text in Kazakh, Russian and English."""

    key: str
    kk: str
    ru: str
    en: str

    def told(self, language: Language) -> str:
        """The text in a language."""
        texts = {Language.KK: self.kk, Language.RU: self.ru, Language.EN: self.en}
        return texts[language].strip()


class Requires(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a request under the activity must bring."""

    case: bool
    warrant: bool


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One category of an activity: how much of it, and how far."""

    detail: Detail
    reach: Reach


class Activity(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One registered processing. Everything in it is public.

    `protective`: the officers named on its cases are the named ones of address protection; under `know: review`, the
    stewards who may know of protected people that a review is about. `cleared`: its readers are
    told that a location is withheld and whom to contact, where others just miss it; it decides nothing. `quiet`: its
    entries appear in no family account. `purpose` is the activity's own, `broader` the DPV purpose it falls under
    (https://w3id.org/dpv). `basis` names the law, `retention` says how long entries are kept.
    """

    name: str = msgspec.field(name="activity")
    title: Text
    description: Text
    role: RoleName
    actor: Actor
    requires: Requires
    know: Know
    cleared: bool
    protective: bool
    quiet: bool
    acts: tuple[RootRead, ...]
    categories: dict[str, Line]
    purpose: str
    broader: str
    basis: str
    controllers: tuple[str, ...]
    recipients: tuple[str, ...]
    retention: str

    @property
    def account(self) -> bool:
        """Whether this is a family account rather than an officer's activity."""
        return self.know is Know.ACCOUNT


def load_activities(folder: Path = ACTIVITIES) -> Mapping[str, Activity]:
    """The activities of a folder by name, in order of name. Raises Broken: a hub with a doubtful file does not start.

    Refused: unknown keys or categories, a name that differs from the file's, a category that reaches further than
    *know*, and combinations that no rule was written for (see `_fault`).
    """
    found: dict[str, Activity] = {}
    for path in sorted(folder.glob("*.yaml")):
        found[path.stem] = parse_activity(path.stem, path.read_bytes())
    if not found:
        raise Broken(cause="no activity files")
    return MappingProxyType(found)


def parse_activity(stem: str, content: bytes) -> Activity:
    """One activity from the bytes of the file `stem`.yaml. Raises Broken."""
    if len(content) > _LARGEST:
        raise Broken(cause=f"activity file {stem} is too large")
    try:
        activity = msgspec.convert(load_once(content), type=Activity, strict=True)
    except msgspec.ValidationError as error:
        raise Broken(cause=f"activity file {stem}: {error}") from error
    fault = _fault(stem, activity)
    if fault is not None:
        raise Broken(cause=f"activity file {stem}: {fault}")
    return activity


def _fault(stem: str, activity: Activity) -> str | None:
    """What is wrong with an activity that has the right shape, or None."""
    wider = [name for name, line in activity.categories.items() if line.reach not in WITHIN[activity.know]]
    faults = {
        "name differs from the file's": activity.name != stem,
        "unknown category": not activity.categories.keys() <= GRANTABLE,
        "a category reaches further than know": bool(wider),
        "a category listed with detail none": any(d.detail is Detail.NONE for d in activity.categories.values()),
        "an act is listed twice": len(set(activity.acts)) != len(activity.acts),
        "a warrant without a case": activity.requires.warrant and not activity.requires.case,
        "a walk without a warrant": (activity.know is Know.WALK) != activity.requires.warrant,
        "a case reach without a case": _needs_case(activity) and not activity.requires.case,
        "protective without a case": activity.protective and not (activity.requires.case or _reviews(activity)),
        "protected reviews in the open": _reviews(activity) and len({activity.protective, activity.quiet}) > 1,
        "a quiet family account": activity.account and (activity.quiet or activity.protective or activity.cleared),
        "account and role differ": activity.account != (activity.role is RoleName.FAMILY_MEMBER),
        "the officers' log in an account": activity.account and RootRead.ACCESS_LOG in activity.acts,
        "reviews without knowing whom": bool(_REVIEWING & set(activity.acts)) and not _reviews(activity),
        "an own log outside an account": not activity.account and RootRead.MY_ACCESS_LOG in activity.acts,
    }
    return next((fault for fault, holds in faults.items() if holds), None)


def _reviews(activity: Activity) -> bool:
    return activity.know is Know.REVIEW


def _needs_case(activity: Activity) -> bool:
    """Whether something of the activity is only ever met on a case."""
    return activity.know is Know.CASE or any(line.reach is Reach.CASE for line in activity.categories.values())
