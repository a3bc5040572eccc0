"""Lines, discounts, periods and references in CII D16B (BG-14, BG-20 to BG-32)."""

from git_bill.invoice.en16931.binding import Declared, Group, Leaf, Many, Mark
from git_bill.invoice.en16931.codec import CLASS, COMPACT_DAY, IDENTIFIER, NUMBER, PLAIN_AMOUNT, TEXT
from git_bill.invoice.en16931.model import Attribute, Change, Line

VAT = Mark("ram:TypeCode", "VAT", selects=False)
DAY = "udt:DateTimeString"


def days(field: str) -> Declared:
    return Group(
        "ram:BillingSpecifiedPeriod",
        Leaf(f"ram:StartDateTime/{DAY}", f"{field}.first", COMPACT_DAY),
        Leaf(f"ram:EndDateTime/{DAY}", f"{field}.last", COMPACT_DAY),
    )


def changes(field: str, charge: str, *tax: Declared) -> Declared:
    return Many(
        "ram:SpecifiedTradeAllowanceCharge",
        field,
        Change,
        Mark("ram:ChargeIndicator/udt:Indicator", charge),
        Leaf("ram:CalculationPercent", "percent", NUMBER),
        Leaf("ram:BasisAmount", "base", PLAIN_AMOUNT),
        Leaf("ram:ActualAmount", "amount", PLAIN_AMOUNT),
        Leaf("ram:ReasonCode", "code", TEXT),
        Leaf("ram:Reason", "reason", TEXT),
        *tax,
    )


def _tax(path: str) -> Declared:
    return Group(
        path, VAT, Leaf("ram:CategoryCode", "category", TEXT), Leaf("ram:RateApplicablePercent", "rate", NUMBER)
    )


CHANGE_TAX = _tax("ram:CategoryTradeTax")


def reference(field: str, code: str) -> Declared:
    """BT-17 and BT-18, BT-128: a document that is told by its type."""
    return Group(
        "ram:AdditionalReferencedDocument",
        Leaf("ram:IssuerAssignedID", field, TEXT),
        Mark("ram:TypeCode", code),
    )


def object(field: str) -> Declared:
    return Group(
        "ram:AdditionalReferencedDocument",
        Leaf("ram:IssuerAssignedID", f"{field}.id", TEXT),
        Mark("ram:TypeCode", "130"),
        Leaf("ram:ReferenceTypeCode", f"{field}.scheme", TEXT),
    )


LINE = Many(
    "ram:IncludedSupplyChainTradeLineItem",
    "lines",
    Line,
    Group(
        "ram:AssociatedDocumentLineDocument",
        Leaf("ram:LineID", "id", TEXT),
        Leaf("ram:IncludedNote/ram:Content", "note", TEXT),
    ),
    Group(
        "ram:SpecifiedTradeProduct",
        Leaf("ram:GlobalID", "item.standard_id", IDENTIFIER),
        Leaf("ram:SellerAssignedID", "item.seller_id", TEXT),
        Leaf("ram:BuyerAssignedID", "item.buyer_id", TEXT),
        Leaf("ram:Name", "item.name", TEXT),
        Leaf("ram:Description", "item.description", TEXT),
        Many(
            "ram:ApplicableProductCharacteristic",
            "item.attributes",
            Attribute,
            Leaf("ram:Description", "name", TEXT),
            Leaf("ram:Value", "value", TEXT),
        ),
        Leaf("ram:DesignatedProductClassification/ram:ClassCode", "item.classes", CLASS, many=True),
        Leaf("ram:OriginTradeCountry/ram:ID", "item.origin", TEXT),
    ),
    Group(
        "ram:SpecifiedLineTradeAgreement",
        Leaf("ram:BuyerOrderReferencedDocument/ram:LineID", "order_line", TEXT),
        Group(
            "ram:GrossPriceProductTradePrice",
            Leaf("ram:ChargeAmount", "price.gross", PLAIN_AMOUNT),
            Group(
                "ram:AppliedTradeAllowanceCharge",
                Mark("ram:ChargeIndicator/udt:Indicator", "false"),
                Leaf("ram:ActualAmount", "price.discount", PLAIN_AMOUNT),
            ),
        ),
        Group(
            "ram:NetPriceProductTradePrice",
            Leaf("ram:ChargeAmount", "price.net", PLAIN_AMOUNT),
            Leaf("ram:BasisQuantity", "price.base_quantity", NUMBER),
            Leaf("ram:BasisQuantity/@unitCode", "price.base_unit", TEXT),
        ),
    ),
    Group(
        "ram:SpecifiedLineTradeDelivery",
        Leaf("ram:BilledQuantity", "quantity", NUMBER),
        Leaf("ram:BilledQuantity/@unitCode", "unit", TEXT),
    ),
    Group(
        "ram:SpecifiedLineTradeSettlement",
        _tax("ram:ApplicableTradeTax"),
        days("period"),
        changes("allowances", "false"),
        changes("charges", "true"),
        Leaf("ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", "net", PLAIN_AMOUNT),
        object("object"),
        Leaf("ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID", "accounting", TEXT),
    ),
)
