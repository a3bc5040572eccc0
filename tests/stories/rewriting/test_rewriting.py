"""A month is collected, then its history is rewritten as people do: never more minutes, nothing lost, all told."""

from collections.abc import Callable

import pytest
from tests.stories.freelancer import Freelancer

pytestmark = pytest.mark.slow

NOW = "2026-10-20T11:00:00+02:00"
Act = Callable[[Freelancer], None]


def at(mira: Freelancer, *words: str, **env: str) -> str:
    """Git in the shop, on a later day."""
    return mira.git(mira.shop, *words, at=NOW, env={"GIT_EDITOR": "true", **env})


def amend_now(mira: Freelancer) -> None:
    at(mira, "commit", "-q", "--amend", "--date=now", "-m", "WEB-3 Search, said better")


def reset_author(mira: Freelancer) -> None:
    at(mira, "commit", "-q", "--amend", "--reset-author", "-m", "WEB-3 Search, said better")


def rebase(mira: Freelancer) -> None:
    at(mira, "rebase", "-q", "main", "WEB-2-cart")


def squash(mira: Freelancer) -> None:
    at(mira, "merge", "-q", "--squash", "WEB-2-cart")
    at(mira, "commit", "-q", "-m", "WEB-2 The cart")


def squash_with_a_conflict(mira: Freelancer) -> None:
    at(mira, "merge", "-q", "--squash", "WEB-2-cart")
    cart = mira.shop / "cart.py"
    cart.write_text(cart.read_text() + "solved = True\n")
    at(mira, "commit", "-q", "-a", "-m", "WEB-2 The cart")


def squash_on_the_forge(mira: Freelancer) -> None:
    at(mira, "merge", "-q", "--squash", "WEB-2-cart")
    forge = {"GIT_COMMITTER_NAME": "GitHub", "GIT_COMMITTER_EMAIL": "noreply@github.com"}
    at(mira, "commit", "-q", "-m", "WEB-2 The cart (#7)\n\nCo-authored-by: Jo <jo@example.net>", **forge)
    at(mira, "branch", "-q", "-D", "WEB-2-cart")


