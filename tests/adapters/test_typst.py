"""The invoice as a PDF: what it shows, on how many pages, and that nothing in its text is more than text."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import pytest

from git_bill.adapters import pdf as reader
from git_bill.adapters import typst as adapter
from git_bill.adapters.typst import Typst
from git_bill.invoice.document.page_data import AnnexRow, Code, Line, PageData
from git_bill.invoice.document.swiss_qr import address, swiss_bill
from git_bill.invoice.document.swiss_slip import swiss_slip
from git_bill.invoice.document.text import printable
from git_bill.money import Money
from git_bill.press import Typesetter
from git_bill.problem import Exit, Stop

AT = datetime(2026, 11, 7, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
PRICE = Decimal("95.00")
HOURS = [Decimal(h) for h in ("12.50", "3.25", "6.00", "0.75", "1.50")]
HOSTILE = """#panic("x") *bold* $x$ @ref </script> = head _u_ `c` \\ #import "/etc/passwd" // /* <line> -> {{ page }}"""


def amount(value: Decimal) -> str:
    return f"{value:,.2f}"


def lines(count: int) -> list[Line]:
    carried = Decimal(0)
    result: list[Line] = []
    for number in range(1, count + 1):
        hours = HOURS[number % len(HOURS)]
        carried += hours * PRICE
        result.append(
            {
                "no": str(number),
                "description": f"Work package {number}",
                "detail": f"WEB-{number} · 6 entries · 5–9 Oct",
                "quantity": amount(hours),
                "unit": "h",
                "price": amount(PRICE),
                "tax": "",
                "net": amount(hours * PRICE),
                "carried": amount(carried),
            }
        )
    return result


def invoice(count: int = 3) -> PageData:
    rows = lines(count)
    net = Decimal(rows[-1]["carried"].replace(",", "")) if rows else Decimal(0)
    return {
        "language": "en-GB",
        "direction": "ltr",
        "paper": "a4",
        "accent": "#0b5a6b",
        "logo": None,
        "decimal": ".",
        "title": "Invoice",
        "number": "INV-2026-0032",
        "watermark": "",
        "issuer": ["Mira Kovac Software", "Lindenweg 4", "10115 Berlin", "mira@example.net"],
        "return_line": "Mira Kovac Software · Lindenweg 4 · 10115 Berlin",
        "client": ["Acme GmbH", "Werkstr. 1", "80331 München"],
        "facts": [
            {"label": "Invoice date", "value": "7 November 2026"},
            {"label": "Your VAT ID", "value": "DE129274202"},
        ],
        "intro": ["For October I invoice the following services:"],
        "heads": {
            "no": "#",
            "description": "Description",
            "quantity": "Quantity",
            "unit": "",
            "price": "Unit price",
            "tax": "VAT",
            "net": "Net EUR",
        },
        "lines": rows,
        "totals": [
            {"label": "Net amount", "value": amount(net), "currency": "", "strong": False},
            {"label": "VAT 19%", "value": amount(net * 19 / 100), "currency": "", "strong": False},
            {"label": "Total due", "value": amount(net * 119 / 100), "currency": "EUR", "strong": True},
        ],
        "notes": ["Times are listed per day in the attached timesheet."],
        "annex": None,
        "payment": {
            "heading": "Please pay by 7 December 2026",
            "facts": [
                {"label": "IBAN", "value": "DE02 1203 0000 0000 2020 51"},
                {"label": "BIC", "value": "BYLADEM1001"},
            ],
            "link": None,
            "codes": [],
        },
        "legal": [],
        "slip": None,
        "footer": ["Mira Kovac Software · VAT ID DE136695976"],
        "ledger": "Ledger 3f2a9c41d07be5a2",
        "labels": {
            "page": "Page {page} of {pages}",
            "carried_forward": "Carried forward",
            "brought_forward": "Brought forward",
        },
    }


def draft(count: int = 3) -> PageData:
    return invoice(count) | {"title": "Draft", "number": "", "watermark": "DRAFT, not an invoice", "payment": None}


def estimate() -> PageData:
    return draft() | {"title": "Estimate", "watermark": "ESTIMATE, not an invoice", "client": [], "return_line": ""}


@pytest.fixture(scope="module")
def typesetter() -> Typst:
    return Typst(reader.text)


