"""DATEV booking batches: worked examples in SKR03 and SKR04, and every field by DATEV's own expressions."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.receivable.export.till import (
    ACME,
    AE,
    EU,
    ISSUER,
    LYON,
    OUT,
    S7,
    S19,
    USA,
    bill,
    came,
    entries,
    eur,
    kept,
    known,
    lost,
    offset,
    settles,
    usd,
)

from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.issued import Invoice
from git_bill.period import Period
from git_bill.problem import Problem
from git_bill.receivable.booked import Booked
from git_bill.receivable.export.datev import COLUMNS, Batch, batch
from git_bill.receivable.export.datev_accounts import Area, Chart, shared
from git_bill.receivable.export.settings import Basis, DatevSettings, ExportSettings, Relief

FIRST = "INV-2026-0001"
OCT5, OCT20 = date(2026, 10, 5), date(2026, 10, 20)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
SKR03 = ExportSettings(chart="skr03", datev=DatevSettings(consultant=29098, client=55003))
# As DATEV prints it in its description of the header (developer.datev.de, "header").
SAMPLE = (
    '"EXTF";700;21;"Buchungsstapel";13;20240130140440439;;"RE";"";"";29098;55003;20240101;4;20240101;20240831;'
    '"Buchungsstapel";"WD";1;0;0;"EUR";;"";;;"03";;;"";""'
)
# Expressions of fields by number, as the description of the booking batch has them (quotes are a part of them).
EXPRESSIONS = {
    1: r"(?!0{1,10},00)\d{1,10},\d{2}",
    2: r'"(S|H)"',
    3: r'"([A-Z]{3})"',
    7: r"(?!0{1,9}$)\d{1,9}",
    8: r"(?!0{1,9}$)\d{1,9}",
    9: r'"(\d{4})?"',
    10: r"\d{4}",
    11: r'"[\w$&%*+\-/]{0,36}"',
    12: r'"[\w$&%*+\-/]{0,12}"',
    14: r'"([^"]|""){0,60}"',
    21: r'"([^"]|""){0,20}"',
    22: r'"([^"]|""){0,210}"',
    40: r'"\w{0,15}"',
    114: r"0|1",
    117: r"(\d{8})?",
}
HEADER = {
    6: r"\d{17}",
    8: r'"\w{0,2}"',
    9: r'"\w{0,25}"',
    11: r"\d{4,7}",
    12: r"\d{1,5}",
    13: r"\d{8}",
    14: r"[4-8]",
    15: r"\d{8}",
    16: r"\d{8}",
    17: r'"[\w.\-/ ]{0,30}"',
    18: r'"([A-Z]{2}){0,2}"',
    19: r"[1-2]",
    20: r"0|30|40|50|64",
    21: r"0|1",
    22: r'"([A-Z]{3})"',
    27: r'"(\d{2}){0,2}"',
    31: r'".{0,16}"',
}


def area(country: str) -> Area:
    return "home" if country == "DE" else "eu" if country in EU else "third"


def made(
    invoices: Iterable[Invoice],
    booked: Booked | None = None,
    settings: ExportSettings = SKR03,
    *,
    basis: Basis = "invoice",
    period: Period = YEAR,
    small: bool = False,
    relief: Relief = "at-once",
) -> tuple[str, tuple[Problem, ...]]:
    every = tuple(invoices)
    content, problems = batch(
        Batch(
            chart=Chart(settings=settings, small=small),
            period=period,
            currency="EUR",
            entries=entries(every, booked, basis, relief),
            documents=known(*every),
            area=area,
            at=datetime(2026, 12, 31, 9, 30, tzinfo=UTC),
        )
    )
    return content.decode("cp1252"), problems


def rows(
    invoices: Iterable[Invoice],
    booked: Booked | None = None,
    settings: ExportSettings = SKR03,
    *,
    basis: Basis = "invoice",
    small: bool = False,
    relief: Relief = "at-once",
) -> list[str]:
    """Amount, side, account, contra account, day and document of each row."""
    text, problems = made(invoices, booked, settings, basis=basis, small=small, relief=relief)
    assert problems == ()
    return [" ".join((r[0], r[1], r[6], r[7], r[9], r[10])) for r in cells(text)[2:]]


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_a_year_of_examples() -> None:
    """19 % and 7 %, § 13b at home and in the EU, third country, credit note."""
    found = rows(
        [
            bill(FIRST, OCT5, ("1000.00", S19), ("100.00", S7)),
            bill("INV-2026-0002", OCT5, ("500.00", AE)),
            bill("INV-2026-0003", OCT5, ("600.00", AE), client=LYON),
            bill("INV-2026-0004", OCT5, ("700.00", OUT), client=USA),
            bill("CN-2026-0001", OCT20, ("200.00", S19), reverses=FIRST),
        ]
    )
    assert found == [
        "1190,00 S 10000 8400 0510 INV-2026-0001",
        "107,00 S 10000 8300 0510 INV-2026-0001",
        "500,00 S 10000 8337 0510 INV-2026-0002",
        "600,00 S 10000 8336 0510 INV-2026-0003",
        "700,00 S 10000 8338 0510 INV-2026-0004",
        "238,00 H 10000 8400 2010 CN-2026-0001",
    ]


def test_payment_with_a_fee_a_discount_and_a_loss() -> None:
    """The gross amounts go to automatic accounts, which take the tax out: 8736, 2406."""
    fee, early = came(OCT20, eur("1172.50")), came(OCT20, eur("1166.20"))
    booked = kept(
        [fee, early],
        [
            settles(fee, FIRST, eur("1172.50"), eur("1190.00"), difference="fee"),
            settles(early, "INV-2026-0002", eur("1166.20"), eur("1190.00"), difference="discount"),
        ],
        [lost("INV-2026-0003", eur("119.00"), OCT20)],
    )
    invoices = [bill(f"INV-2026-000{n}", OCT5, ("1000.00", S19)) for n in (1, 2, 3)]
    for basis in ("invoice", "payment"):  # with the payment DATEV moves the tax by itself, too
        assert rows(invoices, booked, basis=basis)[3:] == [
            "1172,50 H 10000 1200 2010 INV-2026-0001",
            "17,50 H 10000 4970 2010 INV-2026-0001",
            "1166,20 H 10000 1200 2010 INV-2026-0002",
            "23,80 H 10000 8736 2010 INV-2026-0002",
            "119,00 H 10000 2406 2010 INV-2026-0003",
        ]


def test_a_discount_on_a_service_to_another_eu_state_names_the_client_s_vat_id() -> None:
    """The account 8742 feeds the recapitulative statement, as 8336 does; so does its credit note."""
    money = came(OCT20, eur("588.00"))
    booked = kept([money], [settles(money, FIRST, eur("588.00"), eur("600.00"), difference="discount")])
    text, problems = made([bill(FIRST, OCT5, ("600.00", AE), client=LYON, early="2")], booked)
    assert problems == ()
    assert [(r[7], r[39]) for r in cells(text)[2:]] == [
        ("8336", "FR40303265045"),
        ("1200", ""),
        ("8742", "FR40303265045"),
    ]


def test_a_loss_that_gives_no_tax_back_goes_to_an_account_that_takes_none_out() -> None:
    gone, invoices = kept(write_offs=[lost(FIRST, eur("119.00"), OCT20)]), [bill(FIRST, OCT5, ("1000.00", S19))]
    assert rows(invoices, gone)[1] == "119,00 H 10000 2406 2010 INV-2026-0001"
    assert rows(invoices, gone, relief="later")[1] == "119,00 H 10000 2400 2010 INV-2026-0001"


def test_the_other_chart_own_numbers_and_longer_ones() -> None:
    money = came(OCT20, eur("1190.00"))
    booked = kept([money], [settles(money, FIRST, eur("1190.00"))])
    settings = ExportSettings(
        chart="skr04", numbers={"receivable:acme": "10017", "bank:DE02120300000000202051": "1810"}
    )
    assert rows([bill(FIRST, OCT5, ("1000.00", S19))], booked, settings) == [
        "1190,00 S 10017 4400 0510 INV-2026-0001",
        "1190,00 H 10017 1810 2010 INV-2026-0001",
    ]
    longer = ExportSettings(chart="skr03", numbers={"bank": "12001"})
    assert rows([bill(FIRST, OCT5, ("1000.00", S19))], booked, longer)[1] == "1190,00 H 100000 12001 2010 INV-2026-0001"
    assert rows([bill(FIRST, OCT5, ("1000.00", S19))], booked, longer)[0] == "1190,00 S 100000 84000 0510 INV-2026-0001"


def test_what_shares_an_account_is_told() -> None:
    invoices = [bill(FIRST, OCT5, ("1000.00", S19)), bill("INV-2026-0002", OCT5, ("100.00", AE), client=LYON)]
    money = [
        came(OCT20, eur("1.00")),
        came(OCT20, eur("2.00"), account="AT611904300234573201"),
        came(OCT20, eur("3.00"), rail="hand", account=""),
        came(OCT20, eur("4.00"), rail="hand", account="cash"),
        came(OCT20, eur("5.00"), rail="stripe"),
        came(OCT20, eur("6.00"), rail="paypal"),
    ]
    accounts = [posting.account for entry in entries(invoices, kept(money)) for posting in entry.postings]
    debtors, banks, providers = found = list(shared(Chart(settings=SKR03), accounts))
    assert {each.severity for each in found} == {"warning"}
    assert debtors.message == "acme, lyon share the account 10000 in DATEV"
    assert '"receivable:acme" = "10001", "receivable:lyon" = "10002"' in debtors.hint
    assert "the account 1200" in banks.message
    assert providers.message == "paypal, stripe share the account 1360 in DATEV"
    own = {"receivable:acme": "10001", "bank:AT611904300234573201": "1210", "provider:paypal": "1361"}
    assert list(shared(Chart(settings=replace(SKR03, numbers=own)), accounts)) == []


def test_cash_has_its_own_account() -> None:
    money = came(OCT20, eur("1190.00"), rail="hand", account="cash")
    booked, invoices = kept([money], [settles(money, FIRST, eur("1190.00"))]), [bill(FIRST, OCT5, ("1000.00", S19))]
    assert rows(invoices, booked)[1] == "1190,00 H 10000 1000 2010 INV-2026-0001"
    assert rows(invoices, booked, replace(SKR03, chart="skr04"))[1] == "1190,00 H 10000 1600 2010 INV-2026-0001"


def test_a_dollar_invoice_is_booked_in_euros_and_says_its_dollars() -> None:
    money = came(OCT20, eur("780.00"))
    booked = kept([money], [settles(money, FIRST, eur("780.00"), usd("1000.00"))])
    invoices = [bill(FIRST, OCT5, ("1000.00", OUT), client=USA, currency="USD")]
    assert rows(invoices, booked) == [
        "900,00 S 10000 8338 0510 INV-2026-0001",
        "780,00 H 10000 1200 2010 INV-2026-0001",
        "120,00 H 10000 2150 2010 INV-2026-0001",
    ]
    text, _ = made(invoices, booked)
    assert cells(text)[2][20:22] == ["Fremdwährung", "1000.00 USD; 1 USD = 0.9 EUR (ECB, 2026-10-05)"]


def test_a_set_off_goes_by_way_of_an_account_in_between() -> None:
    money = came(OCT20, eur("1190.00"))
    invoices = [
        bill(FIRST, OCT5, ("1000.00", S19)),
        bill("INV-2026-0002", OCT5, ("100.00", S19)),
        bill("CN-2026-0001", OCT20, ("100.00", S19), reverses=FIRST),
    ]
    booked = kept(
        [money],
        [settles(money, FIRST, eur("1190.00"))],
        set_offs=[offset("CN-2026-0001", "INV-2026-0002", eur("119.00"), OCT20)],
    )
    assert rows(invoices, booked)[-2:] == [
        "119,00 S 10000 1590 2010 CN-2026-0001",
        "119,00 H 10000 1590 2010 INV-2026-0002",
    ]


def test_a_small_business_has_an_account_of_its_own() -> None:
    exempt = Tax(category="E")
    assert rows([bill(FIRST, OCT5, ("100.00", exempt))], small=True) == ["100,00 S 10000 8195 0510 INV-2026-0001"]


def test_what_has_no_account_says_how_to_name_one() -> None:
    """Never an account of another rate: DATEV would take out the wrong tax."""
    s16 = Tax(category="S", rate=S19.rate - 3)
    _, (wrong,) = made([bill(FIRST, OCT5, ("100.00", s16)), bill("INV-2026-0002", OCT5, ("100.00", s16))])
    assert (wrong.rule, wrong.message) == ("no-account", "no account number is known for revenue:S:16")
    assert '{ "revenue:S:16" = ' in wrong.hint
    off = kept(write_offs=[lost(FIRST, eur("16.00"), OCT20, "discount")])
    own = replace(SKR03, numbers={"revenue:S:16": "8340"})
    _, (wrong,) = made([bill(FIRST, OCT5, ("100.00", s16))], off, own)
    assert wrong.message == "no account number is known for discount:S:16"
    assert rows([bill(FIRST, OCT5, ("100.00", s16))], settings=own) == ["116,00 S 10000 8340 0510 INV-2026-0001"]


def test_two_fiscal_years_and_no_chart_are_refused() -> None:
    _, problems = made([], period=Period(OCT5, date(2027, 1, 1)))
    assert [each.rule for each in problems] == ["fiscal-years"]
    _, problems = made([], settings=ExportSettings(fiscal_year_start=7))
    assert [each.rule for each in problems] == ["fiscal-years", "no-chart"]
    text, _ = made([], settings=replace(SKR03, fiscal_year_start=7), period=Period(OCT5, date(2027, 6, 30)))
    assert cells(text)[0][12] == "20260701"


def test_the_header_is_as_datev_s_own() -> None:
    text, _ = made([])
    ours, theirs = (line.split(";") for line in (text.split("\r\n")[0], SAMPLE))
    assert len(ours) == len(theirs) == 31
    told = {6, 9, 13, 15, 16, 17, 18}  # instant, program, days, names
    assert [f for at, f in enumerate(ours, 1) if at not in told] == [
        f for at, f in enumerate(theirs, 1) if at not in told
    ]
    for at, expression in HEADER.items():
        assert re.fullmatch(expression, ours[at - 1]), at
        assert re.fullmatch(expression, theirs[at - 1]), at


def test_every_field_of_hostile_names_is_as_datev_wants_it() -> None:
    """A name with quotes, line ends, a formula and letters that Windows-1252 lacks."""
    evil = replace(ACME, name="=cmd|' /C calc'!A0\";H;\"1\r\nŁódź Ştefan 株式会社 „GmbH“ " + "x" * 99)
    text, problems = made([bill("INV 2026;0001\n" + "9" * 60, OCT5, ("1000.00", S19), client=evil)])
    assert problems == ()
    head, names, row = text.removesuffix("\r\n").split("\r\n")
    assert names == ";".join(COLUMNS)
    assert len(COLUMNS) == 125
    (parsed,) = cells(row)
    assert len(parsed) == 125
    assert parsed[13].startswith("Rechnung =cmd|")
    assert "Lódz Stefan" in parsed[13]
    fields = re.findall(r'(?:^|;)("(?:[^"]|"")*"|[^;]*)', row)
    assert len(fields) == 125
    for at, field in enumerate(fields, 1):
        expression = EXPRESSIONS.get(at, r'("")?')
        assert re.fullmatch(expression, field), (at, field)
    assert head.startswith('"EXTF";700;21;')


@pytest.mark.parametrize(
    ("numbers", "wrong"), [({"bnak": "1200"}, "bnak"), ({"bank": "12"}, "12"), ({"bank": "=1200"}, "=1200")]
)
def test_wrong_numbers_are_told(numbers: dict[str, str], wrong: str) -> None:
    ((field, message, _),) = ExportSettings(numbers=numbers).problems()
    assert field == "numbers"
    assert wrong in message
    assert ISSUER.country == "DE"