def split(mira: Freelancer) -> None:
    search = mira.shop / "search.py"
    whole = search.read_text()
    at(mira, "reset", "-q", "HEAD^")
    for part in (whole[: -len(whole) // 4], whole):
        search.write_text(part)
        at(mira, "commit", "-q", "-a", "-m", "WEB-3 A part")


def autosquash(mira: Freelancer) -> None:
    at(mira, "reset", "-q", "--soft", "HEAD^")
    at(mira, "commit", "-q", "--fixup=HEAD", "--date=2026-10-07T11:10:00+02:00")
    at(mira, "rebase", "-q", "-i", "--autosquash", "HEAD~2", GIT_SEQUENCE_EDITOR="true")


def pick(mira: Freelancer) -> None:
    at(mira, "checkout", "-q", "-b", "release", "main~1")
    at(mira, "cherry-pick", "-x", "main")


def delete_branch(mira: Freelancer) -> None:
    at(mira, "branch", "-q", "-D", "WEB-2-cart")
    at(mira, "reflog", "expire", "--expire=now", "--all")
    at(mira, "gc", "-q", "--prune=now")


def into_a_folder(mira: Freelancer) -> None:
    move = "mkdir -p shop && git ls-files -z | xargs -0 -I{} git mv -k {} shop/ && git add -A"
    at(mira, "filter-branch", "-f", "--tree-filter", move, "--", "--all", FILTER_BRANCH_SQUELCH_WARNING="1")


ACTS: tuple[Act, ...] = (
    amend_now,
    reset_author,
    rebase,
    squash,
    squash_with_a_conflict,
    squash_on_the_forge,
    split,
    autosquash,
    pick,
    delete_branch,
    into_a_folder,
)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_never_more_and_nothing_lost(mira: Freelancer, act: Act) -> None:
    before = {e["id"]: e["minutes"] for e in mira.json("log", "--period", "2026-10")["entries"]}
    act(mira)
    mira.json("collect")
    after = {e["id"]: e["minutes"] for e in mira.json("log", "--period", "2026-10")["entries"]}
    assert sum(after.values()) <= sum(before.values())
    assert {entry: after[entry] for entry in before} == before  # they were confirmed


def test_a_zero_is_told_and_overruled(mira: Freelancer) -> None:
    squash_with_a_conflict(mira)
    mira.json("collect")
    commit = mira.git(mira.shop, "rev-parse", "--short=12", "HEAD")
    told = mira.json("explain", commit)["because"]
    assert [reason["kind"] for reason in told] == ["repeats", "overrule"]
    assert told[0]["text"].startswith("it adds nothing: its change was seen before, in web-shop:")
    assert told[1]["text"] == f'if that is wrong: git bill edit {commit} --minutes 45m --because "…"'
    done = mira.json("edit", commit, "--minutes", "45m", "--because", "the conflict took long")
    (entry,) = done["entries"]
    assert (entry["minutes"], entry["day"], entry["ticket"]) == (45, "2026-10-20", "WEB-2")
    mira.json("collect")
    told = mira.json("explain", commit)["because"]
    assert told[1]["text"].startswith(f"counted all the same: {entry['id']}")
    again = mira.json("edit", commit, "--minutes", "30m", "--because", "half of that")
    assert [e["minutes"] for e in again["entries"]] == [30]


def test_what_is_half_new_counts_with_its_low_end(mira: Freelancer) -> None:
    at(mira, "merge", "-q", "--squash", "WEB-2-cart")
    cart = mira.shop / "cart.py"
    cart.write_text(cart.read_text() + "".join(f"own = {n}\n" for n in range(100)))
    at(mira, "commit", "-q", "-a", "-m", "WEB-2 The cart and more")
    mira.json("collect")
    (entry,) = mira.json("log", "--period", "2026-10-20")["entries"]
    assert entry["minutes"] <= 5
    assert "partly-repeated" in entry["flags"]
    commit = mira.git(mira.shop, "rev-parse", "HEAD")
    assert "partly" in [reason["kind"] for reason in mira.json("explain", commit)["because"]]


@pytest.mark.parametrize(("clone", "parts"), [("own", (3, 7)), ("own", (2, 5, 7)), ("fresh", (3, 7)), ("late", (3, 7))])
def test_a_small_commit_split_later_counts_once(mira: Freelancer, clone: str, parts: tuple[int, ...]) -> None:
    """`git reset HEAD~; git add -p`, days later; `late`: each part is collected by itself."""
    search = mira.shop / "small.py"
    search.write_text("".join(f"small_{n} = {n}\n" for n in range(7)))
    mira.git(mira.shop, "add", "small.py")
    mira.git(mira.shop, "commit", "-q", "-m", "WEB-9 Small", at="2026-10-12T09:00:00+02:00")
    mira.json("collect")
    before = sum(e["minutes"] for e in mira.json("log", "--period", "2026-10")["entries"])
    at(mira, "reset", "-q", "HEAD~")
    for day, count in enumerate(parts, 14):
        search.write_text("".join(f"small_{n} = {n}\n" for n in range(count)))
        mira.git(mira.shop, "add", "small.py")
        mira.git(mira.shop, "commit", "-q", "-m", f"WEB-9 Up to {count}", at=f"2026-10-{day}T11:00:00+02:00")
        if clone == "late":
            mira.json("collect")
    if clone == "fresh":
        at(mira, "reflog", "expire", "--expire=now", "--all")
        at(mira, "gc", "-q", "--prune=now")
    mira.json("collect")
    entries = mira.json("log", "--period", "2026-10")["entries"]
    undecided = [e for e in entries if "partly-repeated" in e["flags"]]
    assert len(undecided) == (1 if clone == "late" else 0)
    assert sum(e["minutes"] for e in entries) <= before + 9 * len(undecided)


def test_collect_says_what_repeats(mira: Freelancer) -> None:
    for day in (12, 13, 14):
        with (mira.shop / "search.py").open("a") as out:
            out.writelines(f"more_{day}_{n} = {n}\n" for n in range(3))
        at(mira, "commit", "-q", "-a", "--amend", "--no-edit", f"--date=2026-10-{day}T10:00:00+02:00")
    told = mira.bill("collect").stdout
    assert "3 commits repeat others and add nothing: git bill explain COMMIT" in told
    assert mira.json("collect")["repeats"] == 0


def test_what_was_left_out_is_explained(mira: Freelancer) -> None:
    def made(when: str, **env: str) -> str:
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": NOW}
        mira.git(mira.shop, "commit", "-q", "--allow-empty", "-m", "Left out", env={**dates, **env})
        return mira.git(mira.shop, "rev-parse", "HEAD")

    old, undated = made("2026-09-20T10:00:00+02:00"), made("@0 +0000")
    stranger = made(NOW, GIT_AUTHOR_NAME="Eve", GIT_AUTHOR_EMAIL="eve@example.net")
    robot = made(NOW, GIT_AUTHOR_NAME="dependabot[bot]", GIT_AUTHOR_EMAIL="support@dependabot.com")
    late = made(NOW)
    assert mira.json("explain", late)["because"][0]["kind"] == "not-collected"
    found = mira.json("collect")
    (told,) = [problem for problem in found["problems"] if problem["rule"] == "undated-commits"]
    assert undated[:12] in told["message"]
    why = {commit: mira.json("explain", commit[:10])["because"] for commit in (old, undated, stranger, robot)}
    assert [because[0]["kind"] for because in why.values()] == [
        "before-since",
        "undated",
        "unknown-contributor",
        "unknown-contributor",
    ]
    assert "before 2026-10-01" in why[old][0]["text"]
    assert "Eve <eve@example.net>, is no contributor" in why[stranger][0]["text"]
    assert "is a program" in why[robot][0]["text"]
    nowhere = mira.json("explain", "deadbeef", code=1)["problems"][0]
    assert (nowhere["rule"], "no clone of a source" in nowhere["message"]) == ("unknown-subject", True)
    mira.shop.rename(mira.shop.with_name("moved"))
    assert "web-shop can't be looked into" in mira.json("explain", old, code=1)["problems"][0]["message"]
