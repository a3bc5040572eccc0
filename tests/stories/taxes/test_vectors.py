"""Every worked example of the shared file as a workspace: what the public commands say is what its source says."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.stories.taxes.office import IDS, Change, Office, client, hourly, issuer, metered

FILE = Path(__file__).parents[4] / "shared" / "data" / "tax_vectors.json"
VECTORS: dict[str, Any] = {v["id"]: v for v in json.loads(FILE.read_text())["vectors"]} if FILE.exists() else {}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not VECTORS, reason="the shared tax vectors are not on this machine"),
]
Opening = Callable[..., Office]
Case = Callable[[Opening, Any, Any], None]


def of_kind(kind: str) -> list[str]:
    return [name for name, vector in VECTORS.items() if vector["kind"] == kind]


def quote(base: str, currency: str, rate: str) -> dict[str, Any]:
    """A rate of exchange as the books keep one."""
    return {"on": date(2026, 10, 30), "base": base, "currency": currency, "rate": rate, "source": "Bank"}


def plain(amount: str | None) -> Decimal:
    """`"12.50 EUR"` → 12.50."""
    return Decimal((amount or "0").split(" ")[0])


def groups(found: Mapping[str, Any]) -> set[tuple[str, Decimal, Decimal, Decimal]]:
    """The VAT breakdown."""
    return {(g["category"], Decimal(g["rate"]), plain(g["base"]), plain(g["tax"])) for g in found["taxes"]}


# --- A: official test files. Items have prices; what stands in no contract a reviewer writes into the draft. ---

REFUSED = {"A08", "A18", "B18"}  # ask for less than nothing, which is for a credit note
EARLIER = {"A16": ("SEK", "10.7423", "247072.90")}  # rate and tax as drawn up here: the file states none


def decided(given: Any) -> dict[str, Any]:
    """What somebody decided for the client."""
    note = {"note": "Exempt under the law named"} if given["cat"] == "E" else {}
    rate = {"rate": given["rate"].removesuffix(".0")} if given["cat"] == "S" else {}
    return {"category": given["cat"], **rate, **note}


def treated(given: Any) -> dict[str, Any]:
    """The treatment of one line or discount, where it is not the draft's."""
    code = {"reason_code": "VATEX-EU-132-1A"} if given["cat"] == "E" else {}
    return {"category": given["cat"], "rate": given.get("rate", "0").removesuffix(".0"), **code, "source": "a reviewer"}


def changes(given: Any, currency: str, *, of_document: bool) -> list[dict[str, Any]]:
    """Discounts and surcharges as a draft holds them."""
    return [
        {
            "charge": charge,
            "reason": "as agreed",
            **({"percent": each["pct"], "base": f"{each['base']} {currency}"} if "pct" in each else {}),
            **({} if "pct" in each else {"amount": f"{each['amount']} {currency}"}),
            **({"tax": treated(each), "because": "as agreed by mail"} if of_document else {}),
        }
        for charge, key in ((False, "allowances"), (True, "charges"))
        for each in given.get(key) or ()
    ]


def review(given: Any, main: Any, currency: str) -> Change:
    """What a reviewer writes into a draft that bills the positive lines."""

    def line(each: Any, drafted: dict[str, Any]) -> dict[str, Any]:
        other = (each["cat"], each.get("rate")) != (main["cat"], main.get("rate"))
        own = {"tax": treated(each)} if other else {}
        parts = {"base_quantity": each["base_qty"]} if "base_qty" in each else {}
        changed = changes(each, currency, of_document=False)
        allowances = {"allowances": changed} if changed else {}
        because = {"because": "as agreed by mail"} if own or parts or changed or not drafted.get("bills") else {}
        return {**drafted, **own, **parts, **allowances, **because}

    def change(draft: dict[str, Any]) -> None:
        drafted = iter(draft["lines"])
        lines = []
        for each in given["lines"]:
            back = {
                "description": "Taken back",
                "quantity": each["qty"],
                "unit": "C62",
                "unit_price": f"{each['price']} {currency}",
            }
            lines.append(line(each, back if Decimal(each["qty"]) < 0 else next(drafted)))
        more = {name: f"{given[name].lstrip('+')} {currency}" for name in ("prepaid", "rounding") if name in given}
        draft.update(more, lines=lines, allowances=changes(given, currency, of_document=True))

    return change


