"""A PDF that cites commits of a keyed source: by id for who has the issuer's key, by their time for the client."""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from tests.flows.issued_pdf import document
from tests.flows.test_verify import issued, only, rules, seen
from tests.repositories import live_in, repository, run

from git_bill.adapters.git.history import GitHistory
from git_bill.flows.verify import Document, verify
from git_bill.worklog.evidence import Evidence
from git_bill.worklog.keyed import EvidenceKey

KEY, OTHER = EvidenceKey(b"\x01" * 32), EvidenceKey(b"\x02" * 32)


@pytest.fixture
def clone(tmp_path: Path, environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three commits, two of them in one second."""
    live_in(environment, monkeypatch)
    top = repository(tmp_path / "web-shop")
    for name, at in (("a", "2026-10-05T09:52:00+02:00"), *(((n), "2026-10-05T11:00:00+02:00") for n in "bc")):
        monkeypatch.setenv("GIT_AUTHOR_DATE", at)
        monkeypatch.setenv("GIT_COMMITTER_DATE", at)
        run(top, "commit", "-q", "--allow-empty", "-m", f"WEB-5 {name}")
    assert os.environ["GIT_AUTHOR_DATE"]
    return top


def keyed(top: Path) -> list[Evidence]:
    """What the books have of the first two."""
    return [KEY.keyed(record) for record in seen(top)][:2]


def pdf(known: list[Evidence]) -> Document:
    return document(issued(known))


def test_who_has_the_key_finds_them_by_id(clone: Path) -> None:
    cited = pdf(keyed(clone))
    assert KEY.commit(run(clone, "rev-parse", "HEAD~2"))[:12].encode() in cited.attached["invoice.json"]
    assert run(clone, "rev-parse", "HEAD~2")[:8].encode() not in cited.attached["invoice.json"]
    found = only(verify([cited], [GitHistory(clone)], None, key=KEY))
    assert found.problems == ()
    assert found.checks[5].what == "they are in your clone and of the service period: 2 commits"


@pytest.mark.parametrize("key", [None, OTHER])
def test_the_client_finds_them_by_their_time(clone: Path, key: EvidenceKey | None) -> None:
    found = only(verify([pdf(keyed(clone))], [GitHistory(clone)], None, key=key))
    assert found.problems == ()
    assert found.checks[5].what.endswith("2 commits, 2 of them told by their time alone: the books name no ids")


def test_what_is_not_there_is_missing(clone: Path) -> None:
    one, two = keyed(clone)
    moved = Evidence(
        key=KEY.commit("f" * 40), kind="commit", source=one.source, contributor="mira", at=two.at + timedelta(hours=1)
    )
    for key in (None, KEY):
        found = only(verify([pdf([one, two, moved])], [GitHistory(clone)], None, key=key))
        assert rules(found) == {"invoice-commit-missing"}
        assert moved.key[:12] in found.problems[0].message
