"""UBL 2.1: the syntax binding CEN/TS 16931-3-2, as one declaration that writes and reads Invoice and CreditNote."""

from dataclasses import replace

from git_bill.invoice.en16931.binding import Currencies, Declared, Group, Leaf, Many, Mark
from git_bill.invoice.en16931.codec import CODED_NOTE, DAY, EMBEDDED, IDENTIFIER, TEXT
from git_bill.invoice.en16931.model import DirectDebit, Document, Model, Preceding
from git_bill.invoice.en16931.parties import Identifier
from git_bill.invoice.en16931.reading import document
from git_bill.invoice.en16931.ubl_parties import PARTIES
from git_bill.invoice.en16931.ubl_sums import DAYS, SUMS, line, payment
from git_bill.invoice.en16931.writing import written
from git_bill.shape import Read

_ROOT = "urn:oasis:names:specification:ubl:schema:xsd:{0}-2"
INVOICE, CREDIT_NOTE = (f"{{{_ROOT.format(name)}}}{name}" for name in ("Invoice", "CreditNote"))
# UNTDID 1001 codes that are credit notes (EN 16931 BR-CL-01); all others are invoices
CREDIT_TYPES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"})
_SEPA = "SEPA"  # what UBL calls the identifier of a creditor (BT-90)
_NONE = "NA"  # an order's number where only the seller has one (Peppol BIS 3.0, BT-14)


def write_ubl(model: Model) -> bytes:
    """The XML, the same bytes for the same model. BT-9 of a credit note stands at its way of payment (BG-16)."""
    credit = model.type in CREDIT_TYPES
    root, items = (CREDIT_NOTE, _CREDIT_ITEMS) if credit else (INVOICE, _INVOICE_ITEMS)
    return written(
        root, ("cac", "cbc"), items, _with_substitutes(model), Currencies(model.currency, model.tax_currency)
    )


def read_ubl(content: bytes, file: str) -> Read[Model]:
    """The model, or everything that is wrong with the document. What EN 16931 does not name is left out."""
    read = document(
        Model,
        {INVOICE: _INVOICE_ITEMS, CREDIT_NOTE: _CREDIT_ITEMS},
        content,
        file,
        currency="cbc:DocumentCurrencyCode",
        tax_currency="cbc:TaxCurrencyCode",
    )
    return read if read.value is None else replace(read, value=_without_substitutes(read.value))


def _with_substitutes(model: Model) -> Model:
    """The creditor's identifier as one of the seller; a number of the order where UBL must have one."""
    if model.payment and model.payment.debit and model.payment.debit.creditor:
        creditor = Identifier(id=model.payment.debit.creditor, scheme=_SEPA)
        model = replace(model, seller=replace(model.seller, ids=(*model.seller.ids, creditor)))
    return replace(model, order=_NONE) if model.sales_order and not model.order else model


def _without_substitutes(model: Model) -> Model:
    if model.sales_order and model.order == _NONE:
        model = replace(model, order=None)
    creditor = next((each.id for each in model.seller.ids if each.scheme == _SEPA), None)
    if model.payee and model.payee.id and model.payee.id.scheme == _SEPA:
        creditor, model = model.payee.id.id, replace(model, payee=replace(model.payee, id=None))
    if creditor is None:
        return model
    ids = tuple(each for each in model.seller.ids if each.scheme != _SEPA)
    model = replace(model, seller=replace(model.seller, ids=ids))
    if model.payment is None:
        return model
    debit = replace(model.payment.debit or DirectDebit(), creditor=creditor)
    return replace(model, payment=replace(model.payment, debit=debit))


_OBJECT = Group(
    "cac:AdditionalDocumentReference",
    Leaf("cbc:ID", "object", IDENTIFIER),
    Mark("cbc:DocumentTypeCode", "130"),
)


def _documents(*never: str) -> Declared:
    return Many(
        "cac:AdditionalDocumentReference",
        "documents",
        Document,
        Leaf("cbc:ID", "reference", TEXT),
        Mark("cbc:DocumentTypeCode", None, never=never),
        Leaf("cbc:DocumentDescription", "description", TEXT),
        Group(
            "cac:Attachment",
            Leaf("cbc:EmbeddedDocumentBinaryObject", "embedded", EMBEDDED),
            Leaf("cac:ExternalReference/cbc:URI", "url", TEXT),
        ),
    )


_HEAD: tuple[Declared, ...] = (
    Leaf("cbc:CustomizationID", "specification", TEXT),
    Leaf("cbc:ProfileID", "process", TEXT),
    Leaf("cbc:ID", "number", TEXT),
    Leaf("cbc:IssueDate", "issue_date", DAY),
)
_ABOUT: tuple[Declared, ...] = (
    Leaf("cbc:DocumentCurrencyCode", "currency", TEXT),
    Leaf("cbc:TaxCurrencyCode", "tax_currency", TEXT),
    Leaf("cbc:AccountingCost", "accounting", TEXT),
    Leaf("cbc:BuyerReference", "buyer_reference", TEXT),
    Group("cac:InvoicePeriod", *DAYS, Leaf("cbc:DescriptionCode", "tax_date_code", TEXT)),
    Group("cac:OrderReference", Leaf("cbc:ID", "order", TEXT), Leaf("cbc:SalesOrderID", "sales_order", TEXT)),
    Many(
        "cac:BillingReference/cac:InvoiceDocumentReference",
        "preceding",
        Preceding,
        Leaf("cbc:ID", "number", TEXT),
        Leaf("cbc:IssueDate", "issue_date", DAY),
    ),
    Leaf("cac:DespatchDocumentReference/cbc:ID", "despatch", TEXT),
    Leaf("cac:ReceiptDocumentReference/cbc:ID", "receipt", TEXT),
)
_NOTES = Leaf("cbc:Note", "notes", CODED_NOTE, many=True)
_TAX_DATE = Leaf("cbc:TaxPointDate", "tax_date", DAY)
_TENDER = Leaf("cac:OriginatorDocumentReference/cbc:ID", "tender", TEXT)
_CONTRACT = Leaf("cac:ContractDocumentReference/cbc:ID", "contract", TEXT)

_INVOICE_ITEMS: tuple[Declared, ...] = (
    *_HEAD,
    Leaf("cbc:DueDate", "due_date", DAY),
    Leaf("cbc:InvoiceTypeCode", "type", TEXT),
    _NOTES,
    _TAX_DATE,
    *_ABOUT,
    _TENDER,
    _CONTRACT,
    _OBJECT,
    _documents("130"),
    Leaf("cac:ProjectReference/cbc:ID", "project", TEXT),
    *PARTIES,
    payment(),
    *SUMS,
    line("cac:InvoiceLine", "cbc:InvoicedQuantity"),
)
_CREDIT_ITEMS: tuple[Declared, ...] = (
    *_HEAD,
    _TAX_DATE,
    Leaf("cbc:CreditNoteTypeCode", "type", TEXT),
    _NOTES,
    *_ABOUT,
    _CONTRACT,
    _OBJECT,
    Group(
        "cac:AdditionalDocumentReference",
        Leaf("cbc:ID", "project", TEXT),
        Mark("cbc:DocumentTypeCode", "50"),
    ),
    _documents("130", "50"),
    _TENDER,
    *PARTIES,
    payment(Leaf("cbc:PaymentDueDate", "due_date", DAY)),
    *SUMS,
    line("cac:CreditNoteLine", "cbc:CreditedQuantity"),
)
