"""A books remote: offline nothing is claimed, two machines see one truth, twenty issuers give twenty numbers."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.stories.freelancer import Freelancer


@pytest.fixture
def origin(mira: Freelancer) -> Path:
    """A bare remote that the books are pushed to and follow."""
    place = mira.folder / "origin.git"
    mira.git(mira.folder, "init", "-q", "--bare", "-b", "main", str(place))
    mira.git(mira.books, "add", ".")
    mira.git(mira.books, "commit", "-qm", "Start the books")
    mira.git(mira.books, "remote", "add", "origin", str(place))
    mira.git(mira.books, "push", "-q", "-u", "origin", "main")
    return place


def test_the_remote_is_the_truth(mira: Freelancer, origin: Path) -> None:
    name = mira.draft()["draft"]
    assert mira.git(origin, "branch", "--list", f"bill/{name}")
    mira.git(mira.folder, "clone", "-q", str(origin), "second")
    issued = mira.json("issue", name, cwd=mira.folder / "second")
    assert issued["number"] == "INV-2026-0001"
    assert mira.json("issue", name)["issued"][0]["already"] is True
    mira.git(mira.books, "pull", "-q", "--ff-only")
    assert mira.tree() == mira.git(origin, "ls-tree", "-r", "main")


def test_a_merge_here_that_was_not_pushed_goes_along(mira: Freelancer, origin: Path) -> None:
    name = mira.draft()["draft"]
    mira.git(mira.books, "merge", "-q", "--no-ff", "-m", "Approve", f"bill/{name}")
    assert mira.json("issue")["number"] == "INV-2026-0001"
    assert "invoice.pdf" in mira.git(origin, "ls-tree", "-r", "--name-only", "main")


def test_code_is_never_pushed_along(mira: Freelancer, origin: Path) -> None:
    name = mira.draft()["draft"]
    (mira.books / "secret.py").write_text("print()\n", encoding="utf-8")
    mira.git(mira.books, "add", "secret.py")
    mira.git(mira.books, "commit", "-qm", "Private work")
    mira.git(mira.books, "merge", "-q", "--no-ff", "-m", "Approve", f"bill/{name}")
    found = mira.json("issue", code=4)
    assert found["problems"][0]["rule"] == "unpushed"
    assert "secret.py" not in mira.git(origin, "ls-tree", "-r", "--name-only", "main")


def test_offline_it_stops_before_the_claim(mira: Freelancer, origin: Path) -> None:
    name = mira.draft()["draft"]
    before = mira.git(mira.books, "for-each-ref"), mira.git(mira.books, "status", "--porcelain")
    origin.rename(origin.with_suffix(".away"))
    found = mira.json("issue", name, code=4)
    assert found["problems"][0]["rule"] == "remote-unreachable"
    assert (mira.git(mira.books, "for-each-ref"), mira.git(mira.books, "status", "--porcelain")) == before


def test_two_machines_add_at_once_and_nothing_is_lost(mira: Freelancer, origin: Path) -> None:
    second = mira.folder / "second"
    mira.git(mira.folder, "clone", "-q", str(origin), "second")
    mira.json("add", "30m", "Call from here", "-c", "acme", "--on", "2026-10-20")
    mira.json("add", "45m", "Call from there", "-c", "acme", "--on", "2026-10-20", cwd=second)
    mira.json("draft", "--period", "2026-10", cwd=second)
    made = mira.json("draft", "--period", "2026-10")
    said = [(line["description"], line["detail"]) for line in made["lines"]]
    assert ("Call from there", "Call from here") in said
    assert {entry["text"] for entry in mira.json("log")["entries"]} >= {"Call from here", "Call from there"}
    assert mira.git(mira.books, "status", "--porcelain") == ""
    assert mira.tree() == mira.git(origin, "ls-tree", "-r", "main")


@pytest.mark.slow
def test_twenty_concurrent_issuers_give_consecutive_numbers(mira: Freelancer, origin: Path) -> None:
    """Twenty drafts of one entry each are merged; twenty clones issue at once, each its own draft."""
    for number in range(20):
        mira.json("add", "30m", f"Call {number}", "-c", "acme", "--on", f"2026-09-{number + 1:02}")
    name = mira.json("draft", "--period", "2026-09")["draft"]
    text = mira.git(mira.books, "show", f"bill/{name}:billing/drafts/{name}.toml")
    entries = re.findall(r"^W-\w+", text, re.MULTILINE)
    head, _, _ = text.partition("[[lines]]")
    folder = mira.books / "billing" / "drafts"
    folder.mkdir()
    for number, entry in enumerate(entries[:20]):
        own = re.sub(r'id = "D-\w+"', f'id = "D-{number:012}"', head)
        line = f'[[lines]]\ndescription = "Call {number}"\nquantity = "0.5"\nunit_price = "95.00 EUR"\n'
        text = f'{own}{line}\n[lines.entries]\n{entry} = "30m"\n'
        (folder / f"call-{number}.toml").write_text(text, encoding="utf-8")
    mira.git(mira.books, "add", "billing")
    mira.git(mira.books, "commit", "-qm", "Approve twenty drafts")
    mira.git(mira.books, "push", "-q")
    clones = [mira.folder / f"clone-{number}" for number in range(20)]
    for clone in clones:
        mira.git(mira.folder, "clone", "-q", str(origin), str(clone))

    def issue(number: int) -> str:
        ran = mira.bill("issue", f"call-{number}", "--json", cwd=clones[number])
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return str(json.loads(ran.stdout)["number"])

    with ThreadPoolExecutor(20) as pool:
        numbers = sorted(pool.map(issue, range(20)))
    assert numbers == [f"INV-2026-{number:04}" for number in range(1, 21)]
    mira.git(mira.books, "pull", "-q")
    assert mira.bill("ledger", "verify").returncode == 0