def typeset(typesetter: Typesetter, page: PageData, files: dict[str, bytes] | None = None) -> bytes:
    return typesetter.typeset("invoice.typ", page, files or {}, at=AT)


def flowed(text: str) -> str:
    """Text without its line breaks and spaces: how it was broken into lines does not matter."""
    return re.sub(r"\s+", "", text)


def characters(pdf: bytes) -> Iterator[tuple[int, str, tuple[float, float, float, float]]]:
    """Page index, character and box (left, bottom, right, top in points) of all that is printed."""
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document):
            text = page.get_textpage()
            for index in range(text.count_chars()):
                character = text.get_text_range(index, 1)
                if character.strip(" \r\n\u200b"):
                    yield number, character, text.get_charbox(index)


def test_a_timesheet_stands_on_pages_of_its_own(typesetter: Typst) -> None:
    rows: list[AnnexRow] = [
        {"day": f"{n % 28 + 1} Oct 2026", "what": f"WEB-{n} Piece {n}", "detail": "", "time": "45 min"}
        for n in range(90)
    ]
    page = invoice() | {
        "annex": {
            "title": "Timesheet",
            "heads": ["Day", "Description"],
            "groups": [{"head": "Work behind line 1: Checkout", "rows": rows, "sum": "Worked 67 h 30 min"}],
        }
    }
    first, *others = reader.page_texts(typeset(typesetter, page))
    assert "Piece" not in first
    assert len(others) > 1
    for text in others:
        assert "Description" in text, "each page has the heads"
    assert "".join(others).count("45 min") == 90
    assert "Worked 67 h 30 min" in others[-1]


def test_shows_what_it_is_given(typesetter: Typst) -> None:
    page = invoice()
    text = typesetter.text(typeset(typesetter, page))
    shown = [*page["issuer"], page["return_line"], *page["client"], *page["intro"], *page["notes"], *page["footer"]]
    shown += [page["ledger"], "Invoice INV-2026-0032", "Page 1 of 1", "Please pay by 7 December 2026"]
    shown += [
        part for line in page["lines"] for key, part in line.items() if isinstance(part, str) and key != "carried"
    ]
    shown += [part for total in page["totals"] for part in (total["label"], total["value"])]
    shown += [head for key, head in page["heads"].items() if isinstance(head, str) and key != "tax"]
    missing = [part for part in shown if flowed(part) not in flowed(text)]
    assert missing == []
    assert "VAT\n" not in text  # no line has a tax rate: no such column


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_eight_lines_fit_on_one_page(typesetter: Typst, paper: Literal["a4", "us-letter"]) -> None:
    pages = reader.page_texts(typeset(typesetter, invoice(8) | {"paper": paper}))
    assert len(pages) == 1
    assert "forward" not in pages[0]


@pytest.mark.parametrize("count", [*range(9, 45), 300])
def test_carry_over(typesetter: Typst, count: int) -> None:
    page = invoice(count)
    pages = reader.page_texts(typeset(typesetter, page))
    carried = {f"Work package {line['no']}": line["carried"] for line in page["lines"]}
    brought = None
    listed = []
    for number, text in enumerate(pages, 1):
        here = re.findall(r"^\d+ (Work package \d+)$", text, re.MULTILINE)
        listed += here
        assert here, "the sums never stand alone"
        assert f"Page {number} of {len(pages)}" in text
        assert "Unit price" in text
        assert re.findall(r"^Brought forward (.*)$", text, re.MULTILINE) == ([brought] if brought else [])
        brought = carried[here[-1]] if number < len(pages) else None
        assert re.findall(r"^Carried forward (.*)$", text, re.MULTILINE) == ([brought] if brought else [])
        assert ("Total due" in text) == (number == len(pages))
    assert listed == list(carried)


def test_decimal_marks_stand_below_each_other(typesetter: Typst) -> None:
    page = invoice(3)
    for line, quantity in zip(page["lines"], ["7", "12.5", "0.125"], strict=True):
        line["quantity"] = quantity
        line["price"] = line["net"] = "1"
        line["description"] = line["detail"] = "x"
    marks = [box for _, character, box in characters(typeset(typesetter, page)) if character == "."]
    quantities = [left for left, bottom, _, _ in marks if 300 < left < 480 and 380 < bottom < 560]
    assert len(quantities) == 2
    assert quantities[0] == pytest.approx(quantities[1], abs=0.1)


