"""Credit: what clients have, and for which invoices it is offered."""

from datetime import date, timedelta

from git_bill.money import Money
from git_bill.receivable.credit import Credit, uses
from git_bill.receivable.receivable import Receivable

DAY = date(2026, 11, 20)


def owed(number: str, amount: str, client: str = "acme", late: int = 0) -> Receivable:
    money, none = Money.parse(amount), Money.zero(amount[-3:])
    return Receivable(
        number=number,
        client=client,
        issued=DAY,
        due=DAY + timedelta(days=30 - late),
        asked=money,
        settled=none,
        written_off=none,
        set_off=none,
        credited=none,
        open=money,
    )


def has(name: str, amount: str, client: str = "acme") -> Credit:
    return Credit(remittance=name, client=client, amount=Money.parse(amount), since=DAY)


def test_credit_goes_to_what_is_due_first_of_the_same_client_and_currency() -> None:
    rows = [
        owed("LATER", "50.00 EUR"),
        owed("FIRST", "40.00 EUR", late=5),
        owed("DOLLARS", "10.00 USD", late=9),
        owed("THEIRS", "10.00 EUR", client="globex", late=9),
        owed("CN", "-30.00 EUR"),
        owed("PAID", "0.00 EUR", late=9),
    ]
    found = [(each.credit, each.invoice, str(each.amount)) for each in uses([has("R-a", "60.00 EUR")], rows)]
    assert found == [("R-a", "FIRST", "40.00 EUR"), ("R-a", "LATER", "20.00 EUR"), ("CN", "LATER", "30.00 EUR")]


def test_nothing_is_offered_where_nothing_is_open_or_nobody_has_credit() -> None:
    assert list(uses([has("R-a", "60.00 EUR")], [])) == []
    assert list(uses([], [owed("ONE", "50.00 EUR")])) == []
    assert list(uses([has("R-a", "60.00 EUR", client="globex")], [owed("ONE", "50.00 EUR")])) == []
