"""UN/CEFACT CII D16B: the syntax binding CEN/TS 16931-3-3, as one declaration that writes and reads."""

from git_bill.invoice.en16931.binding import NAMESPACES, Currencies, Declared, Group, Leaf, Many, Mark
from git_bill.invoice.en16931.cii_lines import CHANGE_TAX, DAY, LINE, VAT, changes, days, object, reference
from git_bill.invoice.en16931.cii_parties import address, ids, party, tax_id
from git_bill.invoice.en16931.codec import (
    COMPACT_DAY,
    EMBEDDED,
    EVENT,
    EXCHANGED_AMOUNT,
    IBAN,
    IDENTIFIER,
    NUMBER,
    OTHER_ACCOUNT,
    PLAIN_AMOUNT,
    TAX_AMOUNT,
    TERMS,
    TEXT,
)
from git_bill.invoice.en16931.model import Account, Document, Model, Note, Preceding, TaxGroup
from git_bill.invoice.en16931.reading import document
from git_bill.invoice.en16931.writing import written
from git_bill.shape import Read

ROOT = f"{{{NAMESPACES['rsm']}}}CrossIndustryInvoice"
_SETTLEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"


def write_cii(model: Model) -> bytes:
    """The XML, the same bytes for the same model."""
    return written(ROOT, ("rsm", "ram", "udt", "qdt"), _ITEMS, model, Currencies(model.currency, model.tax_currency))


def read_cii(content: bytes, file: str) -> Read[Model]:
    """The model, or everything that is wrong with the document. What EN 16931 does not name is left out."""
    return document(
        Model,
        {ROOT: _ITEMS},
        content,
        file,
        currency=f"{_SETTLEMENT}/ram:InvoiceCurrencyCode",
        tax_currency=f"{_SETTLEMENT}/ram:TaxCurrencyCode",
    )


