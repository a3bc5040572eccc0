"""Render: an issued document, or a draft that is none, in one of the formats. Equal input gives equal bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Literal

from git_bill.contract.agreement import Engagement
from git_bill.contract.tax.table import VatTable
from git_bill.custody.sealing import veiled
from git_bill.flows import load
from git_bill.flows.electronic import Electronics, einvoice, hybrid
from git_bill.flows.issued_files import ATTACHED, frozen_xml, is_hybrid
from git_bill.flows.look import look_of
from git_bill.flows.lookup import known
from git_bill.flows.open_drafts import read_books
from git_bill.flows.own_words import worded
from git_bill.flows.waiting import Waiting
from git_bill.invoice.document import attachment
from git_bill.invoice.document.branding import PLAIN, Look
from git_bill.invoice.document.lines_csv import draft_json, lines_csv
from git_bill.invoice.document.page import draft_page, invoice_page
from git_bill.invoice.document.page_data import PageData
from git_bill.invoice.document.receipt import Receipt, paid_whole
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Draft
from git_bill.invoice.en16931.einvoice import problems_of, xml_of
from git_bill.invoice.issued import Invoice
from git_bill.invoice.issuing import preview
from git_bill.layout import draft_file
from git_bill.ports import Books, Renderer
from git_bill.press import Typesetter
from git_bill.problem import Exit, Stop, errors, stop
from git_bill.shape import read
from git_bill.worklog.entry import Worked
from git_bill.worklog.evidence import Evidence

Form = Literal["invoice", "pro-forma", "receipt"]
ENDINGS: Mapping[str, str] = {"pdf": "pdf", "html": "html", "csv": "csv", "json": "json"}
_HTML = "invoice.html.j2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What rendering needs from outside."""

    typesetter: Typesetter
    renderer: Renderer
    wording: Wording
    vat: VatTable
    electronics: Electronics


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is rendered. `invoice`: as issued, or what a draft would become; `draft` None for an issued one.

    `files`: those that were frozen with it, by name. `at`: the instant that files carry. `vat`: with the books' rows.
    `receipt`: what was paid of it, where that is asked for.
    """

    name: str
    invoice: Invoice
    at: datetime
    draft: Draft | None = None
    engagement: Engagement | None = None
    worked: Mapping[str, Worked] | None = None
    evidence: tuple[Evidence, ...] = ()
    files: Mapping[str, bytes] | None = None
    look: Look = PLAIN
    wording: Wording | None = None
    vat: VatTable | None = None
    receipt: Receipt | None = None


def of_file(content: bytes, file: str) -> Subject:
    """An `invoice.toml` by itself, from anywhere. Stops (exit 1) at a file that is none."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise stop(Exit.PROBLEMS, "not-utf-8", f"{file} is not UTF-8", "name an invoice.toml") from None
    found = read(Invoice, text, file)
    if found.value is None or errors(found.problems):
        raise Stop(Exit.PROBLEMS, found.problems)
    invoice = found.value
    return Subject(name=invoice.number, invoice=invoice, at=datetime.combine(invoice.issue_date, time(), UTC))


def of_word(books: Books, tools: Tools, word: str) -> Subject:
    """A draft's name or an issued number in these books. Stops (exit 1) at what is neither."""
    names = known(books)
    meant = names.find(word)
    look = look_of(names.here, load.workspace(names.here).settings)
    words = worded(names.here, tools.wording)
    if isinstance(meant, Waiting):
        return _draft(books, tools, meant, look, words)
    if isinstance(meant, load.Numbered) and meant.invoice is not None:
        files = {path.rpartition("/")[2]: names.tip.read(path) or b"" for path in names.tip.paths(meant.folder)}
        return Subject(
            name=meant.claim.number,
            invoice=meant.invoice,
            at=meant.claim.at,
            worked=names.worked,
            evidence=load.evidence(names.here),
            files=files,
            look=look,
            wording=words,
        )
    if isinstance(meant, load.Numbered):
        raise stop(Exit.PROBLEMS, "not-issued", f"{word} is claimed and not issued", "finish it: git bill issue")
    raise names.nothing(word)


def _draft(books: Books, tools: Tools, meant: Waiting, look: Look, words: Wording) -> Subject:
    if meant.draft is None:
        raise Stop(Exit.PROBLEMS, meant.problems)
    state = read_books(books, tools.vat, words)
    issuer, engagement = state.parties(meant.draft.client, meant.draft)
    at = books.landed([draft_file(meant.name)], None, meant.commit)[-1].at
    seen = replace(engagement, client=veiled(engagement.client))
    invoice = preview(meant.draft, veiled(issuer), seen, today=at.date())
    return Subject(
        name=meant.name,
        invoice=invoice,
        at=at,
        draft=meant.draft,
        engagement=engagement,
        worked=state.worked,
        look=look,
        wording=words,
        vat=state.vat,
    )


