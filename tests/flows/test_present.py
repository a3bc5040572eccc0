"""What a draft's reviewers find on the forge, and that nothing is posted twice."""

import pytest
from tests.flows.office import GUARDED, JONAS, NAME, WITH_ACCOUNTS, WITH_CLIENT, Office
from tests.flows.shelf import ACME

from git_bill.effects import EnsureComment, EnsurePullRequest, Refused
from git_bill.layout import draft_branch


@pytest.fixture
def office() -> Office:
    made = Office()
    made.drafted()
    return made


def head(office: Office) -> str:
    return office.books.store.branches[draft_branch(NAME)]


def test_a_draft_has_one_pull_request_one_comment_and_two_statuses(office: Office) -> None:
    (pull,) = office.forge.hosted.pulls.values()
    assert (pull.branch, pull.base, pull.labels) == (draft_branch(NAME), "main", ("invoice",))
    assert pull.title == "Invoice to Acme GmbH for October 2026: 190.40 EUR"
    first = office.forge.hosted.bodies[pull.number].partition("\n")[0]
    assert first == "**Acme GmbH pays 190.40 EUR** to Mira Kovac Software within 30 days:"
    (comment,) = office.forge.ours(pull.number)
    assert comment.startswith("**Ready: merging it issues the invoice.**")
    told = {context: office.forge.status(head(office), f"git-bill/{context}") for context in ("check", "sign-off")}
    assert {context: status and status.state for context, status in told.items()} == {
        "check": "success",
        "sign-off": "success",
    }


def test_nothing_is_posted_when_nothing_changed(office: Office) -> None:
    before = office.forge.written
    office.bureau.clock.at = office.bureau.clock.at.replace(day=9)  # a week later
    (shown,) = office.present()
    assert (office.forge.written, shown.pull and shown.pull.number, shown.problems) == (before, 1, ())


def test_a_draft_that_changed_updates_all_of_it(office: Office) -> None:
    old = head(office)
    office.work(6, 60)
    office.drafted()
    (pull,) = office.forge.hosted.pulls.values()
    assert pull.title.endswith("285.60 EUR")
    assert head(office) != old
    assert office.forge.status(head(office), "git-bill/check") is not None


def test_a_pull_request_that_a_person_closed_stays_closed(office: Office) -> None:
    office.forge.close(1)
    office.work(6)
    office.bureau.draft(office.bureau.clock.today("UTC").replace(month=10))
    (shown,) = office.present()
    assert [problem.rule for problem in shown.problems] == ["pull-request-closed"]
    assert [pull.state for pull in office.forge.hosted.pulls.values()] == ["closed"]


@pytest.mark.parametrize("fault", ["away", "forbidden"])
def test_a_failing_forge_is_a_warning_and_the_next_run_makes_it_good(fault: str) -> None:
    office = Office()
    office.bureau.draft(office.bureau.clock.today("UTC").replace(month=10))
    if fault == "away":
        office.forge.away = True
    else:
        office.forge.refusals[EnsurePullRequest] = Refused(reason="403", remedy="allow it in the settings")
    (shown,) = office.present()
    assert (shown.pull, [(p.rule, p.severity) for p in shown.problems]) == (None, [("pull-request-later", "warning")])
    office.forge.away = False
    office.forge.refusals.clear()
    (shown,) = office.present()
    assert shown.pull is not None


def test_a_comment_that_is_refused_is_told(office: Office) -> None:
    office.work(6)
    office.bureau.draft(office.bureau.clock.today("UTC").replace(month=10))
    office.forge.refusals[EnsureComment] = Refused(reason="the conversation is locked")
    (shown,) = office.present()
    assert shown.pull is not None
    assert "locked" in shown.problems[0].message


def test_nobody_reviews_drafts_of_some_clients() -> None:
    office = Office(client=ACME.replace("[[contracts]]", 'review = "none"\n\n[[contracts]]', 1))
    office.drafted()
    assert office.forge.hosted.pulls == {}


def test_after_issuing_the_comment_says_so(office: Office) -> None:
    office.forge.merge(1)
    (document,) = office.issue().issued
    office.present([NAME])
    (comment,) = office.forge.ours(1)
    assert comment.startswith(f"**Issued as {document.invoice.number}.** Acme GmbH pays 190.40 EUR by 2 December 2026.")
    assert office.forge.hosted.pulls[1].state == "merged"


def test_a_missing_sign_off_is_told_with_who_may_give_it() -> None:
    office = Office(settings=WITH_ACCOUNTS + GUARDED + "sign_offs = 2\n" + JONAS)
    office.drafted()
    status = office.forge.status(head(office), "git-bill/sign-off")
    assert status is not None
    assert (status.state, status.description) == (
        "pending",
        "2 sign-offs missing: Mira Kovac and Jonas Weber may give them",
    )
    office.forge.review(1, "jonas")
    office.present()
    status = office.forge.status(head(office), "git-bill/sign-off")
    assert status is not None
    assert (status.state, status.description) == ("success", "merging by Mira Kovac is the sign-off")
    assert "given by Jonas Weber (by review)" in office.forge.ours(1)[0]


def test_the_comment_holds_no_markup_of_others(office: Office) -> None:
    office.forge.review(1, "alice", "changes-requested", text="</details> @everyone `x` [a](http://e.example)\n# head")
    office.present()
    (comment,) = office.forge.ours(1)
    assert "On hold: alice asked for changes" in comment
    assert comment.count("</details>") == 1  # our own
    assert "@everyone" not in comment
    assert "\n# head" not in comment


def test_lines_are_short_enough_for_a_phone(office: Office) -> None:
    body = office.forge.hosted.bodies[1]
    prose = [row for row in body.splitlines() if not row.startswith(("|", "<", "- "))]
    assert max(map(len, prose)) <= 100
    assert all(row.count("|") <= 5 for row in body.splitlines())
    assert "`/bill drop 1 because it was a favour`" in body
    assert "git bill " not in body
    assert WITH_CLIENT.count("accounts") == 1
