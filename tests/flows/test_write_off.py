"""Who signed a merged write-off off: the forge tells, else git's authors; a line in the file never does."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.flows.shelf import SETTINGS
from tests.flows.till import Bureau, bureau
from tests.repositories import live_in, run
from tests.twins.forge import MemoryForge

from git_bill.flows.proposals import propose_write_off
from git_bill.forge import PullRequest
from git_bill.money import Money
from git_bill.receivable.payment import WriteOff

PEOPLE = (
    SETTINGS.replace('roles = ["owner"]', 'roles = ["owner"]\naccounts = ["mira"]')
    + """
[[contributors]]
id = "jonas"
name = "Jonas"
emails = ["jonas@example.net"]
timezone = "Europe/Berlin"
roles = ["approver"]
accounts = ["jonas-h"]

[[contributors]]
id = "tom"
name = "Tom"
emails = ["tom@example.net"]
timezone = "Europe/Berlin"
accounts = ["tom"]

[guardrails]
sign_off_above = "100.00 EUR"
sign_offs = 2
"""
)
JONAS = ("-c", "user.name=Jonas", "-c", "user.email=jonas@example.net")


@pytest.fixture
def mira(tmp_path: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """226.10 EUR that two people must give up together."""
    live_in(environment, monkeypatch)
    made = bureau(tmp_path / "books", "2")
    made.shelf.put({"billing/billing.toml": PEOPLE})
    top = made.shelf.top
    made.forge = MemoryForge(
        head=lambda branch: run(top, "rev-parse", branch),
        blob=lambda commit, path: run(top, "rev-parse", f"{commit}:{path}"),
        account="mira",
    )
    return made


def proposed(mira: Bureau) -> PullRequest:
    """Mira proposes it; her own token opens the pull request."""
    lost = WriteOff(
        id="O-aaaaaaaaaaaa",
        invoice="INV-2026-0032",
        amount=Money.parse("226.10 EUR"),
        as_="uncollectable",
        because="gone",
        on=mira.clock.day,
        by="mira",
        at=mira.clock.now(),
    )
    _, pull, _ = mira.run(propose_write_off(mira.books, mira.clock, mira.forge, lost))
    assert pull is not None
    return pull


def merge(mira: Bureau, pull: PullRequest, by: str, *me: str, squash: bool = True) -> None:
    """Somebody merges on the forge; git's author of the commit is `me`. Squashed, the branch's commits are gone."""
    top, forge = mira.shelf.top, mira.forge
    assert isinstance(forge, MemoryForge)
    if squash:
        run(top, *me, "merge", "-q", "--squash", pull.branch)
        run(top, *me, "commit", "-qm", "Merge it")
    else:
        run(top, *me, "merge", "-q", "--no-ff", "-m", "Merge it", pull.branch)
    forge.merge(pull.number, by=by, merged_as=run(top, "rev-parse", "HEAD"))
    if squash:
        run(top, "branch", "-D", pull.branch)


@pytest.mark.parametrize("squash", [True, False])
def test_who_opened_and_who_merged_the_pull_request(mira: Bureau, *, squash: bool) -> None:
    merge(mira, proposed(mira), "jonas-h", squash=squash)
    [lost] = mira.reconcile().written_off
    assert lost.by == "jonas, mira"
    assert mira.open() == "0.00 EUR"


def test_a_review_is_a_word_too(mira: Bureau) -> None:
    pull = proposed(mira)
    assert isinstance(mira.forge, MemoryForge)
    mira.forge.review(pull.number, "jonas-h")
    merge(mira, pull, "mira")
    assert [each.by for each in mira.reconcile().written_off] == ["jonas, mira"]


@pytest.mark.parametrize("by", ["mira", "tom", "somebody"])
def test_his_name_on_a_commit_is_not_his_word(mira: Bureau, by: str) -> None:
    merge(mira, proposed(mira), by, *JONAS)
    found = mira.reconcile()
    assert (found.written_off, [each.rule for each in found.problems]) == ((), ["no-sign-off"])
    assert mira.open() == "226.10 EUR"


def test_while_the_forge_is_away_it_waits(mira: Bureau) -> None:
    merge(mira, proposed(mira), "jonas-h")
    assert isinstance(mira.forge, MemoryForge)
    mira.forge.away = True
    assert mira.reconcile().written_off == ()
    mira.forge.away = False
    assert [each.by for each in mira.reconcile().written_off] == ["jonas, mira"]
