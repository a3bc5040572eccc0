"""A source that the books do not name: billed as any other by who has the key; others learn and double nothing."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest
from tests.flows.shelf import SETTINGS
from tests.flows.test_collect import EVIDENCE, Git, books, make, run, shop, worked
from tests.repositories import now
from tests.signing import key as ssh_key
from tests.signing import signing
from tests.twins.books import MemoryBooks
from tests.twins.forge import MemoryForge

from git_bill.adapters.git.history import GitHistory
from git_bill.flows import load
from git_bill.flows.collect import CollectResult
from git_bill.flows.explain import explain
from git_bill.flows.gather import Log
from git_bill.flows.keyed import histories, resolved
from git_bill.flows.tagged import tagged
from git_bill.forge import Review, Submission, Ticket
from git_bill.hook import JOURNAL
from git_bill.worklog.keyed import EvidenceKey
from git_bill.worklog.reason import Reason

__all__ = ["shop"]

KEYED = SETTINGS.replace("[[sources]]\n", '[[sources]]\nevidence = "keyed"\n', 1)
KEY, OTHER = EvidenceKey(b"\x01" * 32), EvidenceKey(b"\x02" * 32)


def rules(result: CollectResult) -> set[str]:
    return {problem.rule for problem in result.problems if problem.severity == "error"}


def told(on: MemoryBooks) -> str:
    """All that git-bill wrote into the books."""
    return b"\n".join(
        c for p, c in on.store.files.items() if p.startswith(("billing/evidence", "billing/manifest"))
    ).decode()


def bill(on: MemoryBooks) -> list[tuple[object, ...]]:
    """What entries come to, whatever they are called."""
    return sorted(
        (str(e.day), e.by, e.ticket or "", e.activity, e.minutes, e.range, e.at, e.state)
        for e in (item.entry for item in worked(on).values())
    )


def said(reason: Reason) -> Iterable[str]:
    yield reason.text
    for below in reason.because:
        yield from said(below)


@pytest.fixture
def history(shop: Path, git: Git) -> Path:
    """Two commits; a branch that is squashed; documentation, a statement of time, a revert, and a copy of a change."""
    git(shop, "switch", "-q", "-c", "hidden-feature-WEB-8")
    for hour in ("09", "10", "11"):
        make(git, shop, f"2026-10-06T{hour}:00:00+02:00", f"Hidden {hour}", "cart.txt")
    git(shop, "switch", "-q", "main")
    git(shop, "merge", "-q", "--squash", "hidden-feature-WEB-8")
    git(shop, "commit", "-q", "-m", "The hidden thing", at="2026-10-06T15:00:00+02:00")
    make(git, shop, "2026-10-07T09:00:00+02:00", "docs: hidden manual\n\nTime: 45m")
    make(git, shop, "2026-10-08T09:00:00+02:00", "hidden mistake", "wrong.txt")
    git(shop, "revert", "--no-edit", "HEAD", at="2026-10-08T12:00:00+02:00")
    git(shop, "switch", "-q", "-c", "again", "HEAD~2")
    make(git, shop, "2026-10-09T09:00:00+02:00", "hidden mistake", "wrong.txt")
    return shop


def test_it_is_billed_as_any_other_and_nothing_is_named(history: Path, git: Git) -> None:
    plain, on = books(SETTINGS), books(KEYED)
    run(plain, history)
    run(on, history, key=KEY)
    assert bill(on) == bill(plain)
    assert any(record.covers for record in load.evidence(on.here()))
    text = told(on)
    for commit in git(history, "log", "--all", "--format=%H").split():
        assert commit[:7] not in text
        assert KEY.commit(commit) in text
    shown = told(plain)
    for word in ("idden", "coupon", "oupon", "again", "main"):
        assert word in shown
        assert word not in text
    for patch in {record.patch for record in load.evidence(plain.here()) if record.patch}:
        assert patch not in text


def test_twice_is_once_on_every_machine_that_has_the_key(history: Path, git: Git) -> None:
    on = books(KEYED)
    run(on, history, key=KEY)
    before = dict(on.store.files)
    assert run(on, history, key=KEY).files == ()
    assert run(on, history, key=EvidenceKey(b"\x01" * 32), actor="desktop").files == ()
    assert on.store.files == before


def test_late_squashes_are_known_again(shop: Path, git: Git) -> None:
    """What is new is compared with evidence on file by keyed patches, copies and squashes alike."""
    git(shop, "switch", "-q", "-c", "cart")
    for hour in ("09", "10"):
        make(git, shop, f"2026-10-06T{hour}:00:00+02:00", f"Cart {hour} WEB-6", "cart.txt")
    on = books(KEYED)
    run(on, shop, key=KEY)
    before = bill(on)
    git(shop, "switch", "-q", "main")
    git(shop, "merge", "-q", "--squash", "cart")
    git(shop, "commit", "-q", "-m", "The cart WEB-6", at="2026-10-07T15:00:00+02:00")
    git(shop, "branch", "-q", "-D", "cart")
    run(on, shop, key=KEY)
    assert bill(on) == before


def test_without_the_key_nothing_is_read_and_it_is_said(history: Path) -> None:
    on = books(KEYED)
    log = Log(source="web-shop", file="log.txt", content=b"")
    result = run(on, history, logs=[log])
    assert (rules(result), result.files) == ({"no-evidence-key"}, ())
    hint = next(problem.hint for problem in result.problems if problem.rule == "no-evidence-key")
    assert "git bill source key --new" in hint
    assert "GIT_BILL_EVIDENCE_KEY" in hint
    run(on, history, key=KEY)
    before = dict(on.store.files)
    assert rules(run(on, history)) == {"no-evidence-key"}
    assert on.store.files == before


def test_a_second_key_doubles_nothing(history: Path) -> None:
    on = books(KEYED)
    run(on, history, key=KEY)
    before = dict(on.store.files)
    result = run(on, history, key=OTHER, actor="desktop")
    assert rules(result) == {"other-evidence-key"}
    assert KEY.fingerprint in next(p.message for p in result.problems if p.rule == "other-evidence-key")
    assert on.store.files == before


def test_from_full_to_keyed_nothing_is_billed_twice(shop: Path, git: Git) -> None:
    """What is on file keeps its name; what comes is keyed, and knows what it repeats."""
    git(shop, "switch", "-q", "-c", "cart")
    for hour in ("09", "10"):
        make(git, shop, f"2026-10-06T{hour}:00:00+02:00", f"Cart {hour} WEB-6", "cart.txt")
    on = books(SETTINGS)
    run(on, shop)
    before, old = bill(on), on.store.files[EVIDENCE]
    on.store.files["billing/billing.toml"] = KEYED.encode()
    assert run(on, shop, key=KEY).new == 0
    assert bill(on) == before
    git(shop, "switch", "-q", "main")
    git(shop, "merge", "-q", "--squash", "cart")
    git(shop, "commit", "-q", "-m", "Hidden WEB-6", at="2026-10-07T15:00:00+02:00")
    assert run(on, shop, key=KEY).new == 1
    assert bill(on) == before
    assert on.store.files[EVIDENCE].startswith(old)
    assert "idden" not in told(on)
    assert run(on, shop, key=KEY).files == ()


def test_from_keyed_to_full_is_refused(history: Path) -> None:
    on = books(KEYED)
    run(on, history, key=KEY)
    on.store.files["billing/billing.toml"] = SETTINGS.encode()
    before = dict(on.store.files)
    for key in (None, KEY):
        assert rules(run(on, history, key=key)) == {"evidence-keyed-before"}
    assert on.store.files == before


def test_a_log_is_keyed_too(shop: Path, git: Git) -> None:
    line = "--format=%H%x09%an%x09%ae%x09%ad%x09%cn%x09%ce%x09%cd%x09%P%x09%s"
    log = Log(source="web-shop", file="log.txt", content=git(shop, "log", "--date=raw", line).encode())
    on = books(KEYED)
    assert run(on, None, logs=[log], key=KEY).new == 2
    assert "oupon" not in told(on)
    assert run(on, None, logs=[log], key=KEY).new == 0
    assert run(on, shop, key=KEY).new == 0


def test_a_rewriting_comes_out_as_it_would_by_name(shop: Path, git: Git) -> None:
    """One that the hook wrote down, and one that only the lines tell; both after the first is on file."""
    plain, on = books(SETTINGS), books(KEYED)
    old = make(git, shop, "2026-10-07T09:00:00+02:00", "Hidden WEB-6", "cart.txt")
    run(plain, shop)
    run(on, shop, key=KEY)
    for number, at in enumerate(("2026-10-08T18:00:00+02:00", "2026-10-09T11:00:00+02:00")):
        (shop / "cart.txt").write_text("".join(f"Hidden WEB-6 {n}\n" for n in range(36 - number)) + "another\n" * 9)
        git(shop, "commit", "-q", "-a", "--amend", "--date", at, "-m", "Hidden WEB-6", at=at)
        if number == 0:
            (shop / ".git" / "git-bill").mkdir(exist_ok=True)
            (shop / ".git" / JOURNAL).write_text(f"amend {old} {git(shop, 'rev-parse', 'HEAD')}\n")
        run(plain, shop)
        run(on, shop, key=KEY)
        assert bill(on) == bill(plain)
    assert {record.kind for record in load.evidence(on.here())} >= {"commit", "rewrite"}
    assert [bool(r.covers) for r in load.evidence(on.here())] == [bool(r.covers) for r in load.evidence(plain.here())]
    assert not {r.sketch for r in load.evidence(on.here())} & {
        r.sketch for r in load.evidence(plain.here()) if r.sketch
    }
    assert old[:12] not in told(on)


def test_what_a_forge_tells_is_keyed(shop: Path, git: Git) -> None:
    """A squash that git can't tell: the pull request names its originals, by keyed ids and without its title."""
    git(shop, "switch", "-q", "-c", "cart")
    made = [
        make(git, shop, f"2026-10-06T{hour}:00:00+02:00", f"Cart {hour} WEB-6", "cart.txt") for hour in ("09", "10")
    ]
    git(shop, "switch", "-q", "main")
    git(shop, "merge", "-q", "--squash", "cart")
    (shop / "more.txt").write_text("conflict resolved by hand\n" * 60)
    git(shop, "add", "-A")
    at = datetime.fromisoformat("2026-10-06T11:00:00+02:00")
    git(shop, "commit", "-q", "-m", "Hidden (#12)", at=at.isoformat())
    forge = MemoryForge(repository="acme/web-shop")
    forge.ticket(Ticket(key="WEB-6", title="Hidden ticket", url="", state="closed", labels=("hidden",)), now())
    review = Review(id="1", account="mira-k", commit=made[-1], verdict="approved", text="hidden", at=at)
    forge.submission(
        Submission(
            number=12,
            title="Hidden pull",
            url="",
            branch="hidden-branch",
            author="mira-k",
            at=at,
            commits=tuple(made),
            reviews=(review,),
            merged_as=git(shop, "rev-parse", "HEAD"),
            merged_at=at,
        ),
        now(),
    )
    accounts = 'id = "mira"\naccounts = ["mira-k"]'
    plain, on = books(SETTINGS.replace('id = "mira"', accounts)), books(KEYED.replace('id = "mira"', accounts))
    run(plain, shop, forges={"web-shop": forge}, now=now())
    run(on, shop, key=KEY, forges={"web-shop": forge}, now=now())
    assert bill(on) == bill(plain)
    assert "idden" in told(plain)
    assert "idden" not in told(on)
    assert not any(commit[:7] in told(on) for commit in made)
    assert run(on, shop, key=KEY, forges={"web-shop": forge}, now=now()).files == ()


