"""The parties of an invoice in UBL 2.1 (BG-4 to BG-15)."""

from git_bill.invoice.en16931.binding import Declared, Group, Leaf, Mark
from git_bill.invoice.en16931.codec import DAY, IDENTIFIER, TEXT

_VAT = Mark("cac:TaxScheme/cbc:ID", "/tax_scheme", takes=("VAT", "GST"))


def _address(field: str) -> tuple[Declared, ...]:
    return (
        Leaf("cbc:StreetName", f"{field}.street", TEXT),
        Leaf("cbc:AdditionalStreetName", f"{field}.more", TEXT),
        Leaf("cbc:CityName", f"{field}.city", TEXT),
        Leaf("cbc:PostalZone", f"{field}.postcode", TEXT),
        Leaf("cbc:CountrySubentity", f"{field}.region", TEXT),
        Leaf("cac:AddressLine/cbc:Line", f"{field}.third", TEXT),
        Leaf("cac:Country/cbc:IdentificationCode", f"{field}.country", TEXT),
    )


def _party(field: str) -> Declared:
    return Group(
        "cac:Party",
        Leaf("cbc:EndpointID", f"{field}.endpoint", IDENTIFIER),
        Leaf("cac:PartyIdentification/cbc:ID", f"{field}.ids", IDENTIFIER, many=True),
        Leaf("cac:PartyName/cbc:Name", f"{field}.trading_name", TEXT),
        Group("cac:PostalAddress", *_address(f"{field}.address")),
        Group("cac:PartyTaxScheme", Leaf("cbc:CompanyID", f"{field}.vat_id", TEXT), _VAT),
        Group(
            "cac:PartyTaxScheme",
            Leaf("cbc:CompanyID", f"{field}.tax_number", TEXT),
            Mark("cac:TaxScheme/cbc:ID", "TAX", never=("VAT", "GST")),
        ),
        Group(
            "cac:PartyLegalEntity",
            Leaf("cbc:RegistrationName", f"{field}.name", TEXT),
            Leaf("cbc:CompanyID", f"{field}.registration", IDENTIFIER),
            Leaf("cbc:CompanyLegalForm", f"{field}.legal_form", TEXT),
        ),
        Group(
            "cac:Contact",
            Leaf("cbc:Name", f"{field}.contact.name", TEXT),
            Leaf("cbc:Telephone", f"{field}.contact.phone", TEXT),
            Leaf("cbc:ElectronicMail", f"{field}.contact.email", TEXT),
        ),
    )


PARTIES: tuple[Declared, ...] = (
    Group("cac:AccountingSupplierParty", _party("seller")),
    Group("cac:AccountingCustomerParty", _party("buyer")),
    Group(
        "cac:PayeeParty",
        Leaf("cac:PartyIdentification/cbc:ID", "payee.id", IDENTIFIER),
        Leaf("cac:PartyName/cbc:Name", "payee.name", TEXT),
        Leaf("cac:PartyLegalEntity/cbc:CompanyID", "payee.registration", IDENTIFIER),
    ),
    Group(
        "cac:TaxRepresentativeParty",
        Leaf("cac:PartyName/cbc:Name", "representative.name", TEXT),
        Group("cac:PostalAddress", *_address("representative.address")),
        Group("cac:PartyTaxScheme", Leaf("cbc:CompanyID", "representative.vat_id", TEXT), _VAT),
    ),
    Group(
        "cac:Delivery",
        Leaf("cbc:ActualDeliveryDate", "delivery.on", DAY),
        Group(
            "cac:DeliveryLocation",
            Leaf("cbc:ID", "delivery.location", IDENTIFIER),
            Group("cac:Address", *_address("delivery.address")),
        ),
        Leaf("cac:DeliveryParty/cac:PartyName/cbc:Name", "delivery.name", TEXT),
    ),
)
