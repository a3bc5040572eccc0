"""The example workspace of the design issues an invoice, with the next number of the series before it."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.stories.freelancer import Ran, freelancer

EXAMPLE = Path(__file__).parents[2] / "example"


def test_the_example_issues(tmp_path: Path, git_bill: Callable[..., Ran], git: Callable[..., str]) -> None:
    mira = freelancer(tmp_path, git_bill, git)
    shutil.copytree(EXAMPLE / "billing", mira.books / "billing")
    mira.json("add", "45m", "Call about the price", "--on", "2026-10-20", "--project", "web-shop")
    made = mira.json("draft")
    assert (made["draft"], made["net"], made["gross"]) == ("acme-2026-10", "60.00 EUR", "71.40 EUR")
    assert mira.json("issue", "acme-2026-10")["number"] == "INV-2026-0032"