def test_proof_and_key_go_together(shop: Path, git: Git, tmp_path: Path) -> None:
    private, public = ssh_key(tmp_path, "mira")
    git(
        shop,
        *signing(private),
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "Signed WEB-6\n\nTime: 1h",
        at="2026-10-06T09:00:00+02:00",
    )
    settings = KEYED.replace('id = "mira"', f'id = "mira"\nkeys = ["{public}"]').replace(
        'evidence = "keyed"', 'evidence = "keyed"\nidentity = "proven"'
    )
    on = books(settings)
    run(on, shop, key=KEY)
    assert {(item.entry.ticket, item.entry.state) for item in worked(on).values()} == {
        ("WEB-5", "unproven"),
        ("WEB-6", "estimated"),
    }
    assert "Signed" not in told(on)
    assert run(on, shop, key=KEY).files == ()


def test_who_has_the_key_can_explain(history: Path, git: Git) -> None:
    on = books(KEYED)
    run(on, history, key=KEY)
    sources = load.workspace(on.here()).settings.sources
    commits = resolved(sources, {"web-shop": GitHistory(history)}, KEY)
    commit = git(history, "rev-parse", "main~1")
    text = list(said(explain(on, commit[:10], commits=commits)))
    assert "hidden mistake" in text[0]
    assert f"it is the commit {commit}" in text
    (entry,) = [item for item in worked(on).values() if item.entry.activity == "documentation"]
    assert any("hidden manual" in line for line in said(explain(on, entry.id, commits=commits)))
    bare = list(said(explain(on, entry.id)))
    assert not any("idden" in line for line in bare)
    assert any(line.startswith(entry.entry.evidence[0]) for line in bare)


def test_tags_stand_for_keyed_commits(shop: Path, git: Git) -> None:
    git(shop, "tag", "v1", "HEAD~1")
    git(shop, "tag", "v2")
    on = books(KEYED)
    run(on, shop, key=KEY)
    sources = load.workspace(on.here()).settings.sources
    found = histories(sources, {"web-shop": GitHistory(shop)}, KEY)
    commits, _ = tagged(found, "v1..v2", None)
    names = {name for item in worked(on).values() for name in item.entry.evidence}
    assert len(commits) == 1
    assert commits < names