def arithmetic(office: Opening, given: Any, name: str) -> tuple[Office, dict[str, Any]]:
    """The draft of an official test file, reviewed where that says more than a contract can."""
    currency, main = given["currency"], given["lines"][0]
    there = [each for each in given["lines"] if Decimal(each["qty"]) > 0]
    own, rate, _ = EARLIER.get(name, (currency, "1", None))
    books = office(
        issuer("DE", currency=own),
        client("DE"),
        metered([each["price"] for each in there], currency),
        tax=decided(main),
        rates=[quote(currency, own, rate)] if name in EARLIER else (),
    )
    books.uses(*(each["qty"] for each in there))
    found = books.drafts()
    assert [line["quantity"] for line in found["lines"]] == [each["qty"] for each in there]
    return books, {**found, **books.edits(found["draft"], review(given, main, currency))}


@pytest.mark.parametrize("name", of_kind("en16931-arithmetic"))
def test_arithmetic(office: Opening, name: str) -> None:
    given, expected = VECTORS[name]["input"], VECTORS[name]["expected"]
    books, found = arithmetic(office, given, name)
    assert [plain(net) for net in found["nets"]] == [Decimal(net) for net in expected["line_nets"]]
    assert plain(found["net"]) == Decimal(expected["tax_exclusive"])
    assert plain(found["tax"]) == Decimal(expected["tax"])
    assert plain(found["gross"]) == Decimal(expected["tax_inclusive"])
    assert plain(found["payable"]) == Decimal(expected["payable"])
    stated = {(v["cat"], Decimal(v.get("rate", 0)), Decimal(v["base"]), Decimal(v["tax"])) for v in expected["vat"]}
    assert groups(found) == stated
    for key, charge in (("allowance_total", False), ("charge_total", True)):
        assert sum(plain(a["amount"]) for a in found["allowances"] if a["charge"] == charge) == Decimal(
            expected.get(key, 0)
        )
    if name in EARLIER:
        assert plain(found["exchanged_tax"]) == Decimal(EARLIER[name][2])
    if name in REFUSED:
        below_zero(books, found["draft"], expected["payable"])
    else:
        issued = books.issues(found["draft"])["totals"]
        assert plain(issued["lines"]) == Decimal(expected["sum_lines"])
        assert plain(issued["payable"]) == Decimal(expected["payable"])


def below_zero(books: Office, draft: str, payable: str) -> None:
    """An invoice that takes money back is refused: that is what a credit note is for (facts: type 381)."""
    told = books.json("issue", draft, code=1)
    (problem,) = (p for p in told["problems"] if p["rule"] == "below-zero")
    assert problem["message"] == f"the invoice asks the client to pay {Decimal(payable):.2f} {books.currency}"
    assert "a credit note is what takes money back" in problem["hint"]


# --- C: treatments with the law cited. ---


def treatment(office: Opening, given: Any, expected: Any, title: str) -> tuple[Office, dict[str, Any]]:
    seller, buyer, currency = given["seller_country"], given["buyer_country"], given["currency"]
    stated = given.get("extra")
    books = office(
        issuer(
            seller,
            vat_id=IDS.get(seller) if given["seller_vat_id"] else None,
            tax_scheme="small-business" if expected["category"] == "E" else "standard",
            tax={"fund": "inps"} if "INPS" in title else {},
        ),
        client(buyer, vat_id=IDS.get(buyer) if given["buyer_vat_id"] else None, business=given["buyer_business"]),
        hourly(given["lines"][0]["price"], currency),
        rates=[quote("EUR", "DKK", "7.4600")] if stated else (),
    )
    for number, line in enumerate(given["lines"], 1):
        books.works(line["qty"], f"WEB-{number}")
    return books, books.drafts()


