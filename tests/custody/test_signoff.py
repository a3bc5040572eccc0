"""Whose word counts for a content: by signature, review, record or merge."""

from datetime import UTC, datetime

import pytest

from git_bill.custody.signoff import Assent, How, Merger, Signer, SignOff, Verdict, assents, signed_text, signoff_file

BLOB, OTHER = "a" * 40, "b" * 40
MIRA = Signer(id="mira", emails=("Mira@example.net",), accounts=("mira",))
JONAS = Signer(id="jonas", emails=("jonas@example.net",), accounts=("jonas-w",), keys=("ssh-ed25519 AAAA",))


def record(by: str, blob: str = BLOB) -> SignOff:
    return SignOff(draft="D-1", blob=blob, by=by, at=datetime(2026, 11, 2, tzinfo=UTC))


def verdicts(*said: tuple[str, str, str | None]) -> list[Verdict]:
    return [Verdict(account=account, verdict=verdict, blob=blob) for account, verdict, blob in said]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {}),
        ({"recorded": [record("mira")]}, {"mira": "record"}),
        ({"recorded": [record("mira", OTHER)]}, {}),
        ({"recorded": [record("jonas")]}, {}),  # who lists keys signs
        ({"recorded": [record("eve")]}, {}),
        ({"signed": frozenset({"jonas"})}, {"jonas": "signature"}),
        ({"signed": frozenset({"eve"})}, {}),
        ({"merger": Merger(email="mira@EXAMPLE.net")}, {"mira": "merge"}),
        ({"merger": Merger(email="jonas@example.net")}, {}),
        ({"merger": Merger(email="mira@example.net", account="eve")}, {}),  # the forge knows better
        ({"merger": Merger(email="bot@ci", account="Jonas-W")}, {"jonas": "merge"}),
        ({"verdicts": verdicts(("MIRA", "approved", BLOB))}, {"mira": "review"}),
        ({"verdicts": verdicts(("mira", "approved", OTHER))}, {}),
        ({"verdicts": verdicts(("mira", "approved", BLOB), ("mira", "commented", None))}, {"mira": "review"}),
        ({"verdicts": verdicts(("mira", "approved", BLOB), ("mira", "changes-requested", None))}, {}),
        ({"verdicts": verdicts(("mira", "approved", BLOB), ("mira", "dismissed", BLOB))}, {}),
        ({"verdicts": verdicts(("mira", "approved", BLOB), ("mira", "approved", OTHER))}, {}),
        ({"verdicts": verdicts(("mira", "dismissed", BLOB), ("mira", "approved", BLOB))}, {"mira": "review"}),
        ({"verdicts": verdicts(("mira", "approved", BLOB)), "recorded": [record("mira")]}, {"mira": "review"}),
    ],
)
def test_a_word_counts_once_and_for_this_content(given: dict[str, object], expected: dict[str, How]) -> None:
    found = assents(BLOB, [MIRA, JONAS], **given)  # type: ignore[arg-type]
    assert found == tuple(Assent(by=by, how=how) for by, how in expected.items())


def test_what_is_signed_and_where_it_is_kept() -> None:
    assert signed_text(BLOB) == BLOB.encode() + b"\n"
    assert signoff_file("D-1", "mira", "sig") == "billing/signoffs/D-1/mira.sig"
