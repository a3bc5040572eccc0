"""Profiles of e-invoices, as `tables/einvoice.toml` holds them: what a document claims to follow, and needs for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from git_bill.layout import SETTINGS, client_file
from git_bill.problem import Problem
from git_bill.shape import key

Syntax = Literal["ubl", "cii"]


@dataclass(frozen=True, slots=True, kw_only=True)
class National:
    """What is different for issuers of a country, or between two parties of it."""

    process: Mapping[str, str] = key("BT-23 by kind of document", default_factory=dict)
    types: Mapping[str, str] = key("UNTDID 1001 codes by kind of document (BT-3)", default_factory=dict)
    requires: tuple[str, ...] = key("business terms that must be there", default=())
    means: Mapping[str, str] = key(
        "UNTDID 4461 codes (BT-81) where the usual ones are not allowed: transfer to an IBAN, account, link",
        default_factory=dict,
    )
    annex: str | None = key("what supporting documents are called (BT-123)", default=None)
    mentions: tuple[str, ...] = key("UNTDID 4451 codes of notes that must be there (BT-21)", default=())
    rules: tuple[str, ...] = key("further rule files, without their ending", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One profile. `national`: between two parties of a country; `issuers`: of a country, whoever pays."""

    title: str = key("what people call it")
    syntax: Syntax = key("the XML it is written in")
    specification: str = key("BT-24")
    process: Mapping[str, str] = key(
        "BT-23 by kind of document; that of `invoice` is for all others", default_factory=dict
    )
    types: Mapping[str, str] = key(
        "UNTDID 1001 codes by kind of document, where not the usual ones", default_factory=dict
    )
    tax_scheme: str = key("what the tax is called", default="VAT")
    requires: tuple[str, ...] = key("business terms that must be there", default=())
    requires_one_of: tuple[str, ...] = key("business terms of which one must be there", default=())
    without: tuple[str, ...] = key("fields of the model that it has no place for", default=())
    embeds: bool = key("supporting documents may be inside (BT-125)", default=True)
    one_note: bool = key("at most one note (BG-1)", default=False)
    delivery_day: bool = key("states the day the work was done (BT-72)", default=False)
    discount_syntax: bool = key("#SKONTO# lines in the payment terms", default=False)
    zero_rate_outside: bool = key("the group of category O states a rate of zero", default=False)
    no_schemes: tuple[str, ...] = key("EAS codes that its electronic addresses must not have", default=())
    rules: tuple[str, ...] = key("rule files, without their ending", default=())
    schemas: Mapping[str, str] = key(
        "XML Schema by kind: `credit` where it is not that of `invoice`", default_factory=dict
    )
    national: Mapping[str, National] = key("between two parties of a country", default_factory=dict)
    issuers: Mapping[str, National] = key("for issuers of a country", default_factory=dict)

    def local(self, seller: str | None, buyer: str | None) -> tuple[National, ...]:
        """What is different between these countries."""
        found = (self.issuers.get(seller or ""), self.national.get(seller or "") if seller == buyer else None)
        return tuple(each for each in found if each is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """How a country's parties are identified."""

    register: str | None = key("ISO 6523 code of the register of companies (BT-30-1)", default=None)
    digits: int | None = key("how many digits a number of it has", default=None)
    in_vat_id: tuple[int, ...] = key("part of the VAT id that is the number there", default=())
    address: str | None = key("EAS code (BT-34-1)", default=None)
    from_: Literal["vat_id", "registration", "tax_number"] = key("its value", name="from", default="vat_id")
    company: str | None = key("what an entered company states as its tax number (BT-32)", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A business term: its name, where the model has it, and the key of our files that it comes from."""

    name: str = key("its name")
    field: str = key("its field in the model")
    file: Literal["settings", "client", "draft"] = key("the file")
    at: str = key("the key in that file")
    example: str = key("what to write there")


@dataclass(frozen=True, slots=True, kw_only=True)
class Einvoicing:
    """`tables/einvoice.toml`."""

    schema: int = key("version of this file's form", default=1)
    profiles: Mapping[str, Profile] = key("profiles by the name in `formats`", default_factory=dict)
    types: Mapping[str, str] = key("UNTDID 1001 codes by kind of document", default_factory=dict)
    countries: Mapping[str, Identifiers] = key("identifiers by country", default_factory=dict)
    terms: Mapping[str, Term] = key("business terms", default_factory=dict)
    rules: Mapping[str, str] = key("business terms that official rules do not name", default_factory=dict)

    def problem(self, rule: str, term: str, message: str, client: str, *, example: str = "") -> Problem:
        """About a business term: the message names it, the hint the key and its file."""
        known = self.terms.get(term)
        if known is None:
            return Problem(rule=rule, message=f"{message} ({term})", hint=example)
        files = {"settings": SETTINGS, "client": client_file(client)}
        file = files.get(known.file)
        where = file or "the draft"
        named = term if known.name in message else f"{term}, {known.name}"
        return Problem(
            rule=rule,
            message=f"{message} ({named})",
            hint=f"write it into {where}: {example or known.example}",
            file=file,
            at=tuple(known.at.split(".")) if file else (),
        )