def render(subject: Subject, wanted: str, tools: Tools, *, form: Form = "invoice", paid: date | None = None) -> bytes:
    """The bytes. Stops (exit 1) at what may not be made: an e-invoice of a draft or with an error, a receipt of what is
    not issued. `paid`: the day of the payment as a person says it, where the books have none."""
    _refuse(subject, wanted, tools, form)
    if paid is not None and subject.draft is None:
        subject = replace(subject, receipt=paid_whole(subject.invoice, paid))
    invoice = subject.invoice
    if wanted == "csv":
        return lines_csv(invoice)
    if wanted == "json":
        return draft_json(invoice) if subject.draft else _statement(subject)
    if wanted == "html":
        page = {**_page(subject, tools, form), "notice": subject.draft is not None}
        return tools.renderer.render(_HTML, {"page": page}).encode()
    if wanted == "pdf" or is_hybrid(wanted):
        return _pdf(subject, wanted, tools, form)
    return (subject.files or {}).get(frozen_xml(invoice, wanted)) or _xml(subject, wanted, tools)


def _xml(subject: Subject, wanted: str, tools: Tools) -> bytes:
    wording = subject.wording or tools.wording
    attached = {name: content for name, content in (subject.files or {}).items() if name.startswith(ATTACHED)}
    made = einvoice(subject.invoice, wanted, tools.electronics, wording, attached)
    if wrong := errors(problems_of(made)):
        raise Stop(Exit.PROBLEMS, wrong)
    return xml_of(made)


def _pdf(subject: Subject, wanted: str, tools: Tools, form: Form) -> bytes:
    """As it was frozen, where it was."""
    frozen = (subject.files or {}).get("invoice.pdf")
    if form == "invoice" and frozen and (wanted == "pdf" or wanted in subject.invoice.client.formats):
        return frozen
    files = {} if subject.draft or form != "invoice" else {attachment.NAME: _statement(subject)}
    page = _page(subject, tools, form)
    pdf = tools.typesetter.typeset("invoice.typ", page, files, at=subject.at, beside=subject.look.files)
    if wanted == "pdf":
        return pdf
    return hybrid(pdf, _xml(subject, wanted, tools), wanted, tools.electronics, at=subject.at)


def _page(subject: Subject, tools: Tools, form: Form) -> PageData:
    worked, wording = subject.worked or {}, subject.wording or tools.wording
    if subject.draft is None:
        return invoice_page(subject.invoice, worked, wording, look=subject.look, receipt=subject.receipt)
    return draft_page(
        subject.draft,
        subject.invoice.issuer,
        subject.engagement or Engagement(client=subject.invoice.client),
        worked,
        wording,
        look=subject.look,
        today=subject.invoice.issue_date,
        form="pro-forma" if form == "pro-forma" else "draft",
        vat=subject.vat or tools.vat,
    )


def _statement(subject: Subject) -> bytes:
    return attachment.attachment(subject.invoice, subject.worked or {}, subject.evidence)


def _refuse(subject: Subject, wanted: str, tools: Tools, form: Form) -> None:
    """What is asked for and can't be made, or would be wrong to make."""
    if wanted not in ENDINGS and wanted not in tools.electronics.formats():
        hint = ", ".join(dict.fromkeys((*ENDINGS, *tools.electronics.formats())))
        raise stop(Exit.USAGE, "no-such-format", f"there is no format {wanted!r}", hint)
    if subject.draft is not None and wanted not in ENDINGS:
        message = f"{subject.name} is a draft: an e-invoice of it would be an invoice, with its tax owed (UStG § 14c)"
        raise stop(Exit.PROBLEMS, "draft-is-no-invoice", message, f"issue it first: git bill issue {subject.name}")
    if form == "pro-forma" and subject.draft is None:
        raise stop(Exit.PROBLEMS, "issued-already", f"{subject.name} is issued: a pro-forma comes before that")
    if form == "receipt" and subject.draft is not None:
        message = f"{subject.name} is a draft: nothing can be paid on it"
        raise stop(Exit.PROBLEMS, "not-issued", message, f"issue it first: git bill issue {subject.name}")
    if form == "receipt" and subject.invoice.reverses is not None:
        raise stop(Exit.PROBLEMS, "no-receipt", f"{subject.name} is a credit note: the client does not pay it")
    if form != "invoice" and wanted not in {"pdf", "html"}:
        raise stop(Exit.USAGE, "usage", f"a {form} is for people: there is none as {wanted}", "--format pdf or html")