@pytest.mark.parametrize("name", of_kind("treatment"))
def test_treatments(office: Opening, name: str) -> None:
    vector = VECTORS[name]
    given, expected = vector["input"], vector["expected"]
    books, found = treatment(office, given, expected, vector["title"])
    said = found["treatment"]
    assert (said["category"], Decimal(said["rate"])) == (expected["category"], Decimal(expected["rate"] or 0))
    assert said["reason_code"] == expected["reason_code"]
    assert (expected["note_text"] or "") in (said["note"] or "")
    assert said["source"]
    assert plain(found["net"]) == Decimal(expected["tax_exclusive"])
    assert plain(found["tax"]) == Decimal(expected["tax"])
    assert plain(found["gross"]) == Decimal(expected["tax_inclusive"])
    assert plain(found["payable"]) == Decimal(expected["amount_due_BT115"])
    assert plain(found["receivable"]) == Decimal(expected["net_receivable"])
    kept = [(Decimal(w["rate"]), plain(w["base"]), plain(w["amount"])) for w in found["withheld"]]
    assert kept == [(Decimal(w["rate"]), Decimal(w["base"]), Decimal(w["amount"])) for w in expected["withholding"]]
    assert all(
        w["tax"].split()[0] in k["name"] for w, k in zip(expected["withholding"], found["withheld"], strict=True)
    )
    added = [(plain(a["amount"]), Decimal(a["rate"]), plain(a["base"]), a["name"]) for a in found["added_by_law"]]
    charges = given["charges"] or ()
    assert added == [(Decimal(c["amount"]), Decimal(c["pct"]), Decimal(c["base"]), c["reason"]) for c in charges]
    frozen = books.issues(found["draft"])
    assert frozen["tax"]["category"] == expected["category"]
    assert frozen["totals"]["payable"] == found["payable"]
    if "extra" in given:
        exchanged = f"{given['extra']['tax_in_tax_currency']} {given['extra']['tax_currency']}"
        assert frozen["totals"]["exchanged_tax"] == found["exchanged_tax"] == exchanged


# --- B: results of another engine, case by case. ---


def same_sums(found: Mapping[str, Any], expected: Any) -> None:
    """As the other engine names them: its `payable` is what is left after what the client keeps."""
    assert plain(found["net"]) == Decimal(expected["total"])
    assert plain(found["tax"]) == Decimal(expected["tax"])
    assert plain(found["gross"]) == Decimal(expected["total_with_tax"])
    assert plain(found["withholding"]) == Decimal(expected.get("retained_tax", 0))
    assert plain(found["receivable"]) == Decimal(expected["payable"])
    bases = sorted(Decimal(r["base"]) for t in expected["taxes"] if not t["retained"] for r in t["rates"])
    found_bases = sorted(plain(group["base"]) for group in found["taxes"])
    assert found_bases == (bases if not found["treatment"]["components"] else sorted(set(bases)))
    kept = [(w["rate"], plain(w["amount"])) for w in found["withheld"]]
    assert kept == [
        (r["percent"].removesuffix("%").removesuffix(".0"), Decimal(r["amount"]))
        for t in expected["taxes"]
        if t["retained"]
        for r in t["rates"]
    ]


def by_hour(office: Opening, given: Any, seller: Any, buyer: Any, **more: Any) -> Office:
    """Hours as the first line has them, with its discount."""
    line = given["lines"][0]
    off = [
        {"percent": each["percent"], "of": "lines", "reason": "Special discount"} for each in line.get("discounts", ())
    ]
    contract = hourly(line["price"], given["currency"], **({"discounts": off} if off else {}))
    books = office(seller, buyer, contract, day=given["date"], **more)
    books.works(line["qty"])
    return books


def drafted(books: Office, expected: Any) -> dict[str, Any]:
    found = books.drafts()
    same_sums(found, expected)
    return found