_AGREEMENT = Group(
    "ram:ApplicableHeaderTradeAgreement",
    Leaf("ram:BuyerReference", "buyer_reference", TEXT),
    party("ram:SellerTradeParty", "seller"),
    party("ram:BuyerTradeParty", "buyer"),
    Group(
        "ram:SellerTaxRepresentativeTradeParty",
        Leaf("ram:Name", "representative.name", TEXT),
        address("representative.address"),
        tax_id("representative.vat_id", "VA"),
    ),
    Leaf("ram:SellerOrderReferencedDocument/ram:IssuerAssignedID", "sales_order", TEXT),
    Leaf("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", "order", TEXT),
    Leaf("ram:ContractReferencedDocument/ram:IssuerAssignedID", "contract", TEXT),
    Many(
        "ram:AdditionalReferencedDocument",
        "documents",
        Document,
        Leaf("ram:IssuerAssignedID", "reference", TEXT),
        Leaf("ram:URIID", "url", TEXT),
        Mark("ram:TypeCode", "916"),
        Leaf("ram:Name", "description", TEXT),
        Leaf("ram:AttachmentBinaryObject", "embedded", EMBEDDED),
    ),
    reference("tender", "50"),
    object("object"),
    Group(
        "ram:SpecifiedProcuringProject",
        Leaf("ram:ID", "project", TEXT),
        Mark("ram:Name", "Project reference", selects=False),
    ),
)
_DELIVERY = Group(
    "ram:ApplicableHeaderTradeDelivery",
    Group(
        "ram:ShipToTradeParty",
        *ids("delivery.location"),
        Leaf("ram:Name", "delivery.name", TEXT),
        address("delivery.address"),
    ),
    Leaf(f"ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{DAY}", "delivery.on", COMPACT_DAY),
    Leaf("ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID", "despatch", TEXT),
    Leaf("ram:ReceivingAdviceReferencedDocument/ram:IssuerAssignedID", "receipt", TEXT),
    keep=True,
)
_PAYMENT = Group(
    "ram:SpecifiedTradeSettlementPaymentMeans",
    Leaf("ram:TypeCode", "payment.means", TEXT),
    Leaf("ram:Information", "payment.text", TEXT),
    Group(
        "ram:ApplicableTradeSettlementFinancialCard",
        Leaf("ram:ID", "payment.card.number", TEXT),
        Leaf("ram:CardholderName", "payment.card.holder", TEXT),
    ),
    Leaf("ram:PayerPartyDebtorFinancialAccount/ram:IBANID", "payment.debit.account", TEXT),
    Many(
        ".",
        "payment.accounts",
        Account,
        Group(
            "ram:PayeePartyCreditorFinancialAccount",
            Leaf("ram:IBANID", "id", IBAN),
            Leaf("ram:AccountName", "holder", TEXT),
            Leaf("ram:ProprietaryID", "id", OTHER_ACCOUNT),
        ),
        Leaf("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", "bic", TEXT),
    ),
    each="payment.accounts",
)
_TAXES = Many(
    "ram:ApplicableTradeTax",
    "groups",
    TaxGroup,
    Leaf("ram:CalculatedAmount", "tax", PLAIN_AMOUNT),
    VAT,
    Leaf("ram:ExemptionReason", "reason", TEXT),
    Leaf("ram:BasisAmount", "base", PLAIN_AMOUNT),
    Leaf("ram:CategoryCode", "category", TEXT),
    Leaf("ram:ExemptionReasonCode", "reason_code", TEXT),
    Leaf("ram:TaxPointDate/udt:DateString", "/tax_date", COMPACT_DAY),
    Leaf("ram:DueDateTypeCode", "/tax_date_code", EVENT),
    Leaf("ram:RateApplicablePercent", "rate", NUMBER),
)
_SUMS = Group(
    "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
    Leaf("ram:LineTotalAmount", "totals.lines", PLAIN_AMOUNT),
    Leaf("ram:ChargeTotalAmount", "totals.charges", PLAIN_AMOUNT),
    Leaf("ram:AllowanceTotalAmount", "totals.allowances", PLAIN_AMOUNT),
    Leaf("ram:TaxBasisTotalAmount", "totals.net", PLAIN_AMOUNT),
    Leaf("ram:TaxTotalAmount", "tax", TAX_AMOUNT),
    Leaf("ram:TaxTotalAmount", "exchanged_tax", EXCHANGED_AMOUNT),
    Leaf("ram:RoundingAmount", "totals.rounding", PLAIN_AMOUNT),
    Leaf("ram:GrandTotalAmount", "totals.gross", PLAIN_AMOUNT),
    Leaf("ram:TotalPrepaidAmount", "totals.prepaid", PLAIN_AMOUNT),
    Leaf("ram:DuePayableAmount", "totals.payable", PLAIN_AMOUNT),
)
_BILLED = Group(
    "ram:ApplicableHeaderTradeSettlement",
    Leaf("ram:CreditorReferenceID", "payment.debit.creditor", TEXT),
    Leaf("ram:PaymentReference", "payment.reference", TEXT),
    Leaf("ram:TaxCurrencyCode", "tax_currency", TEXT),
    Leaf("ram:InvoiceCurrencyCode", "currency", TEXT),
    Group(
        "ram:PayeeTradeParty",
        *ids("payee.id"),
        Leaf("ram:Name", "payee.name", TEXT),
        Leaf("ram:SpecifiedLegalOrganization/ram:ID", "payee.registration", IDENTIFIER),
    ),
    _PAYMENT,
    _TAXES,
    days("period"),
    changes("allowances", "false", CHANGE_TAX),
    changes("charges", "true", CHANGE_TAX),
    Group(
        "ram:SpecifiedTradePaymentTerms",
        Leaf("ram:Description", "terms", TERMS),
        Leaf(f"ram:DueDateDateTime/{DAY}", "due_date", COMPACT_DAY),
        Leaf("ram:DirectDebitMandateID", "payment.debit.mandate", TEXT),
    ),
    _SUMS,
    Many(
        "ram:InvoiceReferencedDocument",
        "preceding",
        Preceding,
        Leaf("ram:IssuerAssignedID", "number", TEXT),
        Leaf("ram:FormattedIssueDateTime/qdt:DateTimeString", "issue_date", COMPACT_DAY),
    ),
    Leaf("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", "accounting", TEXT),
)
_ITEMS: tuple[Declared, ...] = (
    Group(
        "rsm:ExchangedDocumentContext",
        Leaf("ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID", "process", TEXT),
        Leaf("ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", "specification", TEXT),
    ),
    Group(
        "rsm:ExchangedDocument",
        Leaf("ram:ID", "number", TEXT),
        Leaf("ram:TypeCode", "type", TEXT),
        Leaf(f"ram:IssueDateTime/{DAY}", "issue_date", COMPACT_DAY),
        Many(
            "ram:IncludedNote",
            "notes",
            Note,
            Leaf("ram:Content", "text", TEXT),
            Leaf("ram:SubjectCode", "subject", TEXT),
        ),
    ),
    Group("rsm:SupplyChainTradeTransaction", LINE, _AGREEMENT, _DELIVERY, _BILLED),
)
