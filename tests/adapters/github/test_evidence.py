"""What GitHub tells of code repositories, and of how token and repository stand."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.testbed.accounts import EVE, MIRA, TOM
from tests.testbed.github import GitHub as Server
from tests.testbed.github import Repository

from git_bill.adapters.github.client import Fields
from git_bill.adapters.github.forge import by_token
from git_bill.adapters.github.records import ticket
from git_bill.forge import Forge

pytestmark = pytest.mark.testbed
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(github: Server) -> Repository:
    made = github.repository("shop", files={"README.md": "Shop\n"})
    made.admit(TOM, "write")
    return made


@pytest.fixture
def forge(github: Server, shop: Repository) -> Forge:
    return by_token(shop.full_name, api=github.api, token=MIRA.token)


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_submission_has_its_own_commits_however_it_was_merged(shop: Repository, forge: Forge, method: str) -> None:
    commits = [shop.commit({"cart.py": f"{n}\n"}, f"Step {n}", branch="web-5") for n in range(3)]
    number = shop.open_pull(MIRA, "web-5", title="Cart")
    shop.review(number, TOM, "APPROVE", "good")
    made = shop.merge(number, by=TOM, method=method)  # type: ignore[arg-type]
    [found] = forge.submissions()
    assert (found.number, found.title, found.branch, found.author) == (number, "Cart", "web-5", "mira")
    assert found.commits == tuple(commits)
    assert found.merged_as == made
    assert found.merged_at is not None
    assert found.merged_at >= found.at.replace(microsecond=0)
    assert [(review.account, review.verdict, review.commit) for review in found.reviews] == [
        ("tom", "approved", commits[-1])
    ]


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_every_commit_that_landed_names_its_pull_request(shop: Repository, forge: Forge, method: str) -> None:
    """Whatever author it claims, and whatever number its message."""
    before = shop.hosted.bare.tip("main") or ""
    for n in range(2):
        shop.commit({"cart.py": f"{n}\n"}, f"Step {n} (#99)", branch="web-5", by=MIRA)
    made = shop.merge(shop.open_pull(TOM, "web-5"), by=TOM, method=method)  # type: ignore[arg-type]
    landed = shop.hosted.bare.git("rev-list", "--first-parent", made, f"^{before}").split()
    assert len(landed) == (2 if method == "rebase" else 1)
    assert [[pull.merged_by for pull in forge.brought(commit)] for commit in landed] == [["tom"]] * len(landed)
    assert forge.brought(before) == ()


def test_submissions_of_forks_and_open_ones(github: Server) -> None:
    shop = github.repository("shop", files={"README.md": "Shop\n"}, private=False)
    forge = by_token(shop.full_name, api=github.api, token=MIRA.token)
    fork = shop.fork(EVE)
    commit = fork.commit({"x": "1"}, branch="typo", by=EVE)
    shop.open_pull(EVE, "eve:typo")
    [found] = forge.submissions()
    assert (found.author, found.commits, found.merged_as, found.merged_at) == ("eve", (commit,), None, None)
    assert forge.pull_requests("typo") == ()
    pull = forge.pull_request(found.number)
    assert pull is not None
    assert pull.fork


def test_more_than_a_page(shop: Repository, forge: Forge) -> None:
    for n in range(103):
        shop.commit({"cart.py": f"{n}\n"}, f"Step {n}", branch="web-6")
    shop.open_pull(MIRA, "web-6")
    [found] = forge.submissions()
    assert len(set(found.commits)) == 103
    assert found.commits[-1] == shop.tip("web-6")


def test_what_changed_since(shop: Repository, forge: Forge) -> None:
    shop.commit({"x": "1"}, branch="a")
    shop.open_pull(MIRA, "a")
    shop.issue("Old", labels=["bug"])
    now = datetime.now(UTC)
    assert len(list(forge.submissions(now - 10 * MINUTE))) == len(list(forge.tickets(now - 10 * MINUTE))) == 1
    assert not list(forge.submissions(now + 10 * MINUTE))
    assert not list(forge.tickets(now + 10 * MINUTE))


def test_tickets_are_issues_and_no_pull_requests(github: Server, shop: Repository, forge: Forge) -> None:
    milestone = github.call(MIRA, "POST", f"{shop.path}/milestones", {"title": "v1.2"})["number"]
    number = shop.issue("Cart is slow", labels=["bug", "estimate: 1.5h"], milestone=milestone)
    shop.commit({"x": "1"}, branch="a")
    shop.open_pull(MIRA, "a")
    [found] = forge.tickets()
    assert (found.key, found.title, found.state, found.milestone) == (f"#{number}", "Cart is slow", "open", "v1.2")
    assert sorted(found.labels) == ["bug", "estimate: 1.5h"]
    assert (found.estimate, found.spent) == (90, None)
    assert found.url.endswith(f"/issues/{number}")


@pytest.mark.parametrize(
    ("label", "minutes"),
    [
        ("estimate: 3h", 180),
        ("Estimate/45m", 45),
        ("est 2h30m", 150),
        ("estimate:soon", None),
        ("estimate: 0m", None),
        ("best: 3h", None),
        ("estimate", None),
    ],
)
def test_an_estimate_is_a_label(label: str, minutes: int | None) -> None:
    found = {"number": 1, "title": "t", "html_url": "u", "state": "closed", "labels": [{"name": label}]}
    assert ticket(Fields(found)).estimate == minutes


def test_how_a_job_stands(github: Server, shop: Repository) -> None:
    shop.protect(pull_request=True, checks=["git-bill/check"])
    token = github.token(kind="job", repository=shop, permissions={"contents": "write", "pull-requests": "write"})
    found = by_token(shop.full_name, api=github.api, token=token, job=True).standing("main")
    assert found.account == "github-actions[bot]"
    assert (found.private, found.fork, found.scopes) == (True, False, None)
    assert found.may_open_pull_requests is None  # the setting is for administrators
    assert set(found.rules or ()) >= {"pull_request", "required_status_checks"}


def test_how_an_owner_stands(github: Server, shop: Repository, forge: Forge) -> None:
    found = forge.standing("main")
    assert (found.account, found.private, found.fork, found.may_push) == ("mira", True, False, True)
    assert found.rules == ()
    assert set(found.writers or ()) >= {"mira", "tom"}


def test_how_a_fork_stands(github: Server) -> None:
    fork = github.repository("shop", files={"README.md": "Shop\n"}, private=False).fork(EVE)
    found = by_token(fork.full_name, api=github.api, token=EVE.token).standing("main")
    assert (found.fork, found.private) == (True, False)


def test_rules_of_branch_protection_have_the_names_of_rulesets(shop: Repository, forge: Forge) -> None:
    shop.protect(pull_request=True, classic=True)
    assert "pull_request" in (forge.standing("main").rules or ())