REGIMES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None]] = {
    "B01": (issuer("ES"), client("ES"), None),
    "B03": (issuer("ES"), client("DE"), None),
    "B10": (issuer("ES", legal_form="company"), client("ES"), None),
    "B15": (issuer("IN", region="KA"), client("IN", region="KA"), None),
    "B16": (issuer("GB"), client("GB"), None),
    "B21": (issuer("PL"), client("DE"), None),
    "B25": (issuer("AE"), client("AE"), None),
    "B26": (issuer("SG"), client("SG"), None),
    "B28": (issuer("GR", legal_form="company"), client("GR"), {"category": "S", "rate": "17"}),
    "B30": (issuer("CA"), client("CA"), {"category": "S", "rate": "8.5"}),
}


@pytest.mark.parametrize("name", [name for name in of_kind("gobl-regime") if name in REGIMES])
def test_hours_under_a_regime(office: Opening, name: str) -> None:
    given, expected = VECTORS[name]["input"], VECTORS[name]["expected"]
    seller, buyer, tax = REGIMES[name]
    if given["lines"][0].get("unit") and Decimal(given["lines"][0]["qty"]) <= 24:
        books = by_hour(office, given, seller, buyer, tax=tax)
    else:
        prices = [line["price"] for line in given["lines"]]
        books = office(seller, buyer, metered(prices, given["currency"]), day=given["date"], tax=tax)
        books.uses(*(line["qty"] for line in given["lines"]))
    found = drafted(books, expected)
    assert [plain(line["net"]) for line in found["lines"]] == [Decimal(line["net"]) for line in given["lines"]]
    notes = [note.split(" - ")[0].split(" mechanism")[0] for note in given.get("notes", ())]
    assert all(note.casefold() in found["treatment"]["note"].casefold() for note in notes)
    components = {each["name"]: Decimal(each["rate"]) for each in found["treatment"]["components"]}
    if components:
        assert components == {t["cat"]: Decimal(t["rates"][0]["percent"].strip("%")) for t in expected["taxes"]}


def canary_islands(office: Opening, given: Any, expected: Any) -> None:
    """IGIC, and a second line that is exempt, which a reviewer adds."""
    books = by_hour(office, given, issuer("ES", postcode="35001", legal_form="company"), client("ES", postcode="38003"))
    found = books.drafts()
    assert (found["treatment"]["category"], found["treatment"]["name"]) == ("L", "IGIC")
    second = {
        "description": "Financial service",
        "quantity": "1",
        "unit": "C62",
        "unit_price": "10.00 EUR",
        "because": "agreed by mail",
        "tax": {"category": "E", "reason_code": "VATEX-EU-135-1D", "source": "a reviewer"},
    }
    reviewed = books.edits(found["draft"], lambda draft: draft["lines"].append(second))
    same_sums(reviewed, expected)
    assert books.issues(found["draft"])["totals"]["gross"] == f"{expected['total_with_tax']} EUR"


def recargo(office: Opening, given: Any, expected: Any) -> None:
    """Two taxes on one supply, which somebody decided."""
    two = [{"name": "IVA", "rate": "21"}, {"name": "Recargo de equivalencia", "rate": "5.2"}]
    seller = issuer("ES", legal_form="company")
    tax = {"category": "S", "components": two, "supply": "goods"}
    line = given["lines"][0]
    books = office(seller, client("ES"), metered([line["price"]], "EUR"), day=given["date"], tax=tax)
    books.uses(line["qty"])
    found = drafted(books, expected)
    assert found["treatment"]["components"] == two


def one_stop_shop(office: Opening, given: Any, expected: Any) -> None:
    seller = issuer("ES", legal_form="company", tax={"oss": True})
    buyer = client("PT", business=False, vat_id=None)
    prices = [line["price"] for line in given["lines"]]
    books = office(seller, buyer, metered(prices, "EUR"), day=given["date"], tax={"supply": "electronic"})
    books.uses(*(line["qty"] for line in given["lines"]))
    found = drafted(books, expected)
    assert (found["treatment"]["category"], found["treatment"]["rate"]) == ("S", "23")


