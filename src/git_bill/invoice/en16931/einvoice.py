"""The e-invoice of an issued invoice: its XML in a profile, and everything that keeps it from being one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from git_bill.contract.tax.levy import Component
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.en16931.cii import write_cii
from git_bill.invoice.en16931.exact import arithmetic
from git_bill.invoice.en16931.made import of_invoice
from git_bill.invoice.en16931.model import Document, Model, Note
from git_bill.invoice.en16931.presence import conditions, required
from git_bill.invoice.en16931.profile import Einvoicing
from git_bill.invoice.en16931.ubl import write_ubl
from git_bill.invoice.issued import Invoice
from git_bill.invoice.totals import sums_of, treatments
from git_bill.problem import Problem, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Einvoice:
    """What an e-invoice is made of. `profile`: its name in the client's `formats`.

    `documents`: files that support it (BG-24), inside where the profile allows; `mentions`: what the law of the
    issuer's country wants said besides, each with its UNTDID 4451 code (BT-21).
    """

    invoice: Invoice
    profile: str
    known: Einvoicing
    wording: Wording
    documents: Sequence[Document] = ()
    mentions: Sequence[Note] = field(default=())

    @property
    def model(self) -> Model:
        """The business terms. Raises KeyError for a profile that there is not."""
        return of_invoice(
            self.invoice,
            self.known.profiles[self.profile],
            self.known,
            self.wording,
            documents=self.documents,
            mentions=self.mentions,
        )


def xml_of(einvoice: Einvoice) -> bytes:
    """The XML in the profile's syntax, the same bytes for the same invoice. Raises KeyError for an unknown profile."""
    write = {"ubl": write_ubl, "cii": write_cii}[einvoice.known.profiles[einvoice.profile].syntax]
    return write(einvoice.model)


def problems_of(einvoice: Einvoice) -> tuple[Problem, ...]:
    """Everything that keeps the document from being right, to the cent; each names the key to change and its file."""
    known, invoice = einvoice.known, einvoice.invoice
    profile = known.profiles.get(einvoice.profile)
    if profile is None:
        return (_unknown(einvoice.profile, known),)
    model = einvoice.model
    local = profile.local(invoice.issuer.country, invoice.client.country)
    found = (
        *arithmetic(model, _parts(invoice)),
        *conditions(model),
        *required(model, profile, local, known.terms, profile.title),
    )
    client = invoice.bill_to or invoice.client_id
    return tuple(
        known.problem(each.rule.lower(), each.term, each.message, client, example=each.example) for each in found
    )


def _unknown(name: str, known: Einvoicing) -> Problem:
    near = nearest(name, known.profiles)
    hint = f'did you mean "{near}"?' if near else f"there are {', '.join(known.profiles)}"
    return Problem(rule="no-such-format", message=f"there is no e-invoice called {name!r}", hint=hint)


def _parts(invoice: Invoice) -> Mapping[tuple[str, Decimal], Sequence[Component]]:
    """The taxes that a group's rate consists of, such as CGST and SGST."""
    return {group: taxes[0].components for group, taxes in treatments(sums_of(invoice)).items() if taxes[0].components}
