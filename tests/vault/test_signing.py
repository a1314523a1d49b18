"""Signed notes: the published example verifies, ours verify, altered ones do not."""

from __future__ import annotations

import pytest

from domain.errors import Broken, Invalid
from tests.vault.rings import ring
from vault.signing import open_note

# The example in the documentation of Go's golang.org/x/mod/sumdb/note.
KNOWN_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
KNOWN_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
KNOWN_NOTE = (
    KNOWN_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
TEXT = "kindred/ledger\n3\nAAAA\n"


def test_the_published_example_verifies() -> None:
    assert open_note(KNOWN_NOTE, KNOWN_VERIFIER) == KNOWN_TEXT


def test_a_note_of_ours_verifies_and_an_altered_one_does_not() -> None:
    signer = ring().signer()
    note = signer.sign(TEXT)
    assert open_note(note, signer.verifier) == TEXT
    for broken in (note.replace("3", "4", 1), note[:-1], note.replace("\n\n", "\n"), "", TEXT, "x" + note):
        with pytest.raises(Broken):
            open_note(broken, signer.verifier)
    with pytest.raises(Broken):
        open_note(note, ring("others").signer().verifier)
    with pytest.raises(Broken):
        open_note(note, ring().signer("another/log").verifier)


def test_a_witness_may_add_a_line() -> None:
    signer, witness = ring().signer(), ring("witness").signer("witness")
    line = witness.sign(TEXT).removeprefix(TEXT + "\n")
    for note in (signer.sign(TEXT) + line, TEXT + "\n" + line + signer.sign(TEXT).removeprefix(TEXT + "\n")):
        assert open_note(note, signer.verifier) == TEXT
        assert open_note(note, witness.verifier) == TEXT


@pytest.mark.parametrize("text", ["no newline", "", "tab\there\n", "\ud800\n", "nul\x00\n"])
def test_what_no_note_can_hold_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        ring().signer().sign(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b"])
def test_bad_names_are_refused(name: str) -> None:
    with pytest.raises(Invalid):
        ring().signer(name)


@pytest.mark.parametrize("verifier", ["", "a+b", "a+00000000+AAAA", KNOWN_VERIFIER.replace("c74f", "c74e"), "é+1+é"])
def test_bad_verifiers_are_refused(verifier: str) -> None:
    with pytest.raises(Invalid):
        open_note(KNOWN_NOTE, verifier)