def ritenuta(office: Opening, given: Any, expected: Any) -> None:
    """What is not in the tax base (DPR 633/1972 art. 15) was paid in the client's name: nothing is kept of it."""
    books = by_hour(office, given, issuer("IT"), client("IT"))
    books.spends(given["lines"][1]["price"], "--pass-through")
    drafted(books, expected)


def forfettario(office: Opening, given: Any, expected: Any) -> None:
    seller = issuer("IT", tax_scheme="small-business")
    books = office(seller, client("IT"), metered([given["lines"][0]["price"]], "EUR"), day=given["date"])
    books.uses(given["lines"][0]["qty"])
    found = books.drafts()
    sums = [plain(found[name]) for name in ("net", "tax", "payable")]
    assert sums == [Decimal(expected[name]) for name in ("total", "tax", "payable")]
    assert [(a["name"], a["amount"]) for a in found["added_by_law"]] == [
        (given["doc_charges"][0]["reason"], f"{expected['charge']} EUR")
    ]
    assert books.issues(found["draft"])["totals"]["payable"] == f"{expected['payable']} EUR"


def rounding_of_a_big_credit(office: Opening, given: Any, expected: Any) -> None:
    books = office(
        issuer("DE"), client("DE"), metered([line["price"] for line in given["lines"]], "EUR"), day=given["date"]
    )
    books.uses(*(line["qty"] for line in given["lines"]))
    found = books.drafts()
    assert [plain(line["net"]) for line in found["lines"]] == [Decimal(line["net"]) for line in given["lines"]]
    less = [{"reason": each["reason"], "amount": f"{each['amount']} EUR"} for each in given["doc_discounts"]]
    reviewed = books.edits(found["draft"], lambda draft: draft.update(allowances=less))
    same_sums(reviewed, expected)
    below_zero(books, found["draft"], expected["payable"])


def paid_in_the_clients_name(office: Opening, given: Any, expected: Any) -> None:
    books = by_hour(office, given, issuer("FR"), client("FR"))
    books.spends(given["lines"][1]["price"], "--pass-through")
    found = drafted(books, expected)
    frozen = books.issues(found["draft"])
    assert frozen["lines"][1]["tax"]["reason_code"] == given["lines"][1]["taxes"][0]["ext"]["cef-vatex"]


def three_rates(office: Opening, given: Any, expected: Any) -> None:
    books = office(issuer("NO"), client("NO"), metered([x["price"] for x in given["lines"]], "NOK"), day=given["date"])
    books.uses(*(line["qty"] for line in given["lines"]))
    found = books.drafts()

    def change(draft: dict[str, Any]) -> None:
        for line, rate in zip(draft["lines"][1:], ("15", "12"), strict=True):
            line.update(tax={"category": "S", "rate": rate, "source": "mval. § 5"}, because="food; a room")

    same_sums(books.edits(found["draft"], change), expected)
    assert plain(books.issues(found["draft"])["totals"]["tax"]) == Decimal(expected["tax"])


# --- D: outside EN 16931. ---


def construction(office: Opening, given: Any, expected: Any) -> None:
    """Finance Act 2004 s. 61: of labour alone, without VAT; materials are recorded as what was spent."""
    books = office(issuer("GB", tax={"withholding": "cis-20"}), client("GB"), hourly("50.00", "GBP"))
    books.works(str(Decimal(given["labour"]) / 50))
    books.spends(given["materials"])
    found = books.drafts()
    kept = {"name": "CIS deduction", "rate": given["cis_rate"], "base": f"{expected['cis_base']} GBP"}
    assert found["withheld"] == [{**kept, "amount": f"{expected['cis_deduction']} GBP"}]
    sums = [plain(found[name]) for name in ("net", "tax", "gross", "receivable")]
    assert sums == [Decimal(expected[name]) for name in ("net", "vat", "gross", "cash_received")]


