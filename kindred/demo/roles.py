"""One reader of each role: token, activity, case, and a query that shows what the role is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.ids import SourceKey
from domain.principals import RoleName
from signin.issuer import DevelopmentIssuer
from vault.key_ring import KeyRing

LIFETIME = timedelta(hours=8)
FAMILY_AGENCY = "family-accounts"
_NOBODY = "PR-nobody"

CARD = """query FamilyCard($id: ID!) {
  person(id: $id) {
    id
    name { surname givenName patronymic }
    households {
      id
      members(first: 20) {
        totalCount
        edges { node { role person {
          id
          name { surname givenName }
          identity { birthDate sex }
          residence { region locality street house flat since until }
          employment { employer position since }
          income { month amount }
          healthCover { insured payor }
        } } }
      }
    }
  }
}"""
_NEED = """query Need($id: ID!) {
  person(id: $id) {
    name { surname givenName }
    identity { birthYear }
    income { month incomeBand }
    disability { group sinceYear }
    households { members { totalCount edges { node { role person { name { surname givenName } } } } } }
  }
}"""
_KIN = """query Kin($id: ID!) {
  kin(of: $id, depth: 4, first: 50) {
    totalCount
    edges { node { degree relation person { id name { surname givenName } identity { birthDate } } } }
  }
}"""
_RESPONSE = """query Response($id: ID!) {
  person(id: $id) {
    id
    contactUnit
    name { surname givenName }
    residence { region locality street house flat since until }
    households { members { totalCount edges { node { role person { name { surname givenName } } } } } }
  }
}"""
_REVIEW = """{
  accessLog(first: 20) {
    edges { node { at actor agency activity case decision reason subjects { person reach categories { name } } } }
  }
}"""
_OWN = """{
  me { person {
    name { surname givenName patronymic }
    identity { birthDate nationalId }
    residence { region locality street house flat since until }
    households { members { edges { node { role person { name { surname givenName } } } } } }
  } }
  myAccessLog(first: 10) { edges { node { at actor agency activity purpose basis } } }
}"""

_QUERIES: Mapping[RoleName, tuple[str, str]] = {
    RoleName.CASEWORKER: ("family-card-review", CARD),
    RoleName.BENEFITS_OFFICER: ("benefit-eligibility", _NEED),
    RoleName.INVESTIGATOR: ("child-protection", _KIN),
    RoleName.DV_UNIT: ("dv-response", _RESPONSE),
    RoleName.PRIVACY_OFFICER: ("log-review", _REVIEW),
    RoleName.FAMILY_MEMBER: ("subject-access", _OWN),
}
"""Role → the activity that its token allows, and its query."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The country's sample people: its sample.json, and the record id of whom the benefits case is about."""

    file: Mapping[str, Any]
    benefits: str

    def record_of(self, role: RoleName) -> str | None:
        """The register's number of the person that a role's query is about."""
        return {
            RoleName.CASEWORKER: self.file["family"]["head"]["recordId"],
            RoleName.BENEFITS_OFFICER: self.benefits,
            RoleName.INVESTIGATOR: self.file["investigated"]["recordId"],
            RoleName.DV_UNIT: self.file["people"]["protected"]["recordId"],
        }.get(role)


class Readers:
    """Mints tokens and ids for the sample's readers."""

    def __init__(self, ring: KeyRing, issuer: DevelopmentIssuer, sample: Sample) -> None:
        self._ring = ring
        self._issuer = issuer
        self._sample = sample

    def roles(self, now: datetime) -> dict[str, dict[str, Any]]:
        """Each role's token, activity, case, query and variables, as demo.json holds them."""
        return {role.value: self._role(role, now) for role in _QUERIES}

    def _role(self, role: RoleName, now: datetime) -> dict[str, Any]:
        activity, query = _QUERIES[role]
        record = self._sample.record_of(role)
        return {
            "token": self._token(role, activity, now),
            "activity": activity,
            "case": self._sample.file["cases"].get(role.value),
            "query": query,
            "variables": {} if record is None else {"id": self._id(role, record)},
        }

    def _token(self, role: RoleName, activity: str, now: datetime) -> str:
        officer = self._sample.file["officers"].get(role.value)
        if officer is None:
            own = self._sample.file["family_member"]
            officer = {"actor": "family-member", "agency": FAMILY_AGENCY, "iin": own["iin"]}
        return self._issuer.issue(
            actor=officer["actor"],
            role=role,
            agency=officer["agency"],
            activities=[activity],
            now=now,
            lifetime=LIFETIME,
            unit=officer.get("unit"),
            region=officer.get("region"),
            person=officer["iin"],
        )

    def people(self) -> dict[str, dict[str, Any]]:
        """The sample people with their ids in each role's sector; nobody's ids decrypt and name no one."""
        return {
            name: {
                "iin": person["iin"],
                "ids": {role.value: self._id(role, person.get("recordId", _NOBODY)) for role in _QUERIES},
            }
            for name, person in self._sample.file["people"].items()
        }

    def _id(self, role: RoleName, record: str) -> str:
        """A person's id in a role's sector. The register founds everyone in it, so the number follows from its key."""
        officer = self._sample.file["officers"].get(role.value)
        sector = FAMILY_AGENCY if officer is None else officer["agency"]
        founded = self._ring.hasher.founding(SourceKey("population", record))
        return self._ring.outward(sector).encode("P", founded)
