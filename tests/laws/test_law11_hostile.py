"""Law 11: text from commits, branches, author lines and people is data everywhere.

The whole job is done once with the real program, on a repository whose history is as hostile as git allows; the tests
look at what came of it.
"""

import csv
import io
import json
import re
import subprocess
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.adapters.test_typst import invoice as page

from git_bill.adapters import pdf
from git_bill.adapters.typst import Typst
from git_bill.contract.agreement import Engagement
from git_bill.invoice.document.markdown import markdown
from git_bill.invoice.document.text import FONTS, printable, unshowable
from git_bill.invoice.issued import Claim, Invoice
from git_bill.invoice.subject import describe
from git_bill.problem import Stop
from git_bill.shape import read, write
from git_bill.worklog.edit import Edits
from git_bill.worklog.entry import Entry, Manifest
from git_bill.worklog.evidence import Evidence, from_lines, to_line
from git_bill.worklog.timesheet import read_timesheet, write_timesheet
from git_bill.workspace import Settings

BREAKERS = (
    '"""\n[issuer]\nname = "Mallory"',
    "''' \\u0041 \\ \" ' = # [[contracts]]",
    "</details><script>alert(1)</script><img src=x onerror=y>",
    "![x](http://evil.example/x.png) [pay here](https://evil.example)",
    "@everyone #1 !2 GH-3 www.evil.example",
    '#panic("x") #eval("1") $ x $ @ref <label> *bold* _it_',
    "=cmd|'/c calc'!A0",
    "+1+1 @SUM(A1)",
    "-2+3",
    "\tTab first",
    "::set-output name=x::y",
    "##vso[task.setvariable variable=x]y",
    "##[command]rm",
    "\x1b[2J\x1b]0;title\x07\x9b31m cleared",
    "pay \u202eRUE 000.1\u202c now \u2066x\u2069",
    "zero\u200bwidth\u2060\ufeff soft\xadhyphen",
    "nul\0byte \x01\x7f",
    "{{ 7*7 }} ${HOME} $(reboot) `reboot` %s {0} {number}",
    "| table | cell |\r\nsecond \u2028 line \u2029 paragraph \x85 next",
    "Fix the 🚀 rocket and the 日本 page",
    "🎉🎉🎉",
    "修正結帳頁面",
    "Z̷̡̛a̵̧l̶g̸o̵ " + "a" + "\u0301" * 40,
    "مرحبا שלום \u200f rtl",
    "W" * 100_000,
    "word " * 20_000,
)
BYTES = (b"latin-1: M\xfcnchen \xff\xfe", b"surrogates \xed\xa0\x80 and cut \xf0\x9f")
BRANCHES = (
    b'"><script>',
    b"=cmd|'calc'!A0",
    b"$(reboot)",
    "日本-🚀".encode(),
    b"feature/{{7+7}}",
    b"WEB-7-a%00b",
    b"M\xfcnchen",
    "\u202eRUE".encode(),
)
CLIENT = 'Acme """\n[issuer]\nname = "Mallory" </details><script> ![x](http://evil.example) @everyone #1 \u202eRUE'
NOTE = 'Danke! #panic("x") ::set-output name=x::y {{ 7*7 }} *not bold* | cell |'
ORDER = "=cmd|'/c calc'!A0"
INIT = (
    *("init", "--yes", "--here", "--country", "DE", "--timezone", "Europe/Berlin", "--since", "2026-10-01"),
    *("--street", "Lindenweg 4", "--postcode", "10115", "--city", "Berlin", "--vat-id", "DE136695976"),
    *("--iban", "DE02120300000000202051"),
)
ACME = (
    *("--country", "DE", "--street", "Werkstr. 1 | </td>", "--postcode", "80331", "--city", "=München"),
    *("--language", "en", "--rate", "95.00 EUR"),
)
SHOWN = [chr(c) for c in range(0x3000) if re.match(f"[{FONTS}]", chr(c)) and printable(f"x{chr(c)}x") == f"x{chr(c)}x"]
START = datetime.fromisoformat("2026-10-05T09:00:00+02:00")
FORGED = "WEB-9 Nine hours of nothing"

