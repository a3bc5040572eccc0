"""However a draft came onto the books branch, it is approved: merge, squash, rebase, a direct commit."""

import pytest
from tests.stories.freelancer import Freelancer

WAYS = {
    "merge": ("merge", "-q", "--no-ff", "-m", "Approve"),
    "fast-forward": ("merge", "-q", "--ff-only"),
    "squash": ("merge", "-q", "--squash"),
    "rebase": ("cherry-pick",),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_merging_issues_the_same(mira: Freelancer, way: str) -> None:
    made = mira.draft()
    if way in {"squash", "rebase"}:  # the books went on meanwhile
        (mira.books / "readme.md").write_text("Books\n", encoding="utf-8")
        mira.git(mira.books, "add", "readme.md")
        mira.git(mira.books, "commit", "-qm", "Say what this is")
    mira.git(mira.books, *WAYS[way], f"bill/{made['draft']}")
    if way == "squash":
        mira.git(mira.books, "commit", "-qm", "Approve by squash")
    issued = mira.json("issue")
    assert issued["number"] == "INV-2026-0001"
    assert issued["gross"] == made["gross"]
    assert mira.json("issue")["issued"] == []
    assert mira.git(mira.books, "branch", "--list", "bill/*") == ""
    assert mira.bill("ledger", "verify").returncode == 0


def test_a_branch_that_changes_more_than_its_draft_is_not_merged(mira: Freelancer) -> None:
    name = mira.draft()["draft"]
    mira.git(mira.books, "switch", "-q", f"bill/{name}")
    settings = mira.books / "billing" / "billing.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("DE021203", "DE891203"), encoding="utf-8")
    mira.git(mira.books, "commit", "-qam", "A new account")
    mira.git(mira.books, "switch", "-q", "main")
    found = mira.json("issue", name, code=1)
    assert found["problems"][0]["rule"] == "more-than-a-draft"
    assert "billing/billing.toml" in found["problems"][0]["message"]


def test_an_unknown_draft_names_the_nearest(mira: Freelancer) -> None:
    name = mira.draft()["draft"]
    found = mira.json("issue", name + "1", code=1)
    assert found["problems"][0]["rule"] == "no-draft"
    assert name in found["problems"][0]["hint"]


def test_one_draft_that_cannot_be_issued_does_not_hold_up_the_others(mira: Freelancer) -> None:
    name = mira.draft()["draft"]
    drafts = mira.books / "billing" / "drafts"
    mira.git(mira.books, "merge", "-q", "--no-ff", "-m", "Approve", f"bill/{name}")
    (drafts / "aaa.toml").write_text("schema = 1\nid = 3\n", encoding="utf-8")
    mira.git(mira.books, "add", "billing")
    mira.git(mira.books, "commit", "-qm", "A broken draft")
    found = mira.json("issue", code=1)
    assert [item["draft"] for item in found["issued"]] == [name]
    assert [item["draft"] for item in found["refused"]] == ["aaa"]
    assert {p["file"] for p in found["refused"][0]["problems"]} == {"billing/drafts/aaa.toml"}