def test_columns_that_no_line_uses_are_left_out(typesetter: Typst) -> None:
    page = invoice(2)
    for line in page["lines"]:
        line["quantity"] = line["unit"] = line["price"] = ""
        line["tax"] = "19%"
    text = typesetter.text(typeset(typesetter, page))
    assert "Quantity" not in text
    assert "Unit price" not in text
    assert re.search(r"^# Description VAT Net EUR$", text, re.MULTILINE)


def test_draft_is_no_invoice(typesetter: Typst) -> None:
    text = typesetter.text(typeset(typesetter, draft(20)))
    assert text.count("DRAFT, not an invoice") >= 2 * 2  # behind the text and in words, on each page
    assert "INV-" not in text
    assert "IBAN" not in text


@pytest.mark.parametrize("part", ["number", "payment"])
def test_watermark_excludes_number_and_bank_data(typesetter: Typst, part: str) -> None:
    page: dict[str, object] = {**draft(), part: {**invoice()}[part]}
    with pytest.raises(Stop, match="neither a number nor bank data") as stopped:
        typesetter.typeset("invoice.typ", page, {}, at=AT)
    assert stopped.value.exit_code == Exit.INTERNAL


def test_estimate_without_client_moves_up(typesetter: Typst) -> None:
    def top_of_title(page: PageData) -> float:
        return max(box[3] for _, character, box in characters(typeset(typesetter, page)) if character == "Q")

    page = estimate()
    assert top_of_title(page) > top_of_title(page | {"client": ["Acme GmbH"]}) + 50


def test_hostile_text_is_shown_as_it_is(typesetter: Typst) -> None:
    page = invoice(1) | {
        "title": HOSTILE,
        "client": [HOSTILE],
        "facts": [{"label": HOSTILE, "value": HOSTILE}],
        "intro": [HOSTILE],
        "notes": [HOSTILE],
        "footer": [HOSTILE],
        "ledger": HOSTILE,
    }
    page["lines"][0]["description"] = page["lines"][0]["detail"] = HOSTILE
    pdf = typeset(typesetter, page)
    assert flowed(typesetter.text(pdf)).count(flowed(HOSTILE)) == 10
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.docinfo["/Title"]) == f"{HOSTILE} INV-2026-0032"


@pytest.mark.parametrize("character", ["\x07", "\x1b", "\x00", "\ue000", "\ufdd0"])
def test_control_characters_never_reach_the_page(typesetter: Typst, character: str) -> None:
    page = invoice(1)
    page["lines"][0]["description"] = f"ab{character}"
    with pytest.raises(Stop) as stopped:
        typeset(typesetter, page)
    assert [p.rule for p in stopped.value.problems] == ["missing-glyph"]
    page["lines"][0]["description"] = printable(f"ab{character}")
    assert re.search(r"^1 ab\N{REPLACEMENT CHARACTER}?$", typesetter.text(typeset(typesetter, page)), re.MULTILINE)


def test_missing_glyphs_are_named(typesetter: Typst) -> None:
    page = invoice(3)
    page["lines"][2]["description"] = "Fix the smiley 😀 and 日"
    with pytest.raises(Stop) as stopped:
        typeset(typesetter, page)
    assert stopped.value.exit_code == Exit.PROBLEMS
    smiley, sun = stopped.value.problems
    assert smiley.rule == "missing-glyph"
    assert smiley.message == (
        "no font here can show U+1F600 (GRINNING FACE), which stands in lines[2].description:"
        " 'Fix the smiley 😀 and 日'"
    )
    assert smiley.hint.startswith('Write it in letters there, e.g. "grinning face".')
    assert "U+65E5" in sun.message
    assert "apt install fonts-noto-cjk" in sun.hint


