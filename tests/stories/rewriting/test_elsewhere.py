"""A patch of one client's repository is put into a folder of another client's: nobody pays for it twice."""

import pytest
from tests.stories.freelancer import Freelancer

pytestmark = pytest.mark.slow

NOW = "2026-10-20T11:00:00+02:00"


@pytest.fixture
def beta(mira: Freelancer) -> Freelancer:
    """Beta's repository beside Acme's, with a commit of its own."""
    top = mira.folder / "platform"
    top.mkdir()
    mira.git(top, "init", "-q", "-b", "main")
    mira.git(top, "config", "user.name", "Mira Kovac")
    mira.git(top, "config", "user.email", "mira@example.net")
    (top / "README").write_text("The platform.\n", encoding="utf-8")
    mira.git(top, "add", "README")
    mira.git(top, "commit", "-q", "-m", "Start", at="2026-10-19T09:00:00+02:00")
    mira.json("client", "add", "Beta AG", "--country", "DE", "--vat-id", "DE123456788", "--rate", "80.00 EUR")
    mira.json("source", "add", str(top), "--client", "beta", "--since", "2026-10-01")
    mira.json("collect")
    return mira


def applied(mira: Freelancer, commit: str = "main", message: str = "") -> str:
    """A commit of the shop in a folder of the platform, as of now."""
    top = mira.folder / "platform"
    patch = top / "the.patch"
    patch.write_text(mira.git(mira.shop, "format-patch", "-1", "--stdout", commit) + "\n", encoding="utf-8")
    if message:
        mira.git(top, "apply", "--index", "--directory=services/api", str(patch))
        mira.git(top, "commit", "-q", "-m", message, at=NOW)
    else:
        mira.git(top, "am", "-q", "--directory=services/api", "--ignore-date", str(patch), at=NOW)
    return mira.git(top, "rev-parse", "HEAD")


def make(mira: Freelancer) -> None:
    mira.commit("2026-10-12T10:00:00+02:00", "WEB-4 Sort", "sort.py")


def times(mira: Freelancer) -> dict[str, int]:
    """Minutes of the patch by client."""
    found = mira.json("log", "--period", "2026-10-10..2026-10-31")["entries"]
    return {e["client"]: e["minutes"] for e in found if e["minutes"] and "Start" not in e["text"]}


@pytest.mark.parametrize("together", [False, True])
def test_the_same_patch_adds_nothing(beta: Freelancer, together: bool) -> None:
    make(beta)
    if not together:
        beta.json("collect")
    commit = applied(beta)
    beta.json("collect")
    assert list(times(beta)) == ["acme"]
    told = beta.json("explain", commit)["because"][0]
    original = beta.git(beta.shop, "rev-parse", "main")[:12]
    assert (told["kind"], told["text"]) == (
        "repeats",
        f"it adds nothing: its change was seen before, in web-shop:{original}",
    )


def test_the_same_lines_in_other_words_are_undecided(beta: Freelancer) -> None:
    make(beta)
    commit = applied(beta, message="Sorting for the platform")
    beta.json("collect")
    assert times(beta)["beta"] <= 5
    (entry,) = [e for e in beta.json("log", "--period", "2026-10-20")["entries"] if e["client"] == "beta"]
    assert "partly-repeated" in entry["flags"]
    told = [r["text"] for r in beta.json("explain", commit)["because"] if r["kind"] == "partly"]
    assert told
    assert f"in web-shop:{beta.git(beta.shop, 'rev-parse', 'main')[:12]}" in told[0]


def test_other_work_there_counts(beta: Freelancer) -> None:
    make(beta)
    top = beta.folder / "platform"
    (top / "own.py").write_text("".join(f"own = {n}\n" for n in range(40)), encoding="utf-8")
    beta.git(top, "add", "own.py")
    beta.git(top, "commit", "-q", "-m", "WEB-4 Sort", at=NOW)
    beta.json("collect")
    assert times(beta)["beta"] >= 15