Ran = CompletedProcess[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The machine after the job. `said`: what each command printed, by its words; `folder`: of the invoice."""

    shop: Path
    books: Path
    said: Mapping[str, Ran]
    draft: Mapping[str, Any]
    folder: Path

    def files(self, folder: str, suffix: str) -> list[Path]:
        """Files below a folder of `billing/`."""
        return sorted((self.books / "billing" / folder).rglob(f"*{suffix}"))

    @property
    def evidence(self) -> list[Evidence]:
        """All of it."""
        return [e for path in self.files("evidence", ".jsonl") for e in from_lines(path.read_text("utf-8"), "")[0]]

    @property
    def entries(self) -> dict[str, Entry]:
        """Entries by id."""
        found: dict[str, Entry] = {}
        for path in self.files("manifest", ".toml"):
            manifest = read(Manifest, path.read_text("utf-8"), str(path)).value
            assert manifest is not None
            found |= manifest.entries
        return found


def stream() -> bytes:
    """The history for `git fast-import`: each hostile message, on hostile branches, and what others forged."""
    out: list[bytes] = []

    def commit(hour: int, message: bytes, branch: bytes, author: bytes, committer: bytes) -> None:
        at = int((START + timedelta(days=hour // 8, hours=hour % 8)).timestamp())
        content = b"".join(b"%d of %d\n" % (line, hour) for line in range(40))
        out.append(b"commit refs/heads/%s\n" % branch)
        out.append(b"author %s %d +0200\ncommitter %s %d +0200\n" % (author, at, committer, at))
        out.append(b"data %d\n%s\n" % (len(message), message))
        out.append(b"M 100644 inline file-%d.py\ndata %d\n%s\n" % (hour, len(content), content))

    mira = '=Mira "/script \u202e\U0001f680\x1b[2J <mira@example.net>'.encode()
    mallory = b"Mallory <mallory@evil.example>"
    messages = [text.encode("utf-8", "surrogatepass") for text in BREAKERS] + list(BYTES)
    for hour, message in enumerate(messages):
        commit(hour, message, BRANCHES[hour % len(BRANCHES)], mira, mira)
    commit(90, f"{FORGED}\n\nTime: 9h\n".encode(), b"main", mira, mallory)
    commit(98, b"WEB-10 Pair work\n\nTime: 9h\nCo-authored-by: Mira <mira@example.net>\n", b"main", mallory, mallory)
    return b"".join(out)


def job(folder: Path, environment: Mapping[str, str], git: Callable[..., str], bill: Callable[..., Ran]) -> Job:
    """From the repository to the issued invoice, by the program."""
    shop, books = folder / "shop", folder / "books"
    for place in (shop, books):
        git(folder, "init", "-q", "-b", "main", str(place))
        git(place, "config", "user.name", "Mira Kovac")
        git(place, "config", "user.email", "mira@example.net")
    subprocess.run(
        ["git", "fast-import", "--quiet"], input=stream(), cwd=shop, env=dict(environment), check=True, timeout=60
    )
    said: dict[str, Ran] = {}

    def run(*words: str, place: Path = books) -> Ran:
        ran = bill(*words, cwd=place)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        said[" ".join(words[:2])] = ran
        return ran

    run(*INIT)
    run("client", "add", CLIENT, "--id", "acme", *ACME)
    run("source", "add", str(shop), "--client", "acme", "--since", "2026-10-01")
    run("estimate", "--all", "--by", "commit", "--pdf", str(folder / "estimate.pdf"), place=shop)
    run("collect")
    run("confirm", "--yes")
    run("log")
    run("log", "--json")
    run("status")
    draft = json.loads(run("draft", "--period", "2026-10", "--note", NOTE, "--order", ORDER, "--json").stdout)
    run("show", draft["draft"])
    run("check")
    issued = json.loads(run("issue", draft["draft"], "--json").stdout)
    run("explain", issued["number"])
    run("explain", next(iter(draft["lines"][0]["entries"])))
    run("show", issued["number"])
    run("ledger", "show")
    return Job(shop=shop, books=books, said=said, draft=draft, folder=books / issued["directory"])


_MADE: dict[str, Job] = {}


@pytest.fixture
def done(
    environment: dict[str, str],
    git: Callable[..., str],
    git_bill: Callable[..., Ran],
    tmp_path_factory: pytest.TempPathFactory,
) -> Job:
    """The job, done once."""
    if "job" not in _MADE:
        _MADE["job"] = job(tmp_path_factory.mktemp("hostile"), environment, git, git_bill)
    return _MADE["job"]


def test_every_file_reads_back_as_it_was_written(done: Job) -> None:
    for folder, shape in (("manifest", Manifest), ("edits", Edits), ("clients", Engagement)):
        assert done.files(folder, ".toml")
        for path in done.files(folder, ".toml"):
            assert rewritten(shape, path) == path.read_text("utf-8")
    assert rewritten(Settings, done.books / "billing/billing.toml")
    for name, kind in (("claim.toml", Claim), ("invoice.toml", Invoice)):
        assert rewritten(kind, done.folder / name) == (done.folder / name).read_text("utf-8")
    rows, problems = read_timesheet((done.folder / "timesheet.csv").read_bytes(), "timesheet.csv")
    assert problems == ()
    assert write_timesheet(rows) == (done.folder / "timesheet.csv").read_bytes()
    lines = [line for path in done.files("evidence", ".jsonl") for line in path.read_text("utf-8").splitlines()]
    assert [to_line(record) for record in done.evidence] == lines


def rewritten(shape: type[Any], path: Path) -> str:
    """A file, read and written again."""
    found = read(shape, path.read_text("utf-8"), path.name)
    assert found.problems == ()
    return write(found.value)


def test_nobody_but_the_person_says_who_bills(done: Job) -> None:
    settings = read(Settings, (done.books / "billing/billing.toml").read_text("utf-8"), "").value
    engagement = read(Engagement, (done.books / "billing/clients/acme.toml").read_text("utf-8"), "").value
    invoice = read(Invoice, (done.folder / "invoice.toml").read_text("utf-8"), "").value
    assert settings
    assert engagement
    assert invoice
    assert settings.issuer.name == invoice.issuer.name == "Mira Kovac"
    assert engagement.client.name == invoice.client.name == CLIENT
    assert (invoice.note, invoice.order) == (NOTE, ORDER)


def test_all_that_was_seen_is_evidence(done: Job, git: Callable[..., str]) -> None:
    commits = git(done.shop, "rev-list", "--all").split()
    assert {record.key.partition("+")[0] for record in done.evidence} == set(commits)
    assert len(commits) == len(BREAKERS) + len(BYTES) + 2
    texts = {record.text for record in done.evidence}
    assert {"=cmd|'/c calc'!A0", '""" [issuer] name = "Mallory"'} <= texts
    assert max(map(len, texts)) <= 500


def test_a_trailer_that_anyone_could_write_is_shown_and_not_billed(done: Job) -> None:
    forged = {
        text: entry for entry in done.entries.values() for text in (FORGED[6:], "Pair work") if text in entry.text
    }
    assert {text: entry.state for text, entry in forged.items()} == {FORGED[6:]: "unproven", "Pair work": "unproven"}
    assert forged[FORGED[6:]].minutes == 540
    billed = {entry for line in done.draft["lines"] for entry in line["entries"]}
    unproven = {entry for entry, found in done.entries.items() if found.state == "unproven"}
    assert billed == done.entries.keys() - unproven
    assert done.draft["not_billed"].keys() == unproven
    assert "WEB-9 Nine hours of nothing: 9h" in done.said["show acme-2026-10"].stdout
    assert "Nine hours" not in (done.folder / "invoice.toml").read_text("utf-8")


def test_nothing_that_is_printed_acts_on_a_terminal_or_a_log(done: Job) -> None:
    for words, ran in done.said.items():
        for line in (ran.stdout + ran.stderr).split("\n"):
            active = [c for c in line if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
            assert active == [], f"{words}: {line!r}"
            assert not line.lstrip().startswith("::"), words
            assert not re.search(r"##(?:\[|vso\[)", line), words
    assert "\\u202eRUE" in done.said["status"].stdout + done.said["show INV-2026-0001"].stdout


def test_the_review_is_text_in_markdown(done: Job) -> None:
    review = re.sub(r"(?s)```.*?```", "", done.said["show acme-2026-10"].stdout).replace("&#8203;", "\u200b")
    tags = re.findall(r"<[a-zA-Z/!][^>]*>", review)
    assert {tag for tag in tags if tag not in {"<details>", "</details>", "<summary>", "</summary>"}} == set()
    assert tags.count("<details>") == tags.count("</details>")
    assert not re.search(r"(?<!\\)\]\(|(?<!\\)!\[|(?<!\\)\[", review)
    assert not re.search(r"[@#](?=\w)|\bwww\.|https?://", review)
    assert markdown("</details><script>") in review


def test_no_cell_is_a_formula(done: Job) -> None:
    rows = list(csv.reader(io.StringIO((done.folder / "timesheet.csv").read_text("utf-8"), newline="")))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)
    assert any(cell.startswith("'-2+3") for row in rows for cell in row)
    assert any(cell.startswith("'@everyone") for row in rows for cell in row)


def test_the_document_shows_text_and_evaluates_nothing(done: Job) -> None:
    text = " ".join(pdf.text((done.folder / "invoice.pdf").read_bytes()).split())
    for said in ('#panic("x") #eval("1") $ x $', "{{ 7*7 }} *not bold* | cell |", ORDER, "@everyone #1 RUE"):
        assert said in text
    assert "\u202e" not in text


def test_branches_with_hostile_names_hold_up_nobody(
    done: Job, git: Callable[..., str], git_bill: Callable[..., Ran], environment: dict[str, str]
) -> None:
    tip = git(done.books, "rev-parse", "main")
    names = [b"bill/" + branch for branch in (*BRANCHES, b"acme-2026-10", b"-x", b"a/b", b"\xff")]
    refs = b"".join(b"create refs/heads/%s %s\n" % (name, tip.encode()) for name in names)
    subprocess.run(["git", "update-ref", "--stdin"], input=refs, cwd=done.books, env=environment, check=True)
    for words in (["status"], ["check"], ["show", "--open"], ["draft", "--period", "2026-10"], ["issue"]):
        ran = git_bill(*words, cwd=done.books)
        assert ran.returncode == 0, (words, ran.stdout, ran.stderr)


@given(texts=st.lists(st.text(max_size=80), max_size=6), ticket=st.none() | st.text(max_size=20))
def test_a_description_can_be_typeset_whatever_commits_say(texts: list[str], ticket: str | None) -> None:
    said = describe(texts, ticket, "Development")
    for text in (said.name, said.detail or "…"):
        assert re.fullmatch(f"[{FONTS}]+", text)
        assert text == printable(text)
        assert len(text) <= 100


@settings(deadline=None, max_examples=10)
@given(texts=st.lists(st.text(st.sampled_from(SHOWN), min_size=20, max_size=60), min_size=40, max_size=40))
def test_the_fonts_have_every_combination_that_is_let_through(typesetter: Typst, texts: list[str]) -> None:
    assert set_in_type(typesetter, [printable(text) for text in texts])


def test_the_fonts_have_every_character_that_is_let_through(typesetter: Typst) -> None:
    assert len(SHOWN) > 2000
    assert set_in_type(typesetter, [" ".join(f"x{c}x" for c in SHOWN[n : n + 40]) for n in range(0, len(SHOWN), 40)])


def test_what_is_refused_before_typesetting_has_no_glyph(typesetter: Typst) -> None:
    none = [chr(code) for code in range(0x30000) if unshowable(chr(code)) and unicodedata.category(chr(code)) != "Cn"]
    some = none[:: len(none) // 50]
    with pytest.raises(Stop) as stopped:
        set_in_type(typesetter, some)
    assert len(stopped.value.problems) == len(some)


@pytest.fixture(scope="module")
def typesetter() -> Typst:
    return Typst(pdf.text)


def set_in_type(typesetter: Typst, texts: list[str]) -> bytes:
    """An invoice whose notes are these texts."""
    return typesetter.typeset("invoice.typ", page(1) | {"notes": [text for text in texts if text]}, {}, at=START)
