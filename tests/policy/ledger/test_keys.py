"""Keys that did not sign a log are refused before they write to it; a log that is gone is never begun anew unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import Invalid, Unavailable
from policy.ledger.auditing import verify_store
from policy.ledger.export import export_ledger
from policy.ledger.judging import Outcome
from policy.ledger.opening import ledger_is_there, open_ledger
from tests.policy.ledger.making import entry, opened, ring, shown


async def test_other_keys_are_refused_and_leave_the_log_as_it_was(url: str, tmp_path: Path) -> None:
    own = opened(url)
    own.write_public_key(tmp_path / "key")
    await own.append(entry(1, shown(5)))
    await own.close()
    with pytest.raises(Invalid) as refused:
        open_ledger(url, ring("other"))
    assert refused.value.field == "KINDRED_KEYS"
    with pytest.raises(Invalid):
        export_ledger(url, ring("other"), tmp_path / "export")
    assert verify_store(url, (tmp_path / "key").read_text()).outcome is Outcome.INTACT
    again = opened(url)
    assert (await again.append(entry(2, shown(5)))).index > 0
    await again.close()


def test_an_export_of_nothing_makes_no_log(url: str, tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        export_ledger(url, ring(), tmp_path / "export")
    assert not ledger_is_there(url) and not (tmp_path / "export").exists()
