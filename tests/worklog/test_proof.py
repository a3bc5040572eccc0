"""What proves who made a commit, by the keys that are listed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from git_bill.worklog.evidence import Evidence
from git_bill.worklog.proof import Holder, Signed, judged, signature, standing, unsigned

AT = datetime(2026, 10, 5, 23, tzinfo=UTC)
HOLDERS = {"SHA256:mira": Holder(contributor="mira"), "SHA256:jo": Holder(contributor="jo")}
COMMIT = Evidence(key="a" * 40, kind="commit", source="shop", contributor="mira", at=AT, minutes=60)
SIGNED = signature(COMMIT, Signed(by="mira", fingerprint="SHA256:mira"))


def verdict(*records: Evidence, holders: "dict[str, Holder] | None" = None) -> list[tuple[str, bool]]:
    found = judged(records, {"shop"}, HOLDERS if holders is None else holders)
    return [(record.contributor, record.proven) for record in found]


def test_a_signature_of_its_contributor_proves_a_commit_whatever_its_committer() -> None:
    assert verdict(COMMIT) == [("mira", False)]
    assert verdict(COMMIT, SIGNED) == [("mira", True)]
    assert verdict(SIGNED, replace(COMMIT, proven=False)) == [("mira", True)]
    assert verdict(COMMIT, replace(SIGNED, text="SHA256:jo")) == [("mira", False)]
    assert verdict(COMMIT, replace(SIGNED, source="other")) == [("mira", False)]
    assert verdict(COMMIT, SIGNED, holders={}) == [("mira", False)]


def test_sources_that_do_not_ask_are_left_as_they_are() -> None:
    other = replace(COMMIT, source="other", together=("jo",))
    assert judged([other, replace(SIGNED, source="other")], {"shop"}, HOLDERS) == (other,)


def test_who_is_named_beside_the_author_is_unproven_and_states_nothing() -> None:
    mine, hers = judged([replace(COMMIT, together=("jo",)), SIGNED], {"shop"}, HOLDERS)
    assert (mine.proven, mine.together, mine.minutes) == (True, (), 60)
    assert (hers.key, hers.contributor, hers.proven, hers.minutes) == (f"{COMMIT.key}+jo", "jo", False, None)
    assert verdict(replace(COMMIT, key=f"{COMMIT.key}+mira"), SIGNED) == [("mira", False)]


@pytest.mark.parametrize(
    ("first", "last", "committed", "proven"),
    [
        (None, None, None, True),
        (date(2026, 10, 5), date(2026, 10, 5), None, True),
        (date(2026, 10, 6), None, None, False),
        (None, date(2026, 10, 4), None, False),
        (None, date(2026, 10, 5), datetime(2026, 10, 6, 1, tzinfo=UTC), False),
    ],
)
def test_a_key_counts_while_its_holder_serves(
    first: date | None, last: date | None, committed: datetime | None, proven: bool
) -> None:
    holders = {"SHA256:mira": Holder(contributor="mira", first=first, last=last)}
    assert verdict(replace(COMMIT, committed=committed), SIGNED, holders=holders) == [("mira", proven)]


def test_other_kinds_prove_nothing_but_the_forges_and_this_machines_word_stays() -> None:
    kinds = ("pull", "review", "ticket", "visit", "rewrite", "timer")
    found = {r.kind: r.proven for r in judged([replace(COMMIT, kind=kind) for kind in kinds], {"shop"}, HOLDERS)}
    assert found == {**dict.fromkeys(kinds, True), "timer": False}
    assert judged([replace(COMMIT, kind="note")], {"shop"}, HOLDERS) == ()


def test_what_waits_for_a_signature() -> None:
    both = replace(COMMIT, key=f"{'b' * 40}+mira")
    assert unsigned([COMMIT, both, replace(COMMIT, kind="pull", key="c")]) == (COMMIT,)
    assert unsigned([COMMIT, SIGNED]) == ()


def test_each_standing_is_a_statement() -> None:
    names = {"mira": "Mira", "jo": "Jo"}
    over = {"SHA256:mira": Holder(contributor="mira", last=date(2026, 10, 1))}
    assert standing(None, COMMIT, HOLDERS, names).startswith("no listed key of Mira has signed it")
    assert standing("SHA256:gone", COMMIT, HOLDERS, names).endswith("is not listed any more")
    assert standing("SHA256:jo", COMMIT, HOLDERS, names) == "Jo has signed it and not Mira"
    assert standing("SHA256:mira", COMMIT, over, names).startswith("Mira signed it on a day outside")
    assert standing("SHA256:mira", COMMIT, HOLDERS, names) == "signed by Mira with the key SHA256:mira"
