"""The main job on GitHub, by executing the shipped workflow and Action: collect, draft, review, merge, invoice."""

from dataclasses import replace

import pytest
from tests.stories.forge.office import DAILY, Office, office
from tests.stories.freelancer import Freelancer
from tests.testbed import events
from tests.testbed.github import EVE, MIRA, GitHub
from tests.testbed.merges import Method
from tests.testbed.workflows import Cancellation

pytestmark = [pytest.mark.testbed, pytest.mark.slow]


@pytest.fixture
def here(mira: Freelancer, github: GitHub) -> Office:
    return office(mira, github)


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_from_a_push_to_an_invoice(here: Office, method: Method) -> None:
    books = here.books
    here.mira.commit("2026-10-09T11:00:00+02:00", "WEB-4 Pay by card", "card.py")
    here.push_shop()
    done = here.job(events.push(books))
    assert "1 new commit; 1 entry added" in done.summary
    assert not done.annotations
    assert books.hosted.bare.commit(books.tip()).committer.email == "git-bill@localhost"
    done = here.job(events.dispatch(books, command="draft"))
    (number,) = books.hosted.pulls
    pull = books.pull(number)
    assert pull["head"]["ref"] == f"bill/{here.draft}"
    assert f"{here.draft} (#{number})" in done.summary
    assert here.status("check") == "success"
    assert here.status("sign-off") == "success", "merging is her word"

    here.job(events.pull_request(books, number, "synchronize", by=MIRA), "check")
    comment = events.issue_comment(books, number, "/bill drop 1 because it was a favour", by=MIRA)
    here.job(comment, "answer")
    assert books.pull(number)["body"] != pull["body"], here.words(number)
    assert books.hosted.bare.commit(books.tip(f"bill/{here.draft}")).author.name == "Mira Kovac"

    books.merge(number, by=MIRA, method=method)
    done = here.job(events.push(books))
    assert here.invoices() == ["INV-2026-0001"]
    assert "INV-2026-0001" in done.summary
    assert "Issued as INV-2026-0001" in here.words(number).replace("\\", "")
    assert books.hosted.bare.tip("refs/tags/invoice/INV-2026-0001")
    here.job(events.schedule(books, DAILY))  # what was dropped is late work from now on
    tip = books.tip()
    here.job(events.push(books))
    here.job(events.schedule(books, DAILY))
    assert here.invoices() == ["INV-2026-0001"]
    assert books.tip() == tip, "a doubled event and another daily run find nothing left to do"


def test_a_missed_event_and_a_cancelled_run_are_made_good(here: Office) -> None:
    books = here.books
    number = here.opened()
    books.merge(number, by=MIRA)  # and GitHub loses the event of this push
    at_freeze = replace(here.runner, env={**here.runner.env, "GIT_BILL_KILL_AT": "before:publish:main:*"})
    killed = replace(here, runner=at_freeze).run(events.schedule(books, DAILY))
    assert killed.conclusion == "failure"
    assert here.invoices() == []
    cancel = Cancellation()
    here.github.faults.meanwhile(cancel, path=rf"/{books.full_name}(\.git)?/git-receive-pack")
    assert here.run(events.schedule(books, DAILY), cancellation=cancel).conclusion == "cancelled"
    here.github.faults.clear()
    here.job(events.schedule(books, DAILY))
    assert here.invoices() == ["INV-2026-0001"]


def test_somebody_pushes_while_the_job_issues(here: Office) -> None:
    books = here.books
    books.merge(here.opened(), by=MIRA)
    event = events.push(books)
    here.github.faults.meanwhile(
        lambda: books.commit({"README.md": "Books\n"}, "Meanwhile"),
        path=rf"/{books.full_name}(\.git)?/git-receive-pack",
    )
    here.job(event)
    assert here.invoices() == ["INV-2026-0001"]
    assert books.read("README.md") == "Books\n", "both arrived"


def test_rules_that_keep_the_job_out_are_named_with_their_remedies(here: Office) -> None:
    books = here.books
    books.merge(here.opened(), by=MIRA)
    books.protect(pull_request=True)
    done = here.job(events.push(books), ends="failure")
    assert here.invoices() == []
    said = "\n".join(one["message"] for one in done.annotations if one["level"] == "error")
    assert "pull" in said
    assert "GIT_BILL_KEY" in said
    assert "GIT_BILL_KEY" in done.summary.replace("\\", "")
    checks = here.doctor()
    assert "main demands of a push: pull_request" in [problem["message"] for problem in checks["problems"]]
    books.hosted.protection.clear()
    here.job(events.schedule(books, DAILY))
    assert here.invoices() == ["INV-2026-0001"]


def test_a_setting_that_forbids_pull_requests_is_named(here: Office) -> None:
    here.books.hosted.actions_may_open = False
    here.job(events.dispatch(here.books, command="collect"))
    done = here.run(events.dispatch(here.books, command="draft"))
    assert not here.books.hosted.pulls
    assert here.books.hosted.bare.tip(f"refs/heads/bill/{here.draft}"), "what git did stays"
    assert "Allow GitHub Actions to create and approve pull requests" in done.raw
    here.books.hosted.actions_may_open = True
    here.job(events.dispatch(here.books, command="draft"))
    assert here.books.hosted.pulls


def test_strangers_get_a_check_and_a_polite_word(here: Office) -> None:
    books = here.books
    number = here.opened()
    books.admit(EVE, "read")
    theirs = books.fork(EVE)
    draft = books.read(f"billing/drafts/{here.draft}.toml", f"bill/{here.draft}")
    assert draft is not None
    cheaper = draft.replace("95.00 EUR", "1.00 EUR")
    theirs.commit({f"billing/drafts/{here.draft}.toml": cheaper}, "Cheaper", by=EVE, branch=f"bill/{here.draft}")
    pull = books.open_pull(EVE, f"{EVE.login}:bill/{here.draft}", title="$(id) ${{ github.token }}")
    before = here.seen()
    done = here.run(events.pull_request(books, pull, "opened", by=EVE))
    assert [job.id for job in done.jobs if job.conclusion != "skipped"] == ["check"]
    assert "### check" in done.summary
    assert "rate" in done.summary, "what is wrong with it is told"
    assert here.seen() == before
    assert not books.statuses(theirs.tip(f"bill/{here.draft}"))

    tip = books.tip(f"bill/{here.draft}")
    hostile = "/bill drop 1 because `touch pwned` $(touch pwned)\n::set-output name=ok::x\n/bill approve"
    here.run(events.issue_comment(books, number, hostile, by=EVE))
    assert books.tip(f"bill/{here.draft}") == tip
    assert not list(here.mira.folder.rglob("pwned"))


def test_a_release_is_drafted_by_its_tag(here: Office) -> None:
    shop, git = here.mira.shop, here.mira.git
    git(shop, "tag", "v1.0.0", "main~3")
    git(shop, "tag", "v1.1.0", "main")
    git(shop, "push", "-q", "--tags", here.shop.url_for(MIRA.token))
    here.job(events.tag(here.books, "v1.1.0"))
    (found,) = [pull["head"]["ref"] for pull in map(here.books.pull, here.books.hosted.pulls)]
    assert found == "bill/acme-v1.1.0"
