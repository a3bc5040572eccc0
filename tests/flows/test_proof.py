"""A source that believes no author line: what a listed key has signed is billed, the rest is only shown."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest
from tests.flows.shelf import SETTINGS
from tests.flows.test_collect import Git, books, make, run, shop, worked
from tests.repositories import now
from tests.signing import key, signing
from tests.twins.books import MemoryBooks
from tests.twins.forge import MemoryForge

from git_bill.custody.ssh_key import fingerprint
from git_bill.flows import load
from git_bill.flows.collect import CollectResult
from git_bill.flows.explain import explain
from git_bill.forge import Submission
from git_bill.problem import Stop
from git_bill.worklog.reason import Reason

__all__ = ["shop"]

MORNING, NOON = "2026-10-06T09:00:00+02:00", "2026-10-06T12:00:00+02:00"
JO = """
[[contributors]]
id = "jo"
name = "Jo Berg"
emails = ["jo@example.net"]
timezone = "Europe/Berlin"
{}
"""


def asking(*keys: str, jo: str = "", more: str = "") -> str:
    """Settings with Mira's keys and a source that asks for them."""
    listed = ", ".join(f'"{each}"' for each in keys)
    text = SETTINGS.replace('id = "mira"', f'id = "mira"\nkeys = [{listed}]\n{more}', 1)
    return text.replace("[[sources]]\n", f'{JO.format(jo)}\n[[sources]]\nidentity = "proven"\n', 1)


@pytest.fixture
def mira(tmp_path: Path) -> tuple[Path, str]:
    return key(tmp_path, "mira")


def signed(git: Git, top: Path, private: Path, at: str, message: str, **env: str) -> str:
    """A commit that somebody signs."""
    with (top / "shop.txt").open("a") as out:
        out.writelines(f"{message} {n}\n" for n in range(30))
    git(top, "add", "-A")
    dates = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    git(top, *signing(private), "commit", "-q", "-m", message, env={**dates, **env})
    return git(top, "rev-parse", "HEAD")


def states(on: MemoryBooks) -> dict[str, str]:
    """What entries say, and whether they are billed."""
    return {item.entry.text: item.entry.state for item in worked(on).values()}


def rules(result: CollectResult) -> set[str]:
    return {problem.rule for problem in result.problems}


def said(reason: Reason) -> Iterable[str]:
    yield reason.text
    for below in reason.because:
        yield from said(below)


def test_a_forged_author_and_committer_is_not_billed(shop: Path, git: Git, mira: tuple[Path, str]) -> None:
    """Mira's name and address, both times, and nine hours: anybody who can push can write that."""
    private, public = mira
    signed(git, shop, private, MORNING, "Work of mine WEB-6\n\nTime: 2h")
    make(git, shop, NOON, "Golden taps WEB-9\n\nTime: 9h")
    plain = books(SETTINGS)
    run(plain, shop)
    assert states(plain)["Golden taps WEB-9"] == "estimated"
    on = books(asking(public))
    result = run(on, shop)
    assert states(on) == {
        "Add coupons WEB-5; Coupon twice WEB-5": "unproven",
        "Work of mine WEB-6": "estimated",
        "Golden taps WEB-9": "unproven",
    }
    (told,) = [problem for problem in result.problems if problem.rule == "unproven-commits"]
    assert "3 new commits of 'web-shop' are not signed" in told.message
    assert "gpg.format ssh" in told.hint
    assert result.gathered == {"web-shop": 4}
    forged = next(
        item for item in worked(on).values() if item.entry.state == "unproven" and item.entry.ticket == "WEB-9"
    )
    assert any("no listed key of Mira Kovac has signed it" in text for text in said(explain(on, forged.id)))
    own = next(item for item in worked(on).values() if item.entry.state == "estimated")
    assert f"signed by Mira Kovac with the key {fingerprint(public)}" in set(said(explain(on, own.id)))


@pytest.mark.parametrize("seen_first", [False, True])
def test_an_unsigned_copy_with_an_earlier_date_takes_nothing_away(
    shop: Path, git: Git, mira: tuple[Path, str], seen_first: bool
) -> None:
    private, public = mira
    first = signed(git, shop, private, MORNING, "Mine WEB-6")
    on = books(asking(public))
    git(shop, "checkout", "-q", "-b", "copy", f"{first}^")
    git(shop, "cherry-pick", "--no-commit", first)
    dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), MORNING.replace("09:00", "08:50"))
    git(shop, "commit", "-q", "-m", "Mine WEB-6", env=dates)
    if seen_first:
        git(shop, "update-ref", "refs/heads/main", f"{first}^")
        git(shop, "reflog", "expire", "--expire=now", "--all")
        run(on, shop)
        git(shop, "update-ref", "refs/heads/main", first)
    run(on, shop)
    states_of = {
        item.entry.state for item in worked(on).values() if item.entry.ticket == "WEB-6" and item.entry.minutes
    }
    assert states_of == {"estimated"}
    reasons = set(said(explain(on, git(shop, "rev-parse", "copy"))))
    assert any("it adds nothing: its change was seen before" in text for text in reasons)


