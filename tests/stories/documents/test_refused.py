"""Invoices broken on purpose: `check` and `issue` refuse each with the same words, and no number is used."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.stories.taxes.office import Change, Office, client, hourly, issuer, toml

SELLER = issuer(
    "DE",
    contact="Mira",
    phone="+49 30 1234567",
    email="mira@example.net",
    bank={"iban": "DE02120300000000202051", "bic": "BYLADEM1001"},
)
BUYER = client("DE", vat_id="DE129274202", buyer_reference="04011000-12345-03", formats=["pdf", "xrechnung-ubl"])
SETTINGS, CLIENT, DRAFT = "billing/billing.toml", "billing/clients/acme.toml", "billing/drafts/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What is wrong with it, and what is said: a part of the message, the file and a part of the hint."""

    seller: dict[str, Any] = field(default_factory=dict)
    buyer: dict[str, Any] = field(default_factory=dict)
    change: Change | None = None
    says: str
    file: str = DRAFT
    hint: str


def line(**values: Any) -> Change:
    """The first line says something else, and somebody says why."""

    def change(draft: dict[str, Any]) -> None:
        draft["lines"][0] |= {"because": "agreed by mail", **values}

    return change


def whole(**values: Any) -> Change:
    """The draft says something else."""
    return lambda draft: draft.update(values)


def taxed(category: str, rate: str, **more: Any) -> dict[str, Any]:
    return {"category": category, "rate": rate, "source": "a reviewer", **more}


def less(amount: str, reason: str = "Volume") -> dict[str, Any]:
    return {"amount": amount, "reason": reason, "because": "agreed by mail"}


def seller(says: str, hint: str, **facts: Any) -> Broken:
    return Broken(seller=facts, says=says, hint=hint, file=SETTINGS)


def buyer(says: str, hint: str, **facts: Any) -> Broken:
    return Broken(buyer=facts, says=says, hint=hint, file=CLIENT)


def edited(change: Change, says: str, hint: str) -> Broken:
    return Broken(change=change, says=says, hint=hint)


def rate_of(currency: str, rate: str) -> dict[str, Any]:
    return {"currency": currency, "rate": rate, "on": date(2026, 10, 30), "source": "ECB"}


