"""Every contract in docs/contracts.md is one that a client's file can hold."""

import re
from pathlib import Path
from typing import get_args

import pytest
from tests.contract.acme import CLIENT

from git_bill.contract.agreement import Engagement, Kind
from git_bill.shape import read

PAGE = (Path(__file__).parents[2] / "docs" / "contracts.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: re.findall(r'id = "([\w-]+)"', text)[0])
def test_the_example_can_be_read(text: str) -> None:
    found = read(Engagement, CLIENT + text, "acme.toml")
    assert found.problems == ()
    assert found.value is not None
    assert len(found.value.contracts) == 1


def test_there_is_an_example_of_every_kind() -> None:
    kinds = {read(Engagement, CLIENT + text, "acme.toml").value.contracts[0].kind for text in EXAMPLES}  # type: ignore[union-attr]
    assert kinds == set(get_args(Kind))
