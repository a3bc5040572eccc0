"""The electronic forms of a document, as its client wants them: checked to the cent, and by the official rules."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from git_bill.custody.ledger import sha256
from git_bill.flows.issued_files import HYBRIDS, PLAIN, frozen_attachment, frozen_xml
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.en16931.einvoice import Einvoice, problems_of, xml_of
from git_bill.invoice.en16931.model import Document, Embedded, Note
from git_bill.invoice.en16931.profile import Einvoicing
from git_bill.invoice.issued import Invoice
from git_bill.layout import client_file
from git_bill.press import Combiner, RuleBook
from git_bill.problem import Exit, Problem, errors, stop

REPORT = "validation.json"
_SHORT = {"ubl": "en16931-ubl", "cii": "en16931-cii"}
NOTHING: Mapping[str, bytes] = {}
_MIMES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Electronics:
    """What e-invoices are made and checked with; without `rules` the official ones are not asked."""

    known: Einvoicing = Einvoicing()
    combiner: Combiner | None = None
    rules: RuleBook | None = None

    def formats(self) -> tuple[str, ...]:
        """What `formats` of a client may name."""
        return (PLAIN, *_SHORT, *self.known.profiles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """Files by name, and what was found about them. `pdf`: with the XML inside where the client wants that."""

    pdf: bytes
    files: Mapping[str, bytes]
    problems: tuple[Problem, ...] = ()


def einvoice(
    invoice: Invoice, wanted: str, office: Electronics, wording: Wording, attached: Mapping[str, bytes] = NOTHING
) -> Einvoice:
    """What the XML of a format is made of. Stops (exit 2) at a format that there is not."""
    profile = _SHORT.get(wanted, wanted)
    if profile not in office.known.profiles:
        raise stop(Exit.USAGE, "no-such-format", f"there is no format {wanted!r}", ", ".join(office.formats()))
    mentions = tuple(Note(text=note.text, subject=note.code) for note in invoice.legal)
    return Einvoice(
        invoice=invoice,
        profile=profile,
        known=office.known,
        wording=wording,
        documents=tuple(_documents(invoice, attached)),
        mentions=mentions,
    )


def _documents(invoice: Invoice, attached: Mapping[str, bytes]) -> Iterator[Document]:
    """Files of the kinds that EN 16931 lets be inside (BT-125-1)."""
    for each in invoice.attached:
        mime = _MIMES.get(each.name.rpartition(".")[2].lower())
        content = attached.get(frozen_attachment(each))
        if mime is not None and content is not None:
            inside = Embedded(content=content, mime=mime, name=each.name)
            yield Document(reference=each.name, description=each.kind, embedded=inside)


def exact_problems(invoice: Invoice, office: Electronics, wording: Wording) -> tuple[Problem, ...]:
    """What our own rules find in the formats that the client wants; a format that there is not is one of them."""
    found: dict[Problem, None] = {}
    hybrids = tuple(dict.fromkeys(each for each in invoice.client.formats if each in HYBRIDS))
    if len(hybrids) > 1:
        found[_one_pdf(hybrids, invoice)] = None
    for wanted in invoice.client.formats:
        if wanted not in office.formats():
            found[_no_format(wanted, invoice, office)] = None
        elif wanted != PLAIN:
            found |= dict.fromkeys(problems_of(einvoice(invoice, wanted, office, wording)))
    return tuple(found)


def every_problem(invoice: Invoice, office: Electronics, wording: Wording) -> tuple[Problem, ...]:
    """What keeps the client's formats from being made: our own rules first, then the official ones."""
    found = exact_problems(invoice, office, wording)
    if errors(found):
        return found
    ones = [einvoice(invoice, each, office, wording) for each in invoice.client.formats if each != PLAIN]
    official = (problem for one in ones for problem in _official(one, xml_of(one), office))
    return tuple(dict.fromkeys((*found, *official)))


def hybrid(pdf: bytes, xml: bytes, wanted: str, office: Electronics, *, at: datetime) -> bytes:
    """The PDF with the XML inside. Stops (exit 1) where nothing here can combine them."""
    if office.combiner is None:
        raise stop(Exit.PROBLEMS, "no-hybrid", f"{wanted} needs what puts the XML into the PDF")
    return office.combiner.combine(pdf, xml, level=HYBRIDS[wanted], at=at)


def forms(
    invoice: Invoice,
    pdf: bytes,
    office: Electronics,
    wording: Wording,
    *,
    at: datetime,
    attached: Mapping[str, bytes] = NOTHING,
) -> Forms:
    """Every form that the client wants besides the plain PDF, with the report of what they were checked by."""
    found = exact_problems(invoice, office, wording)
    wanted = [each for each in dict.fromkeys(invoice.client.formats) if each != PLAIN]
    if errors(found) or not wanted:
        return Forms(pdf=pdf, files={}, problems=found)
    files: dict[str, bytes] = {}
    checked: dict[str, Any] = {}
    problems = list(found)
    combined = pdf
    for each in wanted:
        one = einvoice(invoice, each, office, wording, attached)
        content = xml_of(one)
        official = tuple(_official(one, content, office))
        problems += official
        name = frozen_xml(invoice, each)
        if name:
            files[name] = content
        else:
            combined = hybrid(pdf, content, each, office, at=at)
            name = "invoice.pdf"
        checked[each] = _report(name, one, content, problems_of(one), official)
    report = json.dumps({"schema": 1, "formats": checked}, ensure_ascii=False, indent=2) + "\n"
    return Forms(pdf=combined, files={**files, REPORT: report.encode()}, problems=tuple(dict.fromkeys(problems)))


def _official(one: Einvoice, xml: bytes, office: Electronics) -> Iterator[Problem]:
    if office.rules is not None:
        profile, invoice = one.known.profiles[one.profile], one.invoice
        yield from office.rules.validate(xml, profile, profile.local(invoice.issuer.country, invoice.client.country))


def _report(
    name: str, one: Einvoice, xml: bytes, exact: tuple[Problem, ...], official: tuple[Problem, ...]
) -> Mapping[str, Any]:
    profile = one.known.profiles[one.profile]
    return {
        "file": name,
        "specification": profile.specification,
        "sha256_of_xml": sha256(xml),
        "rules": list(profile.rules),
        "exact": [_said(problem) for problem in exact],
        "official": [_said(problem) for problem in official],
    }


def _said(problem: Problem) -> Mapping[str, str]:
    return {"rule": problem.rule, "severity": problem.severity, "message": problem.message}


def _one_pdf(hybrids: tuple[str, ...], invoice: Invoice) -> Problem:
    return Problem(
        rule="two-hybrids",
        message=f"{invoice.client.name} wants {' and '.join(hybrids)}, and one PDF holds one XML",
        hint=f'formats = ["{hybrids[0]}"]',
        file=client_file(invoice.bill_to or invoice.client_id),
        at=("client", "formats"),
    )


def _no_format(wanted: str, invoice: Invoice, office: Electronics) -> Problem:
    return Problem(
        rule="no-such-format",
        message=f"{invoice.client.name} wants {wanted!r}, which is no format of an invoice",
        hint=f'formats = ["pdf", "facturx"]; there are {", ".join(office.formats())}',
        file=client_file(invoice.bill_to or invoice.client_id),
        at=("client", "formats"),
    )
