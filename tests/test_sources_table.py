"""docs/sources.md tells of every kind of source, and its query is the one that is tested."""

from pathlib import Path
from typing import get_args

import pytest

from git_bill.sources.tickets.linear import QUERY
from git_bill.worklog.assignment import SourceKind

PAGE = (Path(__file__).parents[1] / "docs" / "sources.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", [kind for kind in get_args(SourceKind) if kind != "git"])
def test_every_kind_has_a_line_that_sets_it_up(kind: str) -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith("|") and f"--kind {kind}" in line]
    assert "git bill source add " in row


def test_the_query_for_linear_is_ours() -> None:
    assert f"```graphql\n{QUERY}\n```" in PAGE