def overdue(books: Office, days: int) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """One invoice, some days after it was due: what `status` says of it, and `explain` by kinds of reasons."""
    books.uses("1")
    number = books.issues(books.drafts()["draft"])["number"]
    (owed,) = books.json("status")["receivables"]
    assert (owed["days_late"], owed["late_interest"], owed["compensation"]) == (0, None, None)
    assert all(reason["kind"] != "late" for reason in books.json("explain", number)["because"])
    later = replace(books, today=str(date.fromisoformat(owed["due"]) + timedelta(days)))
    (owed,) = later.json("status")["receivables"]
    assert (owed["invoice"], owed["days_late"]) == (number, days)
    (late,) = (reason for reason in later.json("explain", number)["because"] if reason["kind"] == "late")
    kinds: dict[str, list[dict[str, Any]]] = {"late": [late]}
    for reason in late["because"]:
        kinds.setdefault(reason["kind"], []).append(reason)
    return owed, kinds


def late_in_great_britain(office: Opening, given: Any, expected: Any) -> None:
    """The source rounds the rate of a day first and prints 169.68; the Act knows simple interest alone."""
    seller = issuer("GB", tax_scheme="small-business", vat_id=None)
    books = office(seller, client("GB"), metered([given["debt"]], "GBP"), day="2025-07-31")
    owed, said = overdue(books, given["days"])
    assert owed["open"] == f"{given['debt']} GBP"
    assert owed["late_rate"] == said["late-rate"][0]["ref"] == expected["rate"]
    assert said["late-rate"][0]["text"].startswith(f"{expected['rate']} % a year: {given['base_rate']} % + 8 points")
    assert owed["late_interest"] == f"{expected['interest']} GBP"
    assert owed["compensation"] == f"{expected['fixed_compensation']} GBP"
    assert said["late"][0]["text"] == (
        f"101 days late: you may claim interest of {expected['interest']} GBP and "
        f"{expected['fixed_compensation']} GBP for the cost of recovery; the invoice does not ask for it"
    )


def late_in_the_eu(office: Opening, given: Any, expected: Any, day: str) -> None:
    """The floor of Directive 2011/7/EU, as Dutch law has it, in the half-year in which the invoice is late."""
    ((_, base),) = given.items()
    books = office(issuer("NL"), client("NL"), metered(["1000.00"], "EUR"), day=day)
    owed, said = overdue(books, 20)
    assert owed["late_rate"] == said["late-rate"][0]["ref"] == expected["rate"]
    assert said["late-base"][0]["text"].startswith(f"{base} % is the main refinancing rate of the ECB")
    assert owed["compensation"] == f"{expected['fixed_compensation']} EUR"
    worth = Decimal(1210) * Decimal(expected["rate"]) * 20 / 36500
    assert plain(owed["late_interest"]) == round(worth, 2)


def late_in_the_second_half(office: Opening, given: Any, expected: Any) -> None:
    late_in_the_eu(office, given, expected, "2026-06-15")


def late_in_the_first_half(office: Opening, given: Any, expected: Any) -> None:
    late_in_the_eu(office, given, expected, "2026-01-15")


def letter_of_undertaking(office: Opening, given: Any, expected: Any) -> None:
    seller = issuer("IN", region="KA", tax={"lut": "AD270326012345X"})
    books = office(seller, client("US"), hourly("100.00", "USD"))
    books.works(str(Decimal(given["net_usd"]) / 100))
    found = books.drafts()
    assert plain(found["tax"]) == Decimal(expected["igst"])
    assert (found["treatment"]["category"], found["treatment"]["note"]) == ("G", expected["text"])
    assert found["treatment"]["must_state"] == ["LUT AD270326012345X"]
    assert plain(books.issues(found["draft"])["totals"]["payable"]) == Decimal(given["net_usd"])


def honorarios(office: Opening, given: Any, expected: Any, **status: str) -> None:
    books = office(issuer("MX", tax=status), client("MX"), hourly("500.00", "MXN"))
    books.works(str(Decimal(given["net"]) / 500))
    found = books.drafts()
    assert plain(found["tax"]) == Decimal(expected["iva"])
    kept = {each["name"]: plain(each["amount"]) for each in found["withheld"]}
    assert kept == {"ISR": Decimal(expected["ret_isr"]), "IVA retenido": Decimal(expected["ret_iva"])}
    assert plain(found["receivable"]) == Decimal(expected["total"])


