"""Parties and addresses in CII D16B."""

from git_bill.invoice.en16931.binding import Declared, Group, Leaf, Mark
from git_bill.invoice.en16931.codec import GLOBAL_IDENTIFIER, IDENTIFIER, LOCAL_IDENTIFIER, TEXT


def ids(field: str, *, many: bool = False) -> tuple[Declared, ...]:
    return (
        Leaf("ram:ID", field, LOCAL_IDENTIFIER, many=many),
        Leaf("ram:GlobalID", field, GLOBAL_IDENTIFIER, many=many),
    )


def address(field: str) -> Declared:
    return Group(
        "ram:PostalTradeAddress",
        Leaf("ram:PostcodeCode", f"{field}.postcode", TEXT),
        Leaf("ram:LineOne", f"{field}.street", TEXT),
        Leaf("ram:LineTwo", f"{field}.more", TEXT),
        Leaf("ram:LineThree", f"{field}.third", TEXT),
        Leaf("ram:CityName", f"{field}.city", TEXT),
        Leaf("ram:CountryID", f"{field}.country", TEXT),
        Leaf("ram:CountrySubDivisionName", f"{field}.region", TEXT),
    )


def tax_id(field: str, scheme: str) -> Declared:
    return Group("ram:SpecifiedTaxRegistration", Leaf("ram:ID", field, TEXT), Mark("ram:ID/@schemeID", scheme))


def party(path: str, field: str) -> Declared:
    return Group(
        path,
        *ids(f"{field}.ids", many=True),
        Leaf("ram:Name", f"{field}.name", TEXT),
        Leaf("ram:Description", f"{field}.legal_form", TEXT),
        Group(
            "ram:SpecifiedLegalOrganization",
            Leaf("ram:ID", f"{field}.registration", IDENTIFIER),
            Leaf("ram:TradingBusinessName", f"{field}.trading_name", TEXT),
        ),
        Group(
            "ram:DefinedTradeContact",
            Leaf("ram:PersonName", f"{field}.contact.name", TEXT),
            Leaf("ram:TelephoneUniversalCommunication/ram:CompleteNumber", f"{field}.contact.phone", TEXT),
            Leaf("ram:EmailURIUniversalCommunication/ram:URIID", f"{field}.contact.email", TEXT),
        ),
        address(f"{field}.address"),
        Leaf("ram:URIUniversalCommunication/ram:URIID", f"{field}.endpoint", IDENTIFIER),
        tax_id(f"{field}.vat_id", "VA"),
        tax_id(f"{field}.tax_number", "FC"),
    )