NEVER = {"vat_id": None, "electronic_address": "0204:04011000-12345-03"}
CASES: dict[str, Broken] = {
    "no contact": seller("the issuer's contact (BT-41)", 'contact = "Mira Kovac"', contact=None),
    "no telephone": seller("the issuer's telephone (BT-42)", 'phone = "+49 30 1234567"', phone=None),
    "no e-mail": seller("the issuer's e-mail (BT-43)", 'email = "mira@example.net"', email=None),
    "no city": seller("the issuer's city (BT-37)", 'city = "Berlin"', city=None),
    "no post code": seller("the issuer's post code (BT-38)", 'postcode = "10115"', postcode=None),
    "no account": seller("does not say where to pay", 'iban = "DE02120300000000202051"', bank=None),
    "no tax number": seller("(BR-S-02)", 'vat_id = "DE136695976"', vat_id=None, tax_number=None),
    "no buyer reference": buyer("the buyer reference (BT-10)", 'buyer_reference = "', buyer_reference=None),
    "no city of the client": buyer("the client's city (BT-52)", 'city = "München"', city=None),
    "no post code of the client": buyer("the client's post code (BT-53)", 'postcode = "80331"', postcode=None),
    "no such format": buyer("no format of an invoice", 'formats = ["pdf", "facturx"]', formats=["zugferd"]),
    "two in one PDF": buyer("one PDF holds one XML", 'formats = ["facturx"]', formats=["facturx", "facturx-basic"]),
    "no reference for Peppol": buyer(
        "the buyer reference or the purchase order (BT-10)",
        'buyer_reference = "',
        formats=["peppol"],
        buyer_reference=None,
    ),
    "no address of the network": buyer(
        "no electronic address of the kind AN (BT-49",
        'electronic_address = "9930:',
        formats=["peppol"],
        electronic_address="AN:123",
    ),
    "a debit without a creditor": Broken(
        buyer={"direct_debit": {"mandate": "M-1", "iban": "DE02120300000000202051"}},
        says="a direct debit needs BT-90",
        file=SETTINGS,
        hint='creditor = "DE98ZZZ09999999999"',
    ),
    "a slip in the IBAN": seller(
        "not a valid IBAN", 'iban = "DE02120300000000202051"', bank={"iban": "DE02120300000000202052"}
    ),
    "a slip in the VAT id": buyer("not a valid VAT id", 'vat_id = "DE136695976"', vat_id="DE129274203"),
    "a price in dollars": edited(
        line(unit_price="95.00 USD"), "line 1 is in USD, the draft in EUR", 'unit_price = "95.00 EUR"'
    ),
    "a price below zero": edited(line(unit_price="-95.00 EUR"), "the unit price -95.00", "lower the quantity"),
    "a base of nothing": edited(line(base_quantity="0"), "the base quantity 0", "lower the quantity"),
    "no quantity": edited(line(quantity="0"), "the quantity 0", "lower the quantity"),
    "no unit of the list": edited(line(unit="HOURS"), '"HOURS" is not one of', '"HUR"'),
    "no description": edited(line(description=""), "(BR-25)", 'description = "'),
    "a line that ends before it starts": edited(line(first=date(2026, 10, 31)), "(BR-30, BT-135)", "last = 2026-10-31"),
    "a period that ends before it starts": edited(
        whole(first=date(2026, 10, 31)), "the period ends (2026-10-30)", "last = 2026-10-31"
    ),
    "no lines": edited(whole(lines=[]), "the draft has no lines", "add a line"),
    "more than was worked": edited(
        lambda draft: draft["lines"][0].update(quantity="4"), "bills 4h, its entries come to 3h", 'because = "'
    ),
    "taxed at nothing": edited(whole(tax=taxed("S", "0")), "category S with a rate of 0 %", 'rate = "19"'),
    "reverse charge with tax": edited(
        whole(tax=taxed("AE", "19", note="x")), "category AE with a rate of 19 %", 'category = "O"'
    ),
    "reverse charge without a VAT id": Broken(
        buyer=NEVER,
        change=whole(tax=taxed("AE", "0", note="Reverse charge")),
        says="category AE needs the client's VAT id",
        file=CLIENT,
        hint='vat_id = "DE136695976"',
    ),
    "goods to a member state without a VAT id": Broken(
        buyer=NEVER,
        change=whole(tax=taxed("K", "0", note="Intra-community")),
        says="category K needs the client's VAT id",
        file=CLIENT,
        hint='vat_id = "DE136695976"',
    ),
    "exempt without a reason": edited(whole(tax=taxed("E", "0")), "(BR-E-10)", 'note = "'),
    "an export without a reason": edited(whole(tax=taxed("G", "0")), "(BR-G-10)", 'note = "'),
    "outside the scope without a reason": edited(whole(tax=taxed("O", "0")), "(BR-O-10)", 'note = "'),
    "outside the scope beside taxed": edited(
        line(tax=taxed("O", "0", note="outside")), "(BR-O-11)", "a document of its own"
    ),
    "zero rated with a rate": edited(line(tax=taxed("Z", "7")), "category Z with a rate of 7 %", 'rate = "19"'),
    "no category of the list": edited(whole(tax=taxed("X", "19")), '"X" is not one of', 'category = "S"'),
    "a discount without a reason": edited(
        whole(allowances=[less("10.00 EUR", "")]), "has no reason (BT-92)", 'reason = "Loyalty discount"'
    ),
    "a discount in dollars": edited(
        whole(allowances=[less("10.00 USD")]), "allowances.0.amount is in USD", 'amount = "10.00 EUR"'
    ),
    "a discount of half a cent": edited(
        whole(allowances=[less("10.005 EUR")]), "no amount in whole cents (BR-DEC)", 'amount = "10.01 EUR"'
    ),
    "a discount above the sum": edited(
        whole(allowances=[less("1000.00 EUR")]), "asks the client to pay -624.75 EUR", "credit note"
    ),
    "a discount above its line": edited(
        line(allowances=[{"amount": "1000.00 EUR", "reason": "Volume"}]), "line 1 comes to -715.00 EUR", "lower them"
    ),
    "paid before in dollars": edited(whole(prepaid="10.00 USD"), "prepaid is in USD", 'prepaid = "10.00 EUR"'),
    "paid before, half a cent": edited(whole(prepaid="10.005 EUR"), "(BR-DEC)", 'prepaid = "10.01 EUR"'),
    "more paid than asked": edited(whole(prepaid="9999.00 EUR"), "asks the client to pay -9433.75", "credit note"),
    "rounded by five": edited(whole(rounding="5.00 EUR"), "rounded by 5.00 EUR", "allowances"),
    "rounded by half a cent": edited(whole(rounding="0.005 EUR"), "(BR-DEC)", 'rounding = "0.01 EUR"'),
    "its own currency again": edited(whole(exchange=rate_of("EUR", "1")), "the document's own (BT-6)", "leave out"),
    "a rate of nothing": edited(whole(exchange=rate_of("DKK", "0")), "the rate 0 is not positive", 'rate = "7.46'),
    "too much for a simplified one": edited(
        whole(kind="simplified"), "at most 250.00 EUR (UStDV § 33)", 'kind = "invoice"'
    ),
    "no kind of the list": edited(whole(kind="proforma"), '"proforma" is not one of', 'kind = "invoice"'),
    "a credit note of nothing": edited(
        whole(kind="credit-note"), "names the invoice that it credits", "git bill credit"
    ),
    "terms that say no day": edited(whole(payment_terms="soon"), '"soon" is not in the right form', '"30 days"'),
    "another currency than agreed": edited(whole(currency="CHF"), "the draft is in CHF", 'currency = "EUR"'),
    "no currency": edited(whole(currency="EURO"), '"EURO" is not in the right form', 'currency = "EUR"'),
    "a sign without a font": edited(whole(note="Danke 🚀"), "U+1F680 (ROCKET)", "in letters"),
    "nobody's": edited(whole(client="globex"), "there is no client 'globex'", "git bill client add"),
    "on hold": edited(whole(hold="wait for the order"), "wait for the order", "release"),
}
LEAN = ("no buyer reference", "a discount in dollars", "a line that ends before it starts")


