"""From verified claims to the Principal that the rest of the hub knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from domain.ids import KeyHash
from domain.iin import is_valid
from domain.principals import Principal, RoleName
from signin.claims import Claims
from signin.refusal import unauthenticated

HashNational = Callable[[str], KeyHash]
"""Keyed hash of a national id (`vault.hashing.Hasher.national`)."""


NEVER_BARRED = frozenset({RoleName.PRIVACY_OFFICER})
"""Roles that read about nobody by name, so that nobody's file is kept from them by who they are."""


def principal_of(
    claims: Claims, sectors: Mapping[str, str], hash_national: HashNational, *, require_person: bool = True
) -> Principal:
    """The principal of verified claims.

    Who acts is `act.sub` on behalf of `sub` where the token holds `act` (RFC 8693, section 4.1), else `sub`; the
    national id is that of who acts, for they are the ones who see. It becomes a keyed hash here and is dropped. The
    sector (agencies that share outward ids) comes from the settings by agency, never from the token; an agency that no
    sector names is a sector of its own.
    `require_person`: a token without a national id is refused, for who its holder is cannot be told, so that they could
    not be barred from the file of their own family. Raises Refused for that, for an unknown role and for a national id
    that is none.
    """
    try:
        role = RoleName(claims.role)
    except ValueError:
        raise unauthenticated("unknown role") from None
    actor, national_id = claims.sub, claims.national_id
    if claims.act is not None:
        actor, national_id = claims.act.sub, claims.act.national_id
    if any(stated is not None and not is_valid(stated) for stated in (claims.national_id, national_id)):
        raise unauthenticated("national id is none")
    if require_person and national_id is None and role not in NEVER_BARRED:
        raise unauthenticated("no national id")
    return Principal(
        actor=actor,
        role=role,
        agency=claims.agency,
        sector=sectors.get(claims.agency, claims.agency),
        unit=claims.unit,
        region=claims.region,
        client=claims.client_id,
        token_id=claims.jti,
        activities=frozenset(claims.activities),
        national=None if national_id is None else hash_national(national_id),
        human=claims.actor_kind == "human",
        expires=datetime.fromtimestamp(claims.exp, UTC),
        acting_for=None if claims.act is None else claims.sub,
    )