def test_letters_and_signs_of_the_packaged_fonts(typesetter: Typst) -> None:
    text = "Zażółć gęślą jaźń · Příliš žluťoučký · Ελληνικά · Кириллица · ẞ ß ş ğ · € £ ¥ ₹ ₽ zł · − – — → ✓ … „“ «»"
    pdf = typeset(typesetter, invoice() | {"intro": [text, "4\u202f522,00\u00a0€"]})
    assert flowed(text) in flowed(typesetter.text(pdf))
    assert "4\u202f522,00\u00a0€" in typesetter.text(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = {str(font.get("/BaseFont", "")) for font in document.objects if isinstance(font, pikepdf.Dictionary)}
    assert {name.split("+")[-1].split("-")[0] for name in fonts if name} == {"Inter"}


def test_long_texts_stay_inside_the_margins(typesetter: Typst) -> None:
    page = invoice(3)
    page["lines"][0]["description"] = "x" * 600
    page["lines"][1]["description"] = ("Migration of everything. " * 400)[:10_000]
    page["lines"][2]["detail"] = "a6ac9797af1bf2f4fda07d60d1a1d92d3b8a1e4e5f7d3b0a1c2d3e4f5a6b7c8d9 " * 3
    page |= {
        "issuer": ["Nordwind Gesellschaft für Software mbH", *["A line of the letterhead"] * 8, "x" * 90],
        "client": [
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
            *["Floor 3"] * 6,
        ],
        "facts": [{"label": "Order", "value": "PO-4500017-" + "0" * 40}] * 9,
        "notes": ["A long note about what may matter. " * 100],
    }
    pdf = typeset(typesetter, page)
    assert flowed(page["lines"][1]["description"]) in flowed(_without_carry_over(reader.page_texts(pdf)))
    millimetre = 72 / 25.4
    beyond = [
        (number, character, box)
        for number, character, box in characters(pdf)
        if box[0] < 24.9 * millimetre or box[2] > 190.5 * millimetre or box[1] < 9 * millimetre
    ]
    assert beyond == []
    taken = [tuple(round(edge) for edge in box) for number, _, box in characters(pdf) if number == 0]
    assert len(taken) == len(set(taken)), "characters are printed over each other"


def _without_carry_over(pages: tuple[str, ...]) -> str:
    """The text of the lines alone: from the heads to the end, without running head, carry-over and foot."""
    foot = r"\nCarried forward.*|\nMira Kovac Software · VAT.*|\nNordwind.*|\nLedger.*|\nPage \d+ of \d+"
    starts = [text[text.index("Net EUR") + len("Net EUR") :] for text in pages if "Net EUR" in text]
    return re.sub(r"12\.50 h.*|0\.75 h.*|\d\.\d\d h .*", "", re.sub(foot, "", "".join(starts)))


def test_attached_files(typesetter: Typst) -> None:
    files = {"timesheet.csv": b"day,minutes\r\n2026-10-05,45\r\n", 'we"ird #name.xml': b"<a/>", "notes.bin": b"\x00"}
    pdf = typeset(typesetter, invoice(), files)
    assert reader.attached(pdf) == files
    with pikepdf.open(io.BytesIO(pdf)) as document:
        related = {str(spec["/UF"]): str(spec["/AFRelationship"]) for spec in document.Root["/AF"]}
    assert related == {"timesheet.csv": "/Supplement", 'we"ird #name.xml': "/Alternative", "notes.bin": "/Supplement"}


def test_equal_input_gives_equal_bytes_in_another_process(typesetter: Typst, tmp_path: Path) -> None:
    page, files = invoice(40), {"timesheet.csv": b"x", "a.xml": b"<a/>"}
    (tmp_path / "page.json").write_text(json.dumps(page), encoding="utf-8")
    program = (
        "import json, sys, datetime; from git_bill.adapters.typst import Typst;"
        "page = json.load(open('page.json')); at = datetime.datetime.fromisoformat('2026-11-07T08:30:00+00:00');"
        "files = {'a.xml': b'<a/>', 'timesheet.csv': b'x'};"
        "sys.stdout.buffer.write(Typst(lambda pdf: '').typeset('invoice.typ', page, files, at=at))"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ
        | {"TZ": "America/New_York", "PYTHONHASHSEED": "7", "LANG": "de_DE.UTF-8", "TMPDIR": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    assert other.stdout == typeset(typesetter, page, files)
    assert other.stdout != typesetter.typeset("invoice.typ", page, files, at=datetime(2026, 11, 8, tzinfo=UTC))


def test_date_needs_its_offset(typesetter: Typst) -> None:
    with pytest.raises(ValueError, match="offset"):
        typesetter.typeset("invoice.typ", invoice(), {}, at=datetime(2026, 11, 7))  # noqa: DTZ001


LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10" fill="#123456"/></svg>'
)
CODE: Code = {"label": "Scan to pay", "alt": "Scan to pay (QR)", "side": 2, "path": "M0 0h1v1h-1zM1 1h1v1h-1z"}


def paid(**more: object) -> PageData:
    """A page with a code and a button."""
    page = invoice(2)
    assert page["payment"] is not None
    page["payment"] |= {"codes": [CODE], "link": {"label": "Pay online", "url": "https://pay.example/4f9a"}}
    return cast("PageData", {**page, **more})


def swiss() -> PageData:
    """A page with a Swiss payment slip whose debtor is to be filled in."""
    made = swiss_bill(
        iban="CH5800791123000889012",
        creditor=address("Max Muster & Söhne", "Musterstrasse 123", "8000", "Seldwyla", "CH"),
        amount=Money.parse("1949.75 CHF"),
        debtor=None,
        number="INV-2026-0032",
        message="INV-2026-0032",
    )
    assert made is not None
    return invoice(2) | {"slip": swiss_slip(made, "fr")}


def links_of(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [str(note.A.URI) for page in document.pages for note in page.get("/Annots", []) if "/A" in note]


def test_a_button_opens_the_payment_link(typesetter: Typst) -> None:
    pdf = typeset(typesetter, paid())
    assert links_of(pdf) == ["https://pay.example/4f9a"]
    text = typesetter.text(pdf)
    assert "Scan to pay" in text
    assert "https://pay.example/4f9a" in text, "for who reads it on paper"


def test_eight_lines_with_a_code_fit_on_one_page(typesetter: Typst) -> None:
    page = invoice(8) | {"payment": paid()["payment"], "notes": []}
    assert page["payment"] is not None
    page["payment"]["link"] = None
    assert len(reader.page_texts(typeset(typesetter, page))) == 1


def test_a_swiss_slip_has_a_page_of_its_own(typesetter: Typst) -> None:
    first, slip = reader.page_texts(typeset(typesetter, swiss()))
    assert "Récépissé" not in first
    for words in ("Récépissé", "Section paiement", "CH58 0079 1123 0008 8901 2", "Payable par (nom/adresse)"):
        assert words in slip
    assert re.search(r"1\s949\.75", slip)
    boxes = [box for number, _, box in characters(typeset(typesetter, swiss())) if number == 1]
    millimetre = 72 / 25.4
    assert min(box[0] for box in boxes) > 4.9 * millimetre
    assert all(box[3] < 105 * millimetre + 15 or box[3] > 250 * millimetre for box in boxes), "the lower 105 mm"


def test_a_logo_stands_for_the_name_at_the_head(typesetter: Typst) -> None:
    page = invoice(1) | {"logo": {"file": "branding/logo.svg", "alt": "Mira Kovac Software"}}
    pdf = typesetter.typeset("invoice.typ", page, {}, at=AT, beside={"branding/logo.svg": LOGO})
    assert "/Alt" in str(pikepdf_text(pdf))
    assert "Mira Kovac Software" in typesetter.text(pdf)


@pytest.mark.parametrize(
    ("name", "content"),
    [("logo.svg", b"<svg <broken"), ("logo.png", b"\x89PNG\r\n\x1a\nxxxx"), ("logo.jpg", b"\xff\xd8\xffzz")],
)
def test_a_logo_that_can_not_be_drawn_is_no_bug_of_ours(typesetter: Typst, name: str, content: bytes) -> None:
    page = invoice(1) | {"logo": {"file": f"branding/{name}", "alt": "Mira Kovac Software"}}
    with pytest.raises(Stop, match="the logo can't be drawn") as stopped:
        typesetter.typeset("invoice.typ", page, {}, at=AT, beside={f"branding/{name}": content})
    problem = stopped.value.problems[0]
    assert (stopped.value.exit_code, problem.file, problem.at) == (
        Exit.PROBLEMS,
        "billing/billing.toml",
        ("branding", "logo"),
    )


def pikepdf_text(pdf: bytes) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return " ".join(repr(each) for each in document.objects if isinstance(each, pikepdf.Dictionary))


def test_a_template_of_ones_own_takes_the_place_of_the_packaged_one(typesetter: Typst) -> None:
    own = b'#import "parts/head.typ": head\n#set document(title: "T")\n#head(json("page.json").number)'
    beside = {"invoice.typ": own, "parts/head.typ": b"#let head(number) = [Number #number]"}
    pdf = typesetter.typeset("invoice.typ", invoice(), {"timesheet.csv": b"x"}, at=AT, beside=beside)
    assert typesetter.text(pdf).strip() == "Number INV-2026-0032"
    assert reader.attached(pdf) == {"timesheet.csv": b"x"}, "what belongs to the file can't be left out"
    assert "Invoice INV-2026-0032" in typesetter.text(typeset(typesetter, invoice())), "nothing of it stays"


@pytest.mark.parametrize(
    "own", ['#import "@preview/cetz:0.3.4"', '#import "@local/x:1.0.0"', '#read("/etc/passwd")', '#read("../x")']
)
def test_a_template_of_ones_own_reads_nothing_but_its_folder(typesetter: Typst, own: str) -> None:
    source = f'#set document(title: "T")\n{own}'.encode()
    with pytest.raises(Stop, match=r"it can't be typeset") as stopped:
        typesetter.typeset("invoice.typ", invoice(), {}, at=AT, beside={"invoice.typ": source})
    assert stopped.value.problems[0].line == 2


def test_a_mistake_in_a_template_of_ones_own_is_told_where_it_is(typesetter: Typst) -> None:
    beside = {
        "invoice.typ": b'#set document(title: "T")\n#include "my parts/head.typ"',
        "my parts/head.typ": b"\n#nothing",
    }
    with pytest.raises(Stop) as stopped:
        typesetter.typeset("invoice.typ", invoice(), {}, at=AT, beside=beside)
    problem = stopped.value.problems[0]
    assert stopped.value.exit_code == Exit.PROBLEMS
    assert (problem.file, problem.line) == ("billing/templates/my parts/head.typ", 2)
    assert problem.message == "it can't be typeset: unknown variable: nothing"


@pytest.mark.parametrize(
    ("own", "limit"),
    [
        ("#for one in range(100000) { for two in range(100000) {} }", "2 seconds"),
        ("#let all = range(1000000000)", "2 GB of memory"),
    ],
)
def test_a_template_of_ones_own_that_never_ends_is_ended(
    typesetter: Typst, own: str, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "SECONDS", 2)
    with pytest.raises(Stop, match=f"can't be typeset: it takes more than {limit}") as stopped:
        typesetter.typeset("invoice.typ", invoice(), {}, at=AT, beside={"invoice.typ": own.encode()})
    problem = stopped.value.problems[0]
    assert (stopped.value.exit_code, problem.file) == (Exit.PROBLEMS, "billing/templates/invoice.typ")


def test_what_a_workspace_brings_is_set_as_ours_is(typesetter: Typst) -> None:
    alone = typesetter.typeset("invoice.typ", invoice(), {}, at=AT)
    assert typesetter.typeset("invoice.typ", invoice(), {}, at=AT, beside={"beside.txt": b"x"}) == alone


def test_nothing_of_the_folder_that_it_runs_in_is_believed(
    typesetter: Typst, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "git_bill").mkdir()
    for name in ("git_bill/__init__.py", "json.py"):
        (tmp_path / name).write_text("raise SystemExit(7)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert typesetter.typeset("invoice.typ", invoice(), {}, at=AT, beside={"beside.txt": b"x"})


def test_nothing_is_written_outside_the_folder(typesetter: Typst) -> None:
    with pytest.raises(ValueError, match="outside"):
        typesetter.typeset("invoice.typ", invoice(), {}, at=AT, beside={"../../x": b""})


SYSTEM = Typst(reader.text)


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("株式会社アクメ", "ja", "apt install fonts-noto-cjk (on a Mac: brew install font-noto-sans-cjk-jp)"),
        ("회사", "en", "apt install fonts-noto-cjk (on a Mac: brew install font-noto-sans-cjk-kr)"),
        ("ไทย", "en", "apt install fonts-noto-core (on a Mac: brew install font-noto-sans-thai)"),
    ],
)
def test_a_writing_system_without_a_font_names_what_to_install(
    tmp_path: Path, text: str, language: str, script: str
) -> None:
    page = invoice(1) | {"client": [text], "language": language}
    with pytest.raises(Stop) as stopped:
        typeset(Typst(reader.text, [tmp_path]), page)
    (problem,) = stopped.value.problems
    assert problem.rule == "missing-glyph"
    assert f"U+{ord(text[0]):04X}" in problem.message
    assert "client[0]" in problem.message
    assert script in problem.hint


@pytest.mark.parametrize(
    ("text", "language", "direction"),
    [("株式会社アクメ 東京都", "ja", "ltr"), ("شركة أكمي", "ar", "rtl"), ("חברת אקמי", "he", "rtl")],
)
def test_fonts_of_the_system_are_used_where_the_text_needs_them(
    text: str, language: str, direction: Literal["ltr", "rtl"]
) -> None:
    page = invoice(2) | {"client": [text], "language": language, "direction": direction}
    try:
        pdf = typeset(SYSTEM, page)
    except Stop as stopped:
        pytest.skip(f"no such font here: {stopped.problems[0].hint}")
    assert flowed(text) in flowed(reader.text(pdf))
    assert typeset(Typst(reader.text), page) == pdf, "the same bytes on the same machine"


def test_latin_text_does_not_depend_on_the_fonts_of_the_machine(typesetter: Typst, tmp_path: Path) -> None:
    assert typeset(typesetter, invoice(3)) == typeset(Typst(reader.text, [tmp_path]), invoice(3))


def test_from_right_to_left_figures_and_numbers_stay_readable(typesetter: Typst) -> None:
    page = invoice(2) | {"direction": "rtl", "language": "he", "facts": [{"label": "Phone", "value": "+49 30 1234567"}]}
    text = typesetter.text(typeset(typesetter, page))
    assert "+49 30 1234567" in text
    assert re.search(r"\b308\.75\b", text)
    columns = {c: box[0] for n, c, box in characters(typeset(typesetter, page)) if n == 0 and c == "#"}
    assert columns["#"] > 400, "the first column is at the right"


def test_template_reads_no_file_of_the_machine(
    typesetter: Typst, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "bad.typ").write_text(f'#set document(title: "x")\n#read("{tmp_path}/secret.txt")')
    monkeypatch.setattr(adapter, "_TEMPLATES", tmp_path)
    with pytest.raises(Stop, match=re.escape("templates/bad.typ could not be typeset")) as stopped:
        typesetter.typeset("bad.typ", {}, {}, at=AT)
    assert stopped.value.problems[0].rule == "typesetting"


PAGES = {
    "one": invoice(1),
    "eight": invoice(8),
    "carried": invoice(40),
    "letter": invoice(8) | {"paper": "us-letter"},
    "draft": draft(9),
    "estimate": estimate(),
    "long": invoice(2) | {"intro": ["x" * 300], "notes": ["A long note. " * 200]},
    "paid": paid(legal=["Late payment: 40 EUR."]),
    "swiss": swiss(),
    "right to left": paid(direction="rtl", language="he"),
    "german": invoice(9) | {"language": "de-Latn-CH"},
    "bare": estimate() | {"issuer": [], "facts": [], "intro": [], "lines": [], "notes": [], "footer": [], "ledger": ""},
}


@pytest.mark.pdfa
@pytest.mark.parametrize("name", PAGES)
def test_archival_and_accessible(typesetter: Typst, name: str) -> None:
    validator = pytest.importorskip("page")
    pdf = typeset(typesetter, PAGES[name], {"timesheet.csv": b"day,minutes\r\n"})
    failures = [
        f"{failure.rule_id}: {failure.message}"
        for profile in (validator.ValidationProfile.PDF_A_3A, validator.ValidationProfile.PDF_UA_1)
        for failure in validator.validate_pdf_bytes(pdf, profile=profile).failures
    ]
    if _stream_lengths_are_exact(pdf):  # page-validation 0.11 takes a stream's last byte, if it is CR, for a line end
        failures = [failure for failure in failures if not failure.startswith("PDFA3A-STREAM-LENGTH-001")]
    assert failures == []


def _stream_lengths_are_exact(pdf: bytes) -> bool:
    streams = list(re.finditer(rb"/Length (\d+)[^>]*>>\s*stream\n", pdf))
    return len(streams) > 5 and all(pdf[s.end() + int(s[1]) :].startswith(b"\nendstream") for s in streams)
