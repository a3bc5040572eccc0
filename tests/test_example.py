"""The example workspace of the design: it loads as it is, and whatever program wrote it."""

import tomllib
from pathlib import Path

import pytest
import tomli_w

from git_bill.contract.agreement import Engagement
from git_bill.shape import read, write
from git_bill.workspace import Settings

HERE = Path(__file__).parent / "example"
FILES = [("billing/billing.toml", Settings), ("billing/clients/acme.toml", Engagement)]


@pytest.mark.parametrize(("file", "shape"), FILES)
def test_the_example_loads_without_a_problem(file: str, shape: type[Settings | Engagement]) -> None:
    found = read(shape, (HERE / file).read_text(encoding="utf-8"), file)
    assert found.problems == ()
    assert found.value is not None
    assert read(shape, write(found.value), file).value == found.value


@pytest.mark.parametrize(("file", "shape"), FILES)
def test_a_file_that_another_program_wrote_again_says_the_same(file: str, shape: type[Settings | Engagement]) -> None:
    """Editors and scripts lay TOML out in their own way."""
    text = (HERE / file).read_text(encoding="utf-8")
    assert read(shape, tomli_w.dumps(tomllib.loads(text)), file).value == read(shape, text, file).value
