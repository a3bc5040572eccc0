"""The evidence pack as data and as a page: whatever strangers wrote, and the same bytes for the same books."""

import io

import pikepdf
import pytest
from tests.flows.shelf import CLIENT, ISSUER
from tests.receivable.dispute.cases import AT, DAY, HOSTILE, pack

from git_bill.adapters import pdf
from git_bill.adapters.tables import wording
from git_bill.adapters.typst import Typst
from git_bill.invoice.document.text import printable
from git_bill.receivable.dispute.pack import NAME, Pack, Said
from git_bill.receivable.dispute.pack_page import pack_page
from git_bill.shape_json import read_json, write_json


def typeset(found: Pack) -> bytes:
    page = pack_page(found, ISSUER, CLIENT, wording())
    return Typst(pdf.text).typeset("invoice.typ", page, {NAME: write_json(found)}, at=AT)


def test_data_is_read_as_it_was_written() -> None:
    found = pack(3, words=HOSTILE)
    again = read_json(Pack, write_json(found), NAME)
    assert (again.value, again.problems) == (found, ())


def test_what_strangers_wrote_is_shown_as_it_is() -> None:
    found = pack(1, words=HOSTILE)
    page = pack_page(found, ISSUER, CLIENT, wording())
    annex = page["annex"]
    assert annex is not None
    shown = [row["what"] for group in annex["groups"] for row in group["rows"]]
    assert any("<script>alert(1)</script> =1+1" in text for text in shown)
    assert not any("\u202e" in text or "\x1b" in text or "\n" in text for text in shown)
    text = pdf.text(typeset(found))
    assert "".join(printable(HOSTILE).split()) in "".join(text.split())
    assert "238.00" in text


def test_signs_that_no_font_has_stop_no_evidence() -> None:
    said = Said(on=DAY, what="reply", text="\U0001f389 paid \u2705 \u2b50 thanks \U0001faf6")
    found = pack(1, words="\U0001f680 ship it", said=(said,))
    text = pdf.text(typeset(found))
    assert "▯ paid ▯ ▯ thanks" in text
    assert "ship it" in text
    assert "\\ud83c\\udf89 paid" in write_json(found).decode()


def test_the_data_goes_with_the_page() -> None:
    found = pack(2)
    content = typeset(found)
    assert content == typeset(found)
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert opened.attachments[NAME].get_file().read_bytes() == write_json(found)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["de", "es", "fr", "it", "nl", "pl"])
def test_forty_lines_in_every_language(language: str) -> None:
    text = pdf.text(typeset(pack(40, language, whole=True)))
    for word in ("WEB-40", "INV-2026-0032", wording().say("pack_disputed", language)):
        assert word in text, word
    for english in ("Evidence on invoice", "What was said", "Approved by", "by e-mail", "closed"):
        assert english not in text, english


def test_a_letter_keeps_its_paragraphs() -> None:
    letter = "Dear Mira,\nwe never met.\n \n\nThe Friday was\na holiday.\n\nRegards"
    said = Said(on=DAY, what="reply", text=letter, files=("b" * 64,))
    annex = pack_page(pack(1, said=(said,)), ISSUER, CLIENT, wording())["annex"]
    assert annex is not None
    (letters,) = [
        group["rows"] for group in annex["groups"] if any("Dear Mira" in row["what"] for row in group["rows"])
    ]
    assert [row["what"].partition(" · ")[2] or row["what"] for row in letters] == [
        "Dear Mira, we never met.",
        "The Friday was a holiday.",
        "Regards",
    ]
    assert [bool(row["day"]) for row in letters] == [True, False, False]
    assert [row["detail"] for row in letters] == ["", "", f"SHA-256 {'b' * 64}"]


def test_the_approved_draft_is_told_in_words() -> None:
    annex = pack_page(pack(1), ISSUER, CLIENT, wording())["annex"]
    assert annex is not None
    details = [row["detail"] for group in annex["groups"] for row in group["rows"]]
    assert any("Objekt 3f2a9c1d4e5f" in each or "git keeps it: blob 3f2a9c1d4e5f" in each for each in details)