def resico(office: Opening, given: Any, expected: Any) -> None:
    honorarios(office, given, expected, withholding="resico")


def state(
    office: Opening, given: Any, expected: Any, code: str, *, day: str = "2026-10-30", tax: Any = None
) -> dict[str, Any]:
    """Custom development for a client in the issuer's own state."""
    seller, buyer = issuer("US", region=code, tax_number=None), client("US", region=code)
    books = office(seller, buyer, hourly("100.00", "USD"), day=day, tax=tax)
    books.works(str(Decimal(given["charge"]) / 100))
    found = books.drafts()
    assert plain(found["tax"]) == Decimal(expected["tax"])
    assert plain(found["gross"]) == Decimal(expected["total"])
    return found


def texas(office: Opening, given: Any, expected: Any) -> None:
    found = state(office, given, expected, "TX", tax={"combined_rate": given["combined_rate"]})
    assert plain(found["net"]) * Decimal("0.8") == Decimal(expected["taxable"])


def washington(office: Opening, given: Any, expected: Any) -> None:
    assert state(office, given, expected, "WA", day=given["date"])["treatment"]["category"] == "O"


def california(office: Opening, given: Any, expected: Any) -> None:
    assert state(office, given, expected, given["state"])["treatment"]["category"] == "O"


def no_abn(office: Opening, given: Any, expected: Any) -> None:
    seller = issuer("AU", tax_number=None, tax_scheme="small-business")
    books = office(seller, client("AU"), hourly("100.00", "AUD"))
    books.works(str(Decimal(given["net"]) / 100))
    found = books.drafts()
    assert plain(found["tax"]) == Decimal(expected["gst"])
    assert [plain(each["amount"]) for each in found["withheld"]] == [Decimal(expected["withheld"])]
    assert plain(found["receivable"]) == Decimal(expected["cash_received"])


def crossing_the_limit(office: Opening, given: Any, expected: Any) -> None:
    """UStG § 19(1): the invoice that crosses the limit is not exempt, and can't be issued as if it were."""
    assert expected == {"exempt": False}
    prices = [given["turnover_before"], given["invoice"]]
    seller = issuer("DE", tax_scheme="small-business")
    books = office(seller, client("DE"), metered(prices, "EUR"))
    books.uses("1")
    first = books.drafts()
    assert first["treatment"]["category"] == "E"
    books.issues(first["draft"])
    books.json("add", "--usage", "m2=1", "--on", books.day)
    second = books.drafts(code=None)
    told = books.json("issue", second["draft"], code=1)
    (problem,) = (p for p in told["problems"] if p["rule"] == "small-business-limit")
    assert problem["message"] == (
        "with this, 2026 comes to 101000.00 EUR, above the 100000.00 EUR of UStG § 19(1): it is taxable itself"
    )
    assert 'tax_scheme = "standard"' in problem["hint"]


CASES: Mapping[str, Case] = {
    "B05": canary_islands,
    "B06": recargo,
    "B08": one_stop_shop,
    "B11": ritenuta,
    "B13": forfettario,
    "B18": rounding_of_a_big_credit,
    "B20": paid_in_the_clients_name,
    "B23": three_rates,
    "D01": construction,
    "D03": late_in_great_britain,
    "D05": late_in_the_second_half,
    "D06": late_in_the_first_half,
    "D08": letter_of_undertaking,
    "D10": honorarios,
    "D11": resico,
    "D13": texas,
    "D15": washington,
    "D16": california,
    "D18": no_abn,
    "D20": crossing_the_limit,
}


@pytest.mark.parametrize("name", [name for name in CASES if name in VECTORS])
def test_case_by_case(office: Opening, name: str) -> None:
    CASES[name](office, VECTORS[name]["input"], VECTORS[name]["expected"])


def test_no_example_is_left_out() -> None:
    mapped = {*of_kind("en16931-arithmetic"), *of_kind("treatment"), *REGIMES, *CASES}
    assert mapped == set(VECTORS)