def test_who_signs_a_commit_later_is_believed(shop: Path, git: Git, mira: tuple[Path, str]) -> None:
    private, public = mira
    make(git, shop, MORNING, "Forgot to sign WEB-6")
    on = books(asking(public))
    run(on, shop)
    dates = {"GIT_COMMITTER_DATE": NOON}
    git(shop, *signing(private), "commit", "-q", "--amend", "--no-edit", f"--date={NOON}", env=dates)
    run(on, shop)
    assert {i.entry.state for i in worked(on).values() if i.entry.ticket == "WEB-6" and i.entry.minutes} == {
        "estimated"
    }


def test_twice_is_once_and_every_order_comes_to_the_same(shop: Path, git: Git, mira: tuple[Path, str]) -> None:
    private, public = mira
    signed(git, shop, private, MORNING, "Mine WEB-6")
    on = books(asking(public))
    run(on, shop)
    before = dict(on.store.files)
    again = run(on, shop)
    assert (again.new, again.files) == (0, ())
    assert on.store.files == before
    run(on, shop, actor="desktop")
    assert on.store.files == before


def test_what_is_on_file_is_judged_by_the_keys_that_are_listed_now(
    shop: Path, git: Git, mira: tuple[Path, str], tmp_path: Path
) -> None:
    """Asking begins late, keys are added late and taken out: nothing has to be gathered again."""
    private, public = mira
    signed(git, shop, private, MORNING, "Mine WEB-6")
    on = books(SETTINGS)
    run(on, shop)
    assert set(states(on).values()) == {"estimated"}
    _, other = key(tmp_path, "other")
    on.store.files["billing/billing.toml"] = asking(other).encode()
    run(on, shop)
    assert set(states(on).values()) == {"unproven"}
    on.store.files["billing/billing.toml"] = asking(other, public).encode()
    run(on, shop)
    assert states(on)["Mine WEB-6"] == "estimated"
    on.store.files["billing/billing.toml"] = asking(other).encode()
    run(on, None)
    assert states(on)["Mine WEB-6"] == "unproven"
    (entry,) = [item.id for item in worked(on).values() if item.entry.ticket == "WEB-6"]
    assert any("is not listed any more" in text for text in said(explain(on, entry)))
    on.store.files["billing/billing.toml"] = SETTINGS.encode()
    run(on, None)
    assert set(states(on).values()) == {"estimated"}


def test_a_key_counts_on_the_days_of_its_holder(shop: Path, git: Git, mira: tuple[Path, str]) -> None:
    private, public = mira
    signed(git, shop, private, MORNING, "Until the fifth WEB-6")
    on = books(asking(public, more="until = 2026-10-05"))
    run(on, shop)
    assert states(on)["Until the fifth WEB-6"] == "unproven"
    (entry,) = [item.id for item in worked(on).values() if item.entry.ticket == "WEB-6"]
    assert any("outside of `from` and `until`" in text for text in said(explain(on, entry)))
    late = {"GIT_AUTHOR_DATE": "2026-10-05T18:00:00+02:00", "GIT_COMMITTER_DATE": NOON}
    signed(git, shop, private, NOON, "Dated back WEB-7", **late)
    run(on, shop)
    assert states(on)["Dated back WEB-7"] == "unproven"


