"""Terms that would bill less than nothing, never or twice are problems of the settings, each with an example."""

import pytest
from tests.contract.acme import CLIENT

from git_bill.contract.agreement import Engagement
from git_bill.shape import read

CONTRACT = """
[[contracts]]
id = "acme-2026"
from = 2026-01-01
currency = "EUR"
"""
DISCOUNT = '[[contracts.discounts]]\nreason = "Loyalty"\n'
PARTS = '[[contracts.milestones]]\nid = "a"\npercent = "60%"\n[[contracts.milestones]]\nid = "b"\npercent = "50%"'
ORDER = '[[contracts.orders]]\nnumber = "1"\n'
METER = '[[contracts.meters]]\nid = "requests"\n'
CHEAP = '[[contracts.meters]]\nid = "requests"\ntiers = [{ price = "-0.05 EUR" }]'
NIGHT = '[[contracts.multipliers]]\nfactor = "1.5"\n'
WRONG = [
    ('kind = "fixed"', "milestones: are missing: a fixed price is billed by them"),
    ('kind = "subscription"', "fees: are missing"),
    ('retainer = { fee = "9.00 EUR", time = "20h" }', "retainer: does nothing in a contract of kind hourly"),
    (
        'kind = "daily"\n' + NIGHT + 'start = "22:00"\nend = "06:00"',
        "multipliers: a day that is billed as a whole has no time of day",
    ),
    (NIGHT + 'start = "22:00"\nend = "22:00"', "multipliers[0].end: is the start; without both the whole day counts"),
    (
        'early_payment = { percent = "2%", days = 31 }',
        "early_payment: is within 31 days, later than it is due: 30 days",
    ),
    (DISCOUNT + 'percent = "-5%"', "discounts[0].percent: -5 is not more than nothing"),
    (DISCOUNT + 'percent = "101%"', "discounts[0].percent: 101 % is more than all of it"),
    (DISCOUNT + 'amount = "0.00 EUR"', "discounts[0].amount: 0.00 EUR is not more than nothing"),
    (DISCOUNT + 'percent = "5%"\nabove = "-1.00 EUR"', "discounts[0].above: -1.00 EUR is not more than nothing"),
    (DISCOUNT + 'percent = "5%"\nafter_months = -1', "discounts[0].after_months: -1 is less than nothing"),
    (
        DISCOUNT + 'percent = "5%"\nfrom = 2026-02-01\nuntil = 2026-01-01',
        "discounts[0].until: it ends (2026-01-01) before it starts (2026-02-01)",
    ),
    (
        '[[contracts.fees]]\nid = "support"\namount = "-450.00 EUR"',
        "fees[0].amount: -450.00 EUR is not more than nothing",
    ),
    ('retainer = { fee = "0.00 EUR", time = "20h" }', "retainer.fee: 0.00 EUR is not more than nothing"),
    (
        'retainer = { fee = "9.00 EUR", time = "20h", overage = "-1.00 EUR" }',
        "retainer.overage: -1.00 EUR is not more than nothing",
    ),
    ('retainer = { fee = "9.00 EUR", time = "20h", carry = 99999999 }', "retainer.carry: what is left lasts 0 to 120"),
    ('call_out = { fee = "-80.00 EUR" }', "call_out.fee: -80.00 EUR is not more than nothing"),
    (
        '[[contracts.milestones]]\nid = "beta"\namount = "-1.00 EUR"',
        "milestones[0].amount: -1.00 EUR is not more than nothing",
    ),
    (
        'price = "9.00 EUR"\n[[contracts.milestones]]\nid = "beta"\npercent = "-50%"',
        "milestones[0].percent: -50 is not more than nothing",
    ),
    ('price = "9.00 EUR"\n' + PARTS, "milestones: the milestones are 110 % of the price in all"),
    (CHEAP, "meters[0].tiers[0].price: -0.05 EUR is less than nothing"),
    (
        METER + 'minimum = "-1.00 EUR"\ntiers = [{ price = "0.05 EUR" }]',
        "meters[0].minimum: -1.00 EUR is not more than nothing",
    ),
    ('minimum = "-1.00 EUR"', "minimum: -1.00 EUR is not more than nothing"),
    ('price = "-1.00 EUR"', "price: -1.00 EUR is not more than nothing"),
    ("annex_from = 0", "annex_from: 0 is not more than nothing"),
    ('expenses = { mark_up = "-10%" }', "expenses.mark_up: -10 is not more than nothing"),
    ('expenses = { kilometre = "-0.30 EUR" }', "expenses.kilometre: -0.30 EUR is not more than nothing"),
    ('expenses = { mile = "0.00 EUR" }', "expenses.mile: 0.00 EUR is not more than nothing"),
    (
        'cap = "1000.00 EUR per month"\n' + DISCOUNT + 'percent = "5%"\ncharge = true',
        "discounts: the surcharge 'Loyalty' is of the whole invoice, and would come on top of 1000.00 EUR",
    ),
    (
        ORDER + 'budget = "5000.00 EUR"\n' + DISCOUNT + 'amount = "5.00 EUR"\ncharge = true',
        "discounts: the surcharge 'Loyalty' is of the whole invoice, and would come on top of 5000.00 EUR",
    ),
    (ORDER + 'budget = "-1.00 EUR"', "orders[0].budget: -1.00 EUR is not more than nothing"),
    (
        ORDER + '[[contracts.orders]]\nnumber = "2"',
        "orders: orders 1 and 2 are for the same days, and the first has no budget",
    ),
    ("group = []", "group: names what makes a line, each once"),
    ('group = ["ticket", "ticket"]', "group: names what makes a line, each once"),
    ('invoice_currency = "ZZZ"', "invoice_currency: there is no currency ZZZ"),
    (NIGHT + 'start = "25:99"\nend = "06:00"', 'multipliers[0].start: "25:99" is not in the right form'),
    ('describe = " "', "describe: says nothing of a line"),
    ('describe = "{ticket"', "describe: a brace of '{ticket' has no partner"),
    ('describe = "{ticket}}: {title}"', "describe: a brace of '{ticket}}: {title}' has no partner"),
    ('describe = "{ticket}: {titel}"', "describe: there is no {titel} to describe a line with"),
    ('describe = "{first name}"', "describe: there is no {first name} to describe a line with"),
    ('describe = "{}"', "describe: there is no {} to describe a line with"),
    ('cap = "-5.00 EUR per month"', 'cap: "-5.00 EUR per month" is not in the right form'),
    (NIGHT + 'holidays = "DE-ZZ"', "multipliers[0].holidays: 'DE-ZZ' is no region"),
    (NIGHT + 'holidays = "QQ"', "multipliers[0].holidays: 'QQ' is no region"),
    ('early_payment = { percent = "2%", days = 99999999999 }', "early_payment.days: is not between 1 and 365"),
    ('early_payment = { percent = "100%", days = 10 }', "early_payment.percent: is not between 0 and 100"),
    ('late_interest = "0%"', "late_interest: 0 is not more than nothing"),
    ('late_interest = "101%"', "late_interest: 101 % is more than all of it"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[message for _, message in WRONG])
def test_it_is_told_with_an_example(text: str, message: str) -> None:
    (problem,) = read(Engagement, CLIENT + CONTRACT + text, "acme.toml").problems
    assert problem.message.startswith(f"contracts[0].{message}")
    assert problem.hint


@pytest.mark.parametrize("name", ["acme/2026", "acme:2026", "acme 2026", "-acme", ""])
def test_a_contracts_name_parts_nothing_that_lines_bill(name: str) -> None:
    """`acme/2026` and its deposit `start` would be held as `acme/2026/deposit:start`, that of 2026 of `acme/acme`."""
    text = CLIENT + CONTRACT.replace("acme-2026", name)
    (problem,) = read(Engagement, text, "acme.toml").problems
    assert problem.message.startswith(f'contracts[0].id: "{name}" is not in the right form')
    assert problem.hint == 'write it like: id = "acme-2026"'


@pytest.mark.parametrize(
    "text",
    [
        METER + 'mode = "graduated"\ntiers = [{ up_to = "1000", price = "0.00 EUR" }, { price = "0.05 EUR" }]',
        ORDER + 'budget = "500.00 EUR"\n[[contracts.orders]]\nnumber = "2"',
        DISCOUNT + 'percent = "150%"\ncharge = true',
        NIGHT + 'start = "22:00"\nend = "24:00"',
    ],
    ids=["a free tier", "an order after one that is used up", "a surcharge", "until midnight"],
)
def test_what_is_meant_stays(text: str) -> None:
    assert read(Engagement, CLIENT + CONTRACT + text, "acme.toml").problems == ()
