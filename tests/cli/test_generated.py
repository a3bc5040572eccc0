"""Manual pages and schemas follow from the code and are current; the registry names what exists."""

import json
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from git_bill.cli.commands import COMMANDS
from git_bill.cli.generated import FOLDERS, SCHEMAS, generated
from git_bill.cli.group import git_bill as group
from git_bill.cli.manual import EXIT_CODES, Page, man
from git_bill.problem import Exit

TOP = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return generated()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_registered_command_exists_and_takes_the_common_options(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.name == name
    assert command.help, "it has a help text"
    assert {"json", "dry_run", "yes", "directory", "today"} <= {parameter.name for parameter in command.params}


def test_what_is_committed_is_current(files: dict[str, str]) -> None:
    stale = [path for path, text in files.items() if not (TOP / path).is_file() or (TOP / path).read_text() != text]
    assert stale == [], "run: python -m git_bill.cli.generated"
    there = {str(p.relative_to(TOP)) for folder in FOLDERS for p in (TOP / folder).rglob("*") if p.is_file()}
    assert there == set(files) - {"docs/reference.md"}, "a page of a command that is gone"


def test_pages_link_each_other(files: dict[str, str]) -> None:
    for path, text in files.items():
        for target in re.findall(r"\]\(([\w-]+\.md)", text):
            there = Path(path).with_name(target)
            assert str(there) in files or (TOP / there).is_file()


def test_the_manual_page_shows_every_command_and_is_well_formed(files: dict[str, str]) -> None:
    text = files["docs/man/git-bill.1"]
    for name in COMMANDS:
        written = name.replace("-", "\\-")
        assert f".SS git bill {written}" in text
    assert not re.search(r"^['.](?!TH|SH|SS|TP|PP|nf|fi)", text, re.MULTILINE), "no line that is taken for a macro"


def test_the_reference_has_every_key_of_a_contract(files: dict[str, str]) -> None:
    def keys(schema: dict[str, Any], above: str) -> Iterator[str]:
        for name, inner in schema.get("properties", {}).items():
            yield f"{above}.{name}"
            yield from keys(inner.get("items", inner), f"{above}.{name}")

    client = json.loads(files["src/git_bill/tables/schemas/client.json"])["properties"]
    wanted = {*keys(client["contracts"]["items"], "contracts"), *keys(client["tax"], "tax")}
    rows = [
        re.split(r" (?<!\\)\| ", line) for line in files["docs/reference.md"].splitlines() if line.startswith("| `")
    ]
    assert {row[0].strip("| `") for row in rows} == {*wanted, "contracts", "tax"}
    assert {len(row) for row in rows} == {5}
    assert len(wanted) > 100
    night = next(row for row in rows if row[0] == "| `contracts.multipliers.start`")
    assert night[1:] == ["text", "", '`"22:00"`', "from this time of day |"]
    assert [row[0] for row in rows if '"text"' in row[3]] == [], "an example that is none"


def test_exit_codes_are_described() -> None:
    assert {int(code) for code in Exit} <= {code for code, _ in EXIT_CODES}


def test_text_that_looks_like_roff_is_escaped() -> None:
    paragraphs = (("A -- `-x` \\fBy €", False), (".so /etc/passwd\n'z", True))
    page = Page(name="git bill help", usage="git bill help", paragraphs=paragraphs, options=(), below=())
    text = man((page,))
    assert "\nA \\-\\- \\fB\\-x\\fR \\efBy \\[u20AC]\n" in text
    assert text.isascii()
    assert "\n\\&.so /etc/passwd\n\\&'z\n" in text


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_json_schema(files: dict[str, str], name: str) -> None:
    validator = pytest.importorskip("jsonschema").Draft202012Validator
    schema = json.loads(files[f"src/git_bill/tables/schemas/{name}.json"])
    assert list(validator(validator.META_SCHEMA).iter_errors(schema)) == []


def test_what_init_writes_fits_the_schemas(
    files: dict[str, str], git_bill: Callable[..., subprocess.CompletedProcess[str]], clone: Path
) -> None:
    validator = pytest.importorskip("jsonschema").Draft202012Validator
    git_bill("init", "--yes", "--here", "--client", "Acme GmbH", "--rate", "95", cwd=clone)
    for name, path in (("billing", "billing/billing.toml"), ("client", "billing/clients/acme.toml")):
        schema = json.loads(files[f"src/git_bill/tables/schemas/{name}.json"])
        text = json.dumps(tomllib.loads((clone / path).read_text()), default=str)
        assert [error.message for error in validator(schema).iter_errors(json.loads(text))] == []
