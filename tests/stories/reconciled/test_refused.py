"""What is no statement is told with its file and line, nothing of it is kept; what payers write is text everywhere."""

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from tests.flows.till import HEAD
from tests.receivable.feeds.bank import History, camt, mt940
from tests.stories.freelancer import Freelancer, Ran
from tests.stories.reconciled.paper import booking

ONE = History(bookings=[booking("226.10", "Rechnung INV-2026-0032")])
CAMT, MT940 = camt(ONE, 0, 1), mt940(ONE, 0, 1)
LAUGHS = b'<!DOCTYPE lol [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'


def bomb() -> bytes:
    """A small zip archive whose list says that it unpacks to 4 GB."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("november.xml", CAMT)
    content = bytearray(packed.getvalue())
    at = content.index(b"PK\x01\x02") + 24  # the size of what is packed, in the list at the end
    content[at : at + 4] = (4_000_000_000).to_bytes(4, "little")
    return bytes(content)


BAD: dict[str, tuple[Callable[[], bytes] | bytes, str, str]] = {  # file → content, where and what, the advice
    "cut.xml": (CAMT[:-200], "cut.xml:6: error: this is not whole XML", "download the file again"),
    "laughs.xml": (
        CAMT.replace(b"<Document", LAUGHS + b"<Document").replace(b"Rechnung", b"&b;"),
        "laughs.xml:1: error: the file has a document type (<!DOCTYPE), which is never read",
        "don't import this file",
    ),
    "latin.xml": (
        CAMT.replace(b"Acme GmbH", "Büro Süd".encode("latin-1")),
        "latin.xml:6: error: this is not whole XML: Invalid bytes",
        "download the file again",
    ),
    "coin.xml": (
        CAMT.replace(b'<Ntry><Amt Ccy="EUR"', b'<Ntry><Amt Ccy="XQZ"'),
        "coin.xml:6: error: this entry can't be read: 'XQZ' is not a currency",
        'like <Amt Ccy="EUR">',
    ),
    "future.xml": (
        CAMT.replace(b"2026-11-20", b"2027-11-20"),
        "future.xml:6: error: an entry is booked on 2027-11-20, after today (2026-12-10)",
        "is the order of day and month right?",
    ),
    "dialect.sta": (
        MT940.replace(b":61:261120", b":61:2026-11-20"),
        "dialect.sta:5: error: this entry can't be read",
        "like :61:2611201120C1190,00",
    ),
    "dialect.csv": (
        b"Foo;Bar;Baz\n1;2;3\n",
        "dialect.csv:1: error: no line names a date and an amount",
        "[[accounts]]",
    ),
    "amount.csv": (
        f"{HEAD}20.11.2026;Acme;;INV-2026-0032;22x,10;EUR\n".encode(),
        "amount.csv:2: error: this row can't be read: '22x,10' is not an amount",
        "a row is like",
    ),
    "empty.xml": (b"", "empty.xml: error: the file is empty", "download the statement again"),
    "printed.pdf": (b"%PDF-1.7\n1 0 obj\n", "printed.pdf: error: this is a PDF", "as camt.053, MT940, OFX or CSV"),
    "bomb.zip": (bomb, "bomb.zip: error: unpacked it is larger than 1000 MB", "name the statement itself"),
    "folder": (b"", "folder: error: this is a folder, not a statement", "name the files in it: folder/*.xml"),
    "missing.xml": (b"", "missing.xml: error: it can't be read: No such file", "that you have downloaded"),
}


def put(folder: Path, name: str) -> Path:
    """One of them on disk."""
    content, path = BAD[name][0], folder / name
    if name == "folder":
        path.mkdir()
    elif name != "missing.xml":
        path.write_bytes(content() if callable(content) else content)
    return path


def unchanged(mira: Freelancer, before: str) -> None:
    assert mira.git(mira.books, "for-each-ref") == before
    assert mira.git(mira.books, "status", "--porcelain") == ""


def test_with_a_good_file_beside_them_nothing_is_kept_of_any(mira: Freelancer) -> None:
    (mira.folder / "good.xml").write_bytes(CAMT)
    before = mira.git(mira.books, "for-each-ref")
    ran = mira.bill("reconcile", *(str(put(mira.folder, name)) for name in BAD), str(mira.folder / "good.xml"))
    assert (ran.returncode, ran.stdout) == (1, "")
    told = ran.stderr.replace(f"{mira.folder}/", "")
    for name, (_, what, advice) in BAD.items():
        assert f"\n{what}" in f"\n{told}", name
        line, hint = told[told.index(what) :].splitlines()[:2]
        assert line.endswith("]")
        assert advice in hint, name
    assert "good.xml" not in told
    assert "Traceback" not in told
    unchanged(mira, before)


@pytest.mark.slow
@pytest.mark.parametrize("name", BAD)
def test_each_alone_is_one_answer(mira: Freelancer, name: str) -> None:
    before = mira.git(mira.books, "for-each-ref")
    found = mira.json("reconcile", str(put(mira.folder, name)), code=1)
    first = found["problems"][0]
    place = f"{first['file']}:{first['line']}" if first["line"] else first["file"]
    assert f"{place}: {first['severity']}: {first['message']}".removeprefix(f"{mira.folder}/").startswith(BAD[name][1])
    unchanged(mira, before)


def test_two_accounts_in_one_file_are_two_statements(mira: Freelancer) -> None:
    start, end = CAMT.index(b"<Stmt>"), CAMT.index(b"</Stmt>") + len(b"</Stmt>")
    other = CAMT[start:end].replace(b"DE02120300000000202051", b"DE02500105170137075030").replace(b"0032", b"0033")
    path = mira.folder / "two.xml"
    path.write_bytes(CAMT[:end] + other + CAMT[end:])
    found = mira.json("reconcile", str(path))
    assert [(each["account"], each["entries"]) for each in found["statements"]] == [
        ("DE02120300000000202051", 1),
        ("DE02500105170137075030", 1),
    ]
    assert [each["invoice"] for each in found["matched"]] == ["INV-2026-0032"]  # 226.10 is no payment of 452.20
    assert [list(each["invoices"]) for each in found["proposed"]] == [["INV-2026-0033"]]


EVIL = (
    "\x1b]0;pwned\x07\x1b[31mEve\u202e\"\"\"''' <img src=x> [x](http://evil.example) @mira"
    " ##[group]x ::set-output name=ok::x"
)


def test_what_a_payer_writes_is_text(mira: Freelancer) -> None:
    path = mira.folder / "evil\n::error::x.csv"
    text = EVIL.replace('"', '""')
    path.write_text(f'{HEAD}20.11.2026;"{text}";;"INV-2026-0032\n::set-output name=ok::no\n{text}";100,00;EUR\n')
    ran = mira.bill("reconcile", str(path), env={"GITHUB_ACTIONS": "true"})
    assert ran.returncode == 0, ran.stderr
    harmless(ran)
    assert "to confirm" in ran.stdout
    asked = mira.bill("reconcile", "--json")
    harmless(asked)
    assert "Eve" in json.loads(asked.stdout)["proposed"][0]["money"]
    owed = mira.bill("status", "--receivables")
    harmless(owed)
    assert "Eve" in owed.stdout
    written = (mira.books / "billing" / "payments" / "2026-11.toml").read_bytes()
    assert b"\x1b" not in written
    assert "\u202e".encode() not in written
    assert mira.bill("check").returncode in {0, 3}  # the shelf's timesheets are none


def harmless(ran: Ran) -> None:
    for text in (ran.stdout, ran.stderr):
        assert not {"\x1b", "\x07", "\u202e"} & set(text)
        assert "##[" not in text
        assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