def test_a_key_proves_its_own_holders_work_alone(shop: Path, git: Git, mira: tuple[Path, str], tmp_path: Path) -> None:
    """Mira may sign what Jo is the author of, as a rebase does, and name Jo beside her: neither is Jo's word."""
    private, public = mira
    yours, jo = key(tmp_path, "jo")
    author = {"GIT_AUTHOR_NAME": "Jo", "GIT_AUTHOR_EMAIL": "jo@example.net"}
    signed(git, shop, private, MORNING, "Of Jo WEB-6\n\nTime: 3h", **author)
    signed(git, shop, private, NOON, "Together WEB-7\n\nCo-authored-by: Jo <jo@example.net>")
    signed(git, shop, yours, "2026-10-07T09:00:00+02:00", "Jo's own WEB-8", **author)
    on = books(asking(public, jo=f'keys = ["{jo}"]'))
    run(on, shop)
    found = {(item.entry.by, item.entry.ticket): item.entry.state for item in worked(on).values()}
    assert found == {
        ("mira", "WEB-5"): "unproven",
        ("jo", "WEB-6"): "unproven",
        ("mira", "WEB-7"): "estimated",
        ("jo", "WEB-7"): "unproven",
        ("jo", "WEB-8"): "estimated",
    }
    (entry,) = [item.id for item in worked(on).values() if (item.entry.by, item.entry.ticket) == ("jo", "WEB-6")]
    assert "Mira Kovac has signed it and not Jo Berg" in set(said(explain(on, entry)))


def test_a_squash_of_the_forge_needs_its_originals(shop: Path, git: Git, mira: tuple[Path, str]) -> None:
    """The forge signs its squash with a key of its own: billed are the signed commits that it was made of."""
    private, public = mira
    git(shop, "switch", "-q", "-c", "cart")
    made = [signed(git, shop, private, at, "Cart WEB-6\n\nTime: 1h") for at in (MORNING, NOON)]
    git(shop, "switch", "-q", "main")
    git(shop, "merge", "-q", "--squash", "cart")
    merged = "2026-10-06T15:00:00+02:00"
    git(shop, "commit", "-q", "-m", "The cart (#12)\n\nTime: 9h", at=merged)
    forge = MemoryForge(repository="acme/web-shop")
    forge.submission(
        Submission(
            number=12,
            title="The cart",
            url="",
            branch="cart",
            author="mira-k",
            at=datetime.fromisoformat(merged),
            commits=tuple(made),
            merged_as=git(shop, "rev-parse", "HEAD"),
            merged_at=datetime.fromisoformat(merged),
        ),
        now(),
    )
    on = books(asking(public, more='accounts = ["mira-k"]'))
    run(on, shop, forges={"web-shop": forge}, now=now())
    billed = [item.entry for item in worked(on).values() if item.entry.state == "estimated"]
    assert [(entry.ticket, entry.minutes) for entry in billed] == [("WEB-6", 120)]


def test_a_person_may_still_vouch_for_it(shop: Path, git: Git, mira: tuple[Path, str]) -> None:
    on = books(asking(mira[1]))
    run(on, shop)
    ((entry, item),) = worked(on).items()
    assert item.entry.state == "unproven"
    on.store.files["billing/edits/acme/2026-10.toml"] = f"""schema = 1

[edits]
E-aaaaaaaaaaaa = {{ at = 2026-10-07T09:00:00+02:00, by = "mira", do = "confirm", entry = "{entry}" }}
""".encode()
    run(on, shop)
    assert worked(on)[entry].entry.state == "confirmed"


def test_a_log_shows_no_signatures(shop: Path, git: Git, mira: tuple[Path, str]) -> None:
    from git_bill.flows.gather import Log

    private, public = mira
    signed(git, shop, private, MORNING, "Mine WEB-6")
    line = "--format=%H%x09%an%x09%ae%x09%ad%x09%cn%x09%ce%x09%cd%x09%P%x09%s"
    log = Log(source="web-shop", file="log.txt", content=git(shop, "log", "--date=raw", line).encode())
    on = books(asking(public))
    run(on, None, logs=[log])
    assert set(states(on).values()) == {"unproven"}
    run(on, shop)
    assert states(on)["Mine WEB-6"] == "estimated"


def test_nothing_is_lost_where_signatures_cannot_be_read(
    shop: Path, git: Git, mira: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    private, public = mira
    signed(git, shop, private, MORNING, "Mine WEB-6")
    real = shutil.which("git")
    assert real is not None
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(real)
    on = books(asking(public))
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path / "bin"))
        result = run(on, shop)
    assert "signatures-not-read" in rules(result)
    assert states(on)["Mine WEB-6"] == "unproven"
    run(on, shop)
    assert states(on)["Mine WEB-6"] == "estimated"


def test_settings_that_nobody_can_satisfy_are_refused() -> None:
    wrong = asking().replace("keys = []\n", "")
    with pytest.raises(Stop) as stopped:
        load.workspace(books(wrong).here())
    assert any("nobody has an SSH key here" in problem.message for problem in stopped.value.problems)
    with pytest.raises(Stop):
        load.workspace(books(asking("3352BFE94ABCC1FEF2BB03A7CD3AFB4A422B9578")).here())
