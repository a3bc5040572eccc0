"""Whose word lets a draft be issued: on the merged blob, by reviews, signatures, records and merges that count."""

from collections.abc import Callable

import pytest
from tests.flows.office import (
    GUARDED,
    JONAS,
    MALLORY,
    MIRA,
    NAME,
    WITH_ACCOUNTS,
    KeyedBy,
    Office,
)
from tests.flows.shelf import SETTINGS
from tests.laws.bureau import VAT
from tests.twins.books import Method

from git_bill.custody.ledger import read
from git_bill.flows import load
from git_bill.flows.merge import merge
from git_bill.layout import draft_branch, ledger_file

KEY = "ssh-ed25519 AAAAmira"
KEYED = WITH_ACCOUNTS.replace('roles = ["owner"]\n', f'roles = ["owner"]\nkeys = ["{KEY}"]\n')
TWO = GUARDED + "sign_offs = 2\n" + JONAS


def facts(office: Office) -> dict[str, object]:
    """What the ledger says of the invoice."""
    tip = office.books.at(office.books.tip() or "")
    files = load.ledger(tip)
    records, _ = read(files, {year: ledger_file(year) for year in files})
    return next(dict(record.facts) for record in records if record.kind == "issue")


def merged(office: Office, by: str = "mira", *, how: Method = "merge") -> None:
    office.forge.merge(1, by=by, how=how)


def reviewed_then_changed(office: Office) -> None:
    office.forge.review(1, "jonas")
    office.edit_draft(note="Thank you")
    merged(office)


def approved_then_objected(office: Office) -> None:
    office.forge.review(1, "jonas")
    office.forge.review(1, "jonas", "dismissed")
    merged(office)


def reviewed(office: Office) -> None:
    office.forge.review(1, "jonas")
    merged(office, how="squash")


def reviewed_by_case(office: Office) -> None:
    office.forge.review(1, "JONAS")
    merged(office)


def reviewed_by_nobody_known(office: Office) -> None:
    office.forge.review(1, "someone")
    merged(office)


def recorded(office: Office) -> None:
    office.approve("jonas")
    merged(office)


def recorded_after_the_merge(office: Office) -> None:
    merged(office)
    office.approve("jonas")


MISSING = {"sign-off-missing"}


