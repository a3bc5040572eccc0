"""Who an invoice is between, as EN 16931 names it: BG-4 to BG-12."""

from dataclasses import dataclass

from git_bill.shape import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """An identifier and the list it is from: an EAS code of an address, an ICD code (ISO 6523) of a party or item."""

    id: str = key("the identifier itself")
    scheme: str | None = key("the list it is from", default=None)
    version: str | None = key("version of that list (BT-158-2)", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """BG-5, BG-8, BG-12, BG-15."""

    street: str | None = key("BT-35, BT-50, BT-64, BT-75", default=None)
    more: str | None = key("BT-36, BT-51, BT-65, BT-76", default=None)
    third: str | None = key("BT-162, BT-163, BT-164, BT-165", default=None)
    city: str | None = key("BT-37, BT-52, BT-66, BT-77", default=None)
    postcode: str | None = key("BT-38, BT-53, BT-67, BT-78", default=None)
    region: str | None = key("BT-39, BT-54, BT-68, BT-79", default=None)
    country: str | None = key("BT-40, BT-55, BT-69, BT-80, ISO 3166-1", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """BG-6, BG-9."""

    name: str | None = key("BT-41, BT-56", default=None)
    phone: str | None = key("BT-42, BT-57", default=None)
    email: str | None = key("BT-43, BT-58", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """BG-4 seller and BG-7 buyer. A buyer has at most one of `ids` (BT-46), no `tax_number` and no `legal_form`."""

    name: str = key("BT-27, BT-44")
    trading_name: str | None = key("BT-28, BT-45", default=None)
    ids: tuple[Identifier, ...] = key("BT-29, BT-46", default=())
    registration: Identifier | None = key("BT-30, BT-47", default=None)
    vat_id: str | None = key("BT-31, BT-48", default=None)
    tax_number: str | None = key("BT-32", default=None)
    legal_form: str | None = key("BT-33, additional legal information", default=None)
    endpoint: Identifier | None = key("BT-34, BT-49", default=None)
    address: Address | None = key("BG-5, BG-8", default=None)
    contact: Contact | None = key("BG-6, BG-9", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """BG-10: who is paid, where that is not the seller."""

    name: str = key("BT-59")
    id: Identifier | None = key("BT-60", default=None)
    registration: Identifier | None = key("BT-61", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRepresentative:
    """BG-11."""

    name: str = key("BT-62")
    vat_id: str = key("BT-63")
    address: Address | None = key("BG-12", default=None)