def drafted(office: Callable[..., Office], broken: Broken) -> tuple[Office, str]:
    """Five hours on a draft, then what breaks it: in the settings, the client's file or the draft."""
    books = office(SELLER, BUYER, hourly("95.00", "EUR"))
    books.works("3", "WEB-1")
    books.works("2", "WEB-2")
    name = books.drafts()["draft"]
    for file, head, facts in ((SETTINGS, "issuer", SELLER | broken.seller), (CLIENT, "client", BUYER | broken.buyer)):
        path = books.books / file
        path.write_text(toml({**tomllib.loads(path.read_text(encoding="utf-8")), head: facts}), encoding="utf-8")
    books.git(books.books, "commit", "-q", "--allow-empty", "-am", "Settings")
    if broken.change is not None:
        path = books.books / DRAFT / f"{name}.toml"
        draft = tomllib.loads(books.git(books.books, "show", f"bill/{name}:{DRAFT}{name}.toml"))
        broken.change(draft)
        books.git(books.books, "switch", "-q", f"bill/{name}")
        path.write_text(toml(draft), encoding="utf-8")
        books.git(books.books, "commit", "-q", "-am", "Review")
        books.git(books.books, "switch", "-q", "main")
    return books, name


def is_refused(office: Callable[..., Office], broken: Broken) -> None:
    books, name = drafted(office, broken)
    before = books.git(books.books, "for-each-ref")
    checked, issued = books.json("check", name, code=None), books.json("issue", name, code=None)
    wrong = [each for refused in issued.get("refused", ()) for each in refused["problems"]] or issued["problems"]
    for command, problems in (("check", checked["problems"]), ("issue", wrong)):
        said = [each for each in problems if broken.says in each["message"]]
        assert said, (command, problems)
        assert said[0]["severity"] == "error", command
        assert broken.hint in said[0]["hint"], command
        assert (said[0]["file"] or "").startswith(broken.file), command
    assert not issued.get("issued")
    assert books.git(books.books, "for-each-ref") == before
    assert not (Path(books.books) / "billing" / "invoices").exists()


@pytest.mark.parametrize("name", LEAN)
def test_what_is_wrong_is_refused(office: Callable[..., Office], name: str) -> None:
    is_refused(office, CASES[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CASES if name not in LEAN])
def test_everything_that_is_wrong_is_refused(office: Callable[..., Office], name: str) -> None:
    is_refused(office, CASES[name])


def test_what_is_right_is_issued(office: Callable[..., Office]) -> None:
    books, name = drafted(office, Broken(says="", hint=""))
    assert books.issues(name)["number"] == "INV-0001"