@pytest.mark.parametrize(
    ("happens", "errors", "how"),
    [
        (merged, MISSING, None),
        (reviewed, set(), {"jonas": "review", "mira": "merge"}),
        (reviewed_by_case, set(), {"jonas": "review", "mira": "merge"}),
        (reviewed_by_nobody_known, MISSING, None),
        (reviewed_then_changed, MISSING, None),
        (approved_then_objected, MISSING, None),
        (recorded, set(), {"jonas": "record", "mira": "merge"}),
        (recorded_after_the_merge, set(), {"jonas": "record", "mira": "merge"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_two_sign_offs_of_one_content(
    happens: Callable[[Office], None], errors: set[str], how: dict[str, str] | None
) -> None:
    office = Office(settings=WITH_ACCOUNTS + TWO)
    office.drafted()
    happens(office)
    assert office.rules() == errors
    if how is not None:
        assert facts(office)["sign_offs"] == how


@pytest.mark.parametrize(
    ("settings", "on_forge", "enough"),
    [
        (WITH_ACCOUNTS + GUARDED, False, True),
        (WITH_ACCOUNTS + TWO, False, False),
        (KEYED + GUARDED, False, False),  # her merge is an e-mail, which anyone can write
        (KEYED + GUARDED, True, True),
    ],
)
def test_what_a_merge_can_not_give_is_told_before_it(settings: str, on_forge: bool, enough: bool) -> None:
    office = Office(settings=settings, on_forge=on_forge)
    office.drafted()
    told = office.check()
    assert ("sign-off-missing" in told) == (not enough)
    if not enough:
        assert told["sign-off-missing"].severity == "warning"
        flow = merge(office.books, office.bureau.clock, VAT, NAME, by="mira", witnesses=office.witnesses)
        refused = office.do(flow)
        assert refused is not None
        assert {problem.rule for problem in refused.problems if problem.severity == "error"} == MISSING
        assert office.books.at(office.books.tip() or "").paths("billing/drafts") == ()


@pytest.mark.parametrize(
    ("settings", "how"),
    [
        *((settings, how) for settings in (SETTINGS, WITH_ACCOUNTS) for how in ("merge", "squash")),
        (WITH_ACCOUNTS, "rebase"),  # its commits name who wrote them: without accounts nobody knows who merged
    ],
)
@pytest.mark.parametrize("guards", ["", GUARDED])
def test_merging_is_enough_for_who_is_alone(settings: str, how: Method, guards: str) -> None:
    office = Office(settings=settings + guards)
    office.drafted()
    merged(office, how=how)
    assert office.rules() == set()
    assert facts(office)["sign_offs"] == {"mira": "merge"}
    assert facts(office)["approved_by"] == "mira"


@pytest.mark.parametrize("account", ["alice", "someone"])
def test_a_merge_by_an_account_that_may_not_needs_a_sign_off(account: str) -> None:
    """Even without guardrails; the e-mail of the merge, which says Mira here, is no excuse."""
    office = Office()
    office.drafted()
    merged(office, by=account)
    assert office.rules() == MISSING
    office.approve()
    assert office.rules() == set()
    assert facts(office)["sign_offs"] == {"mira": "record"}


def test_what_was_changed_after_the_merge_is_not_what_was_merged() -> None:
    office = Office(settings=WITH_ACCOUNTS + GUARDED)
    office.drafted()
    merged(office)
    path = f"billing/drafts/{NAME}.toml"
    office.commit({path: office.text(path).replace("[tax]", "[tax]") + "# later\n"}, MALLORY)
    assert office.rules() == MISSING


def test_who_lists_keys_is_believed_by_signature_and_not_by_mail() -> None:
    office = Office(settings=KEYED.replace('accounts = ["mira"]\n', "") + GUARDED, on_forge=False)
    office.drafted()
    office.books.merge(f"bill/{NAME}")
    assert office.rules() == MISSING
    office.signatures = KeyedBy(own="ssh-ed25519 AAAAmallory")
    office.approve()
    assert office.rules() == MISSING
    found = office.check()
    assert "by a key that mira does not list" in found["signature-invalid"].message
    assert found["sign-off-missing"].severity == "error"
    office.signatures = KeyedBy(own=KEY)
    office.approve()
    assert office.rules() == set()
    assert facts(office)["sign_offs"] == {"mira": "signature"}
    assert any(path.endswith("/mira.sig") for path in office.books.store.files)


def test_who_lists_keys_is_believed_by_the_forge() -> None:
    office = Office(settings=KEYED + GUARDED)
    office.drafted()
    merged(office)
    assert office.rules() == set()


def test_a_key_on_the_branch_under_review_is_none() -> None:
    office = Office(settings=WITH_ACCOUNTS + TWO)
    office.drafted()
    branch = draft_branch(NAME)
    office.commit({"billing/billing.toml": office.text("billing/billing.toml").replace("jonas", "eve")}, branch=branch)
    office.forge.review(1, "eve")
    office.present()
    status = office.forge.status(office.books.store.branches[branch], "git-bill/sign-off")
    assert status is not None
    assert status.state == "pending"


def asks_for_changes(office: Office) -> None:
    office.forge.review(1, "alice", "changes-requested", text="too much")


def comments(office: Office) -> None:
    office.forge.comment(1, "alice", "What is line 1?")


def stranger_comments(office: Office) -> None:
    office.forge.comment(1, "someone", "What is line 1?")


def answered(office: Office) -> None:
    comments(office)
    office.forge.comment(1, "mira", "The totals.")


def approved_again(office: Office) -> None:
    asks_for_changes(office)
    office.forge.review(1, "alice")


def held(office: Office) -> None:
    office.edit_draft(hold="the order number is missing")


@pytest.mark.parametrize(
    ("happens", "holds"),
    [
        (asks_for_changes, True),
        (comments, True),
        (held, True),
        (stranger_comments, False),
        (answered, False),
        (approved_again, False),
    ],
)
@pytest.mark.parametrize("after", [False, True])
def test_what_holds_a_draft_also_after_the_merge(happens: Callable[[Office], None], holds: bool, after: bool) -> None:
    office = Office()
    office.drafted()
    if not after:
        happens(office)
    merged(office)
    if after and happens is not held:
        happens(office)
    elif after:
        return
    assert office.rules() == ({"on-hold"} if holds else set())


@pytest.mark.parametrize(
    ("author", "proposal"),
    [
        (MALLORY, True),
        (("alice", "77+alice@users.noreply.github.com"), True),
        (MIRA, False),
        (("m", "7+mira@users.noreply.github.com"), False),
    ],
)
def test_amounts_that_somebody_else_set_are_a_proposal(author: tuple[str, str], proposal: bool) -> None:
    office = Office(
        settings=SETTINGS.replace('roles = ["owner"]\n', 'roles = ["owner"]\naccounts = ["mira"]\n') + JONAS
    )
    office.drafted()
    path, branch = f"billing/drafts/{NAME}.toml", draft_branch(NAME)
    cheaper = office.text(path, branch).replace('unit_price = "80.00 EUR"', 'unit_price = "8.00 EUR"')
    assert cheaper != office.text(path, branch)
    office.commit({path: cheaper}, author, branch=branch)
    office.present()
    assert ("Proposed by" in office.forge.ours(1)[0]) == proposal
    merged(office, by="jonas")  # an approver: enough for a merge, not for other amounts
    assert office.rules() == (MISSING if proposal else set())
    if proposal:
        office.approve()
        assert office.rules() == set()


def test_a_forge_that_is_away_issues_nothing_and_says_so() -> None:
    office = Office()
    office.drafted()
    merged(office)
    office.forge.away = True
    found = office.issue()
    assert (found.issued, [refused.unasked for refused in found.refused]) == ((), [True])
    office.forge.away = False
    assert office.rules() == set()
