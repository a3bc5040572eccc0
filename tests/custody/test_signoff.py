"""Whose word counts for a content: by signature, review, record or merge."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from git_bill.custody.signoff import Assent, How, Merger, Signer, SignOff, Verdict, assents, signed_text, signoff_file

DAY = datetime(2026, 11, 2, 12, tzinfo=UTC)
BLOB, OTHER = "a" * 40, "b" * 40
MIRA = Signer(id="mira", emails=("Mira@example.net",), accounts=("mira",))
JONAS = Signer(id="jonas", emails=("jonas@example.net",), accounts=("jonas-w",), keys=("ssh-ed25519 AAAA",))


def record(by: str, blob: str = BLOB) -> SignOff:
    return SignOff(draft="D-1", blob=blob, by=by, at=DAY)


def verdicts(*said: tuple[str, str, str | None]) -> list[Verdict]:
    at = enumerate(said)
    return [Verdict(account=a, verdict=v, blob=b, at=DAY + timedelta(minutes=n)) for n, (a, v, b) in at]  # type: ignore[arg-type]


def merger(email: str, account: str | None = None) -> Merger:
    return Merger(email=email, account=account, at=DAY)


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
        ({"merger": merger("mira@EXAMPLE.net")}, {"mira": "merge"}),
        ({"merger": merger("jonas@example.net")}, {}),
        ({"merger": merger("mira@example.net", "eve")}, {}),  # the forge knows better
        ({"merger": merger("bot@ci", "Jonas-W")}, {"jonas": "merge"}),
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


@pytest.mark.parametrize(
    ("first", "last", "counts"),
    [
        (None, date(2026, 11, 2), True),
        (None, date(2026, 11, 1), False),
        (date(2026, 11, 2), None, True),
        (date(2026, 11, 3), None, False),
    ],
)
@pytest.mark.parametrize(
    "given",
    [
        {"recorded": [record("mira")]},
        {"merger": merger("mira@example.net")},
        {"merger": merger("bot@ci", "mira")},
        {"verdicts": verdicts(("mira", "approved", BLOB))},
    ],
)
def test_a_word_counts_while_the_person_is_in_the_role(
    given: dict[str, object], first: date | None, last: date | None, counts: bool
) -> None:
    assert bool(assents(BLOB, [replace(MIRA, from_=first, until=last)], **given)) == counts  # type: ignore[arg-type]


def test_what_is_signed_and_where_it_is_kept() -> None:
    assert signed_text(BLOB) == BLOB.encode() + b"\n"
    assert signoff_file("D-1", "mira", "sig") == "billing/signoffs/D-1/mira.sig"
