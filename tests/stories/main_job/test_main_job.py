"""init → ten commits on two branches → collect → confirm → draft → a reviewer changes one line → merge → issue →
explain → verify the PDF in another clone."""

import re
from pathlib import Path

from tests.stories.freelancer import Freelancer

from git_bill.adapters import pdf


def change_a_line(mira: Freelancer, name: str) -> None:
    """The reviewer rewords the first line's description on the draft's branch, in a clone of her own."""
    review = mira.folder / "review"
    mira.git(mira.folder, "clone", "-q", str(mira.books), "review")
    mira.git(review, "switch", "-q", f"bill/{name}")
    path = review / "billing" / "drafts" / f"{name}.toml"
    text = path.read_text(encoding="utf-8")
    changed = re.sub(r'description = "[^"]*"', 'description = "Prices, as agreed"', text, count=1)
    path.write_text(changed, encoding="utf-8")
    mira.git(review, "-c", "user.name=Rita", "-c", "user.email=rita@acme.example", "commit", "-qam", "Reword line 1")
    mira.git(review, "push", "-q", "origin", f"bill/{name}")


def test_the_whole_job(mira: Freelancer) -> None:
    made = mira.draft()
    name = made["draft"]
    assert name == "acme-2026-10"
    assert made["lines"]
    before = mira.git(mira.books, "status", "--porcelain", "--branch")
    change_a_line(mira, name)

    again = mira.json("draft", "--period", "2026-10")
    assert again["state"] == "unchanged"
    assert again["lines"][0]["description"] == "Prices, as agreed"
    review = mira.bill("show", name).stdout
    assert "Acme GmbH pays" in review
    assert "Prices, as agreed" in review

    mira.git(mira.books, "merge", "-q", "--no-ff", "-m", "Approve", f"bill/{name}")
    issued = mira.json("issue")
    assert issued["number"] == "INV-2026-0001"
    assert issued["gross"] == made["gross"]
    assert mira.git(mira.books, "status", "--porcelain") == "", before
    folder = mira.books / issued["directory"]
    assert sorted(p.name for p in folder.iterdir()) == ["claim.toml", "invoice.pdf", "invoice.toml", "timesheet.csv"]
    text = pdf.text((folder / "invoice.pdf").read_bytes())
    assert "INV-2026-0001" in text
    assert "Prices, as agreed" in text

    reasons = mira.bill("explain", "INV-2026-0001", "--line", "1").stdout
    assert "Start the shop" in reasons
    assert "09:10" in reasons
    mira.git(mira.folder, "clone", "-q", str(mira.shop), "client")
    verified = mira.bill("verify", str(folder / "invoice.pdf"), "--repo", str(mira.folder / "client"), cwd=mira.folder)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert mira.bill("ledger", "verify").returncode == 0
    assert mira.bill("check").returncode == 0


def test_nothing_is_billed_twice(mira: Freelancer) -> None:
    name = mira.draft()["draft"]
    mira.json("issue", name)
    again = mira.json("draft", "--period", "2026-10")
    assert again["drafts"] == []
    assert [p["rule"] for p in again["problems"]] == ["nothing-to-bill"]
    assert mira.json("issue")["issued"] == []
    assert mira.json("issue", name)["issued"][0]["already"] is True


def test_late_work_joins_the_next_draft_and_billed_minutes_stay(mira: Freelancer) -> None:
    name = mira.draft()["draft"]
    first = mira.json("issue", name)
    sheet = (mira.books / first["directory"] / "timesheet.csv").read_bytes()
    mira.json("add", "45m", "Call about the price", "-c", "acme", "--on", "2026-10-05", "--activity", "meeting")
    mira.json("collect")
    second = mira.json("draft", "--period", "2026-10")
    assert second["draft"] == "acme-2026-10-2"
    assert second["net"] == "71.25 EUR"
    assert (mira.books / first["directory"] / "timesheet.csv").read_bytes() == sheet


def test_a_closed_draft_consumes_no_number_and_frees_its_entries(mira: Freelancer) -> None:
    made = mira.draft()
    mira.json("draft", "--close", made["draft"])
    again = mira.json("draft", "--period", "2026-10")
    assert again["net"] == made["net"]
    assert again["id"] != made["id"] or again["state"] == "new"
    assert mira.json("issue", again["draft"])["number"] == "INV-2026-0001"


def test_the_users_work_stays_exactly_as_it_was(mira: Freelancer) -> None:
    note, staged = mira.books / "note.txt", mira.books / "staged.txt"
    staged.write_text("staged\n", encoding="utf-8")
    mira.git(mira.books, "add", "staged.txt")
    staged.write_text("staged, then edited\n", encoding="utf-8")
    note.write_text("untracked\n", encoding="utf-8")

    def own() -> tuple[str, str, bytes, bytes]:
        status = [line for line in mira.git(mira.books, "status", "--porcelain").splitlines() if "billing" not in line]
        index = mira.git(mira.books, "ls-files", "-s", "staged.txt")
        return "\n".join(s for s in status if "gitattributes" not in s), index, note.read_bytes(), staged.read_bytes()

    before = own()
    mira.json("issue", mira.draft()["draft"])
    assert own() == before
    assert mira.git(mira.books, "symbolic-ref", "HEAD") == "refs/heads/main"


def test_documents_are_reproducible(mira: Freelancer, tmp_path: Path) -> None:
    folder = mira.books / mira.json("issue", mira.draft()["draft"])["directory"]
    first = (folder / "invoice.pdf").read_bytes()
    mira.git(mira.books, "tag", "-d", "invoice/INV-2026-0001")
    merged = mira.git(mira.books, "rev-list", "--first-parent", "main").splitlines()[1]
    mira.git(mira.books, "reset", "-q", "--hard", merged)
    mira.json("issue")
    assert (folder / "invoice.pdf").read_bytes() == first


def test_drafting_everything_leaves_an_open_draft_in_its_period(mira: Freelancer) -> None:
    october = mira.draft()
    mira.json("add", "45m", "Call in September", "-c", "acme", "--on", "2026-09-20")
    both = mira.json("draft")["drafts"]
    assert [(d["draft"], d["period"]) for d in both] == [
        ("acme-2026-10", "2026-10-01..2026-10-31"),
        ("acme-2026-09", "2026-09-01..2026-09-30"),
    ]
    assert (both[0]["state"], both[0]["net"]) == ("unchanged", october["net"])
