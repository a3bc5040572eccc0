"""A clone seen through the issuer's key: what is read is what would be read by the true ids, named otherwise."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.flows.test_collect import make
from tests.repositories import live_in
from tests.signing import key, signing

from git_bill.adapters.git.history import GitHistory
from git_bill.ports import History
from git_bill.sources import git as commits
from git_bill.sources.commit import Reading
from git_bill.sources.keyed import KeyedHistory
from git_bill.worklog.identity import addresses
from git_bill.worklog.keyed import EvidenceKey

Git = Callable[..., str]
KEY = EvidenceKey(b"\x01" * 32)
READING = Reading(source="web-shop", identity=addresses({"mira": ["mira@example.net"]}))


@pytest.fixture
def shop(clone: Path, git: Git, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trunk; a branch that is merged, one that is squashed, one with a copied commit; tags."""
    live_in(environment, monkeypatch)
    make(git, clone, "2026-10-05T09:00:00+02:00", "start")
    git(clone, "tag", "v1")
    for day, branch in (("06", "WEB-7-merged"), ("07", "WEB-8-squashed")):
        git(clone, "switch", "-q", "-c", branch)
        for hour in ("09", "10"):
            make(git, clone, f"2026-10-{day}T{hour}:00:00+02:00", f"{branch} {hour}", f"{branch}.txt")
        git(clone, "switch", "-q", "main")
    git(clone, "merge", "-q", "--no-ff", "WEB-7-merged", at="2026-10-06T12:00:00+02:00")
    git(clone, "merge", "-q", "--squash", "WEB-8-squashed")
    git(clone, "commit", "-q", "-m", "all of it", at="2026-10-07T12:00:00+02:00")
    git(clone, "switch", "-q", "-c", "copy", "v1")
    git(clone, "cherry-pick", "WEB-8-squashed~1", at="2026-10-08T12:00:00+02:00")
    git(clone, "tag", "v2", "main")
    return clone


def test_evidence_is_the_same_under_other_names(shop: Path) -> None:
    plain = commits.read(GitHistory(shop), READING).evidence
    assert any(record.covers for record in plain)
    assert {record.branch for record in plain} >= {"WEB-7-merged", "WEB-8-squashed"}
    found = commits.read(KeyedHistory(GitHistory(shop), KEY), READING).evidence
    assert {KEY.keyed(r).key: set(KEY.keyed(r).covers) for r in plain} == {r.key: set(r.covers) for r in found}
    one = {r.key: (r.at, r.ticket, r.branch, r.added, r.deleted, r.files, r.parents) for r in found}
    assert one == {KEY.commit(r.key): (r.at, r.ticket, r.branch, r.added, r.deleted, r.files, r.parents) for r in plain}
    assert [KEY.patch(r.patch) for r in sorted(plain, key=lambda r: KEY.commit(r.key))] == [
        r.patch for r in sorted(found, key=lambda r: r.key)
    ]
    assert {r.sketch for r in found if r.sketch}.isdisjoint(r.sketch for r in plain)


def test_the_port_is_the_clones(shop: Path, git: Git, tmp_path: Path) -> None:
    private, public = key(tmp_path, "mira")
    git(shop, *signing(private), "commit", "-q", "--allow-empty", "-m", "signed")
    real = GitHistory(shop)
    seen: History = KeyedHistory(real, KEY)
    assert seen.between("v1", "v2") == tuple(map(KEY.commit, real.between("v1", "v2") or ()))
    assert seen.between("v1", "v9") is None
    assert (seen.path, seen.shallow, seen.state(), seen.tag_before("v2")) == (shop, False, real.state(), "v1")
    head = KEY.commit(git(shop, "rev-parse", "HEAD"))
    assert head in {commit.id for commit in seen.commits()}
    assert head not in {commit.id for commit in seen.commits(known=frozenset({head}))}
    assert seen.signers([head, KEY.commit("f" * 40)], {"mira": [public]}).keys() == {head}
    assert seen.changes(["f" * 40]) == {}
    assert seen.range_patch_ids([(KEY.commit("f" * 40), head)]) == {}
