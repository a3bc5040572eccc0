"""Payment, sums and lines of an invoice in UBL 2.1 (BG-16 to BG-32)."""

from git_bill.invoice.en16931.binding import Declared, Group, Leaf, Many, Mark
from git_bill.invoice.en16931.codec import (
    AMOUNT,
    CLASS,
    DAY,
    EXCHANGED_AMOUNT,
    IDENTIFIER,
    NUMBER,
    TAX_AMOUNT,
    TERMS,
    TEXT,
)
from git_bill.invoice.en16931.model import Account, Attribute, Change, Line, TaxGroup

_ANY_TAX = Mark("cac:TaxScheme/cbc:ID", "/tax_scheme", selects=False, takes=("VAT", "GST"))


def payment(*due: Declared) -> Declared:
    """BG-16: one element for each account."""
    return Group(
        "cac:PaymentMeans",
        Leaf("cbc:PaymentMeansCode", "payment.means", TEXT),
        Leaf("cbc:PaymentMeansCode/@name", "payment.text", TEXT),
        *due,
        Leaf("cbc:PaymentID", "payment.reference", TEXT),
        Group(
            "cac:CardAccount",
            Leaf("cbc:PrimaryAccountNumberID", "payment.card.number", TEXT),
            Mark("cbc:NetworkID", "NA", selects=False),  # which one it is, EN 16931 does not ask
            Leaf("cbc:HolderName", "payment.card.holder", TEXT),
        ),
        Many(
            "cac:PayeeFinancialAccount",
            "payment.accounts",
            Account,
            Leaf("cbc:ID", "id", TEXT),
            Leaf("cbc:Name", "holder", TEXT),
            Leaf("cac:FinancialInstitutionBranch/cbc:ID", "bic", TEXT),
        ),
        Group(
            "cac:PaymentMandate",
            Leaf("cbc:ID", "payment.debit.mandate", TEXT),
            Leaf("cac:PayerFinancialAccount/cbc:ID", "payment.debit.account", TEXT),
        ),
        each="payment.accounts",
    )


def _changes(field: str, charge: str, *tax: Declared) -> Declared:
    return Many(
        "cac:AllowanceCharge",
        field,
        Change,
        Mark("cbc:ChargeIndicator", charge),
        Leaf("cbc:AllowanceChargeReasonCode", "code", TEXT),
        Leaf("cbc:AllowanceChargeReason", "reason", TEXT),
        Leaf("cbc:MultiplierFactorNumeric", "percent", NUMBER),
        Leaf("cbc:Amount", "amount", AMOUNT),
        Leaf("cbc:BaseAmount", "base", AMOUNT),
        *tax,
    )


def _tax(path: str, *more: Declared) -> Declared:
    return Group(path, Leaf("cbc:ID", "category", TEXT), Leaf("cbc:Percent", "rate", NUMBER), *more, _ANY_TAX)


DAYS = (Leaf("cbc:StartDate", "period.first", DAY), Leaf("cbc:EndDate", "period.last", DAY))
SUMS: tuple[Declared, ...] = (
    Leaf("cac:PaymentTerms/cbc:Note", "terms", TERMS),
    _changes("allowances", "false", _tax("cac:TaxCategory")),
    _changes("charges", "true", _tax("cac:TaxCategory")),
    Group(
        "cac:TaxTotal",
        Leaf("cbc:TaxAmount", "tax", TAX_AMOUNT),
        Many(
            "cac:TaxSubtotal",
            "groups",
            TaxGroup,
            Leaf("cbc:TaxableAmount", "base", AMOUNT),
            Leaf("cbc:TaxAmount", "tax", AMOUNT),
            _tax(
                "cac:TaxCategory",
                Leaf("cbc:TaxExemptionReasonCode", "reason_code", TEXT),
                Leaf("cbc:TaxExemptionReason", "reason", TEXT),
            ),
        ),
    ),
    Group("cac:TaxTotal", Leaf("cbc:TaxAmount", "exchanged_tax", EXCHANGED_AMOUNT)),
    Group(
        "cac:LegalMonetaryTotal",
        Leaf("cbc:LineExtensionAmount", "totals.lines", AMOUNT),
        Leaf("cbc:TaxExclusiveAmount", "totals.net", AMOUNT),
        Leaf("cbc:TaxInclusiveAmount", "totals.gross", AMOUNT),
        Leaf("cbc:AllowanceTotalAmount", "totals.allowances", AMOUNT),
        Leaf("cbc:ChargeTotalAmount", "totals.charges", AMOUNT),
        Leaf("cbc:PrepaidAmount", "totals.prepaid", AMOUNT),
        Leaf("cbc:PayableRoundingAmount", "totals.rounding", AMOUNT),
        Leaf("cbc:PayableAmount", "totals.payable", AMOUNT),
    ),
)

_ITEM = Group(
    "cac:Item",
    Leaf("cbc:Description", "item.description", TEXT),
    Leaf("cbc:Name", "item.name", TEXT),
    Leaf("cac:BuyersItemIdentification/cbc:ID", "item.buyer_id", TEXT),
    Leaf("cac:SellersItemIdentification/cbc:ID", "item.seller_id", TEXT),
    Leaf("cac:StandardItemIdentification/cbc:ID", "item.standard_id", IDENTIFIER),
    Leaf("cac:OriginCountry/cbc:IdentificationCode", "item.origin", TEXT),
    Leaf("cac:CommodityClassification/cbc:ItemClassificationCode", "item.classes", CLASS, many=True),
    _tax("cac:ClassifiedTaxCategory"),
    Many(
        "cac:AdditionalItemProperty",
        "item.attributes",
        Attribute,
        Leaf("cbc:Name", "name", TEXT),
        Leaf("cbc:Value", "value", TEXT),
    ),
)
_PRICE = Group(
    "cac:Price",
    Leaf("cbc:PriceAmount", "price.net", AMOUNT),
    Leaf("cbc:BaseQuantity", "price.base_quantity", NUMBER),
    Leaf("cbc:BaseQuantity/@unitCode", "price.base_unit", TEXT),
    Group(
        "cac:AllowanceCharge",
        Mark("cbc:ChargeIndicator", "false"),
        Leaf("cbc:Amount", "price.discount", AMOUNT),
        Leaf("cbc:BaseAmount", "price.gross", AMOUNT),
    ),
)


def line(element: str, quantity: str) -> Declared:
    return Many(
        element,
        "lines",
        Line,
        Leaf("cbc:ID", "id", TEXT),
        Leaf("cbc:Note", "note", TEXT),
        Leaf(quantity, "quantity", NUMBER),
        Leaf(f"{quantity}/@unitCode", "unit", TEXT),
        Leaf("cbc:LineExtensionAmount", "net", AMOUNT),
        Leaf("cbc:AccountingCost", "accounting", TEXT),
        Group("cac:InvoicePeriod", *DAYS),
        Leaf("cac:OrderLineReference/cbc:LineID", "order_line", TEXT),
        Group(
            "cac:DocumentReference",
            Leaf("cbc:ID", "object", IDENTIFIER),
            Mark("cbc:DocumentTypeCode", "130"),
        ),
        _changes("allowances", "false"),
        _changes("charges", "true"),
        _ITEM,
        _PRICE,
    )
