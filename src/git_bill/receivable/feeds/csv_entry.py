"""A row of a CSV statement: one remittance."""

from collections.abc import Sequence
from decimal import Decimal

from git_bill.money import Money
from git_bill.receivable.account import same_account
from git_bill.receivable.feeds.csv_habits import Habits
from git_bill.receivable.feeds.csv_table import Table
from git_bill.receivable.feeds.feed import Source, clean, currency_of, money, reference, shown
from git_bill.receivable.feeds.mapping import Headings
from git_bill.receivable.feeds.payer_in_text import payer_in
from git_bill.receivable.feeds.values import amount, day
from git_bill.receivable.paypal_event import kind_of, moves_money
from git_bill.receivable.remittance import BANK, Kind, Remittance, linked


def currency_in_row(cells: Sequence[str], table: Table, source: Source) -> str:
    """What the row says, what is declared for its account, what the file says. Raises Unreadable where nothing does."""
    stated = table.cell(cells, "currency")
    if not stated and source.own:
        account = table.cell(cells, "account") or table.account
        own = (each for each in source.own if each.currency and account and same_account(each.account, account))
        stated = next((each.currency or "" for each in own), "")
    stated = stated or table.currency or (table.declared.currency if table.declared else None) or ""
    if not stated:
        declared = {each.currency for each in source.own if each.currency}
        stated = declared.pop() if len(declared) == 1 else ""
    if not stated:
        hint = f'declare it: [[accounts]] account = "{table.account or "DE02…"}", currency = "EUR"'
        raise source.unreadable("unknown-currency", "the file does not say its currency", hint, table.line or 1)
    return currency_of(stated)


def remittance_in_row(cells: Sequence[str], table: Table, habits: Habits, source: Source) -> Remittance | None:
    """A row; None for one that is not booked. Raises ValueError."""
    headings = source.headings
    if not _is_booked(cells, table, headings):
        return None
    currency = currency_in_row(cells, table, source)
    number = _amount(cells, table, habits, headings)
    fee = _fee(cells, table, habits, number)
    if fee and table.export is not None and table.export.fee_apart:
        number -= fee
    booked = day(table.cell(cells, "date"), habits.order)
    value = table.cell(cells, "value_date")
    is_in = number > 0
    original, rate = table.cell(cells, "original"), table.cell(cells, "rate")
    code = table.cell(cells, "original_currency").upper()
    kind = _kind(cells, table, headings, is_in=is_in)
    reverses, taken = linked(kind, reference(table.cell(cells, "reverses")), is_in=is_in)
    payer, account = _other_side(cells, table, is_in=is_in)
    return Remittance(
        id="R-" + "a" * 12,  # until it is identified
        rail=table.rail,
        feed=table.name,
        booked=booked,
        value_date=day(value, habits.order) if value else None,
        amount=money(number, currency),
        kind=kind,
        payer=payer,
        payer_account=account,
        text=table.cell(cells, "text"),
        reference=reference(table.cell(cells, "reference")),
        end_to_end=reference(table.cell(cells, "end_to_end")) or taken,
        mandate=reference(table.cell(cells, "mandate")),
        bank_reference=reference(table.cell(cells, "bank_reference")),
        fee=money(fee, currency) if fee else None,
        original=Money(abs(amount(original, habits.decimal)), currency_of(code))
        if original and code and code != currency
        else None,
        rate=_rate(rate, habits),
        reverses=reverses,
    )


def _other_side(cells: Sequence[str], table: Table, *, is_in: bool) -> tuple[str, str]:
    """Name and account of who paid, or was paid; a name without the address that Swiss banks put behind it."""
    name = clean(table.cell(cells, "payer" if is_in or "payee" not in table.places else "payee")).split(";")[0]
    account = clean(table.cell(cells, "payer_account")).replace(" ", "").strip("'")
    if not name and not account and is_in and (told := payer_in(table.cell(cells, "text"))):
        return told
    return name, account


def _is_booked(cells: Sequence[str], table: Table, headings: Headings) -> bool:
    if table.cell(cells, "impact").casefold() in headings.pending or _is_still(cells, table):
        return False
    state = table.cell(cells, "state")
    if not state:
        return True
    if table.export is not None and table.export.booked:
        return state.casefold() in {each.casefold() for each in table.export.booked}
    return state.casefold() not in headings.pending


def _is_still(cells: Sequence[str], table: Table) -> bool:
    """Whether a provider only holds money back, or lets it go again."""
    if event := table.cell(cells, "event"):
        return not moves_money(event)
    lower = table.cell(cells, "type").casefold()
    return table.export is not None and any(word in lower for word in table.export.still)


def _amount(cells: Sequence[str], table: Table, habits: Habits, headings: Headings) -> Decimal:
    debit, credit = table.cell(cells, "debit"), table.cell(cells, "credit")
    if debit or credit:
        paid = abs(amount(debit, habits.decimal)) if debit else Decimal(0)
        got = abs(amount(credit, habits.decimal)) if credit else Decimal(0)
        return got - paid
    number = amount(table.cell(cells, "amount"), habits.decimal) * habits.sign
    sign = table.cell(cells, "sign").casefold()
    if sign:
        known = table.export.outgoing if table.export else ()
        if sign in {each.casefold() for each in known} or sign in headings.outgoing:
            return -abs(number)
        if not known and sign not in headings.incoming:
            raise ValueError(f"{shown(sign)} is neither debit nor credit")
    return number


def _fee(cells: Sequence[str], table: Table, habits: Habits, net: Decimal) -> Decimal:
    """Above zero where it was kept, below where it was given back: only what a gross amount shows tells them apart."""
    gross, text = table.cell(cells, "gross"), table.cell(cells, "fee")
    if gross and text:
        return amount(gross, habits.decimal) - net
    return abs(amount(text, habits.decimal)) if text else Decimal(0)


def _rate(text: str, habits: Habits) -> Decimal | None:
    try:
        return amount(text, habits.decimal) or None if text else None
    except ValueError:
        return None  # a bank's remark; it decides nothing


def _kind(cells: Sequence[str], table: Table, headings: Headings, *, is_in: bool) -> Kind:
    """By the code or the words of its type, where the export has one; else what came in is a payment."""
    lower, event = table.cell(cells, "type").casefold(), table.cell(cells, "event")
    if event:
        return kind_of(event, is_in=is_in)
    if lower and table.rail != BANK:
        for kind, words in headings.kinds.items():
            if any(word in lower for word in words):
                return kind if kind != "payment" or is_in else "other"  # type: ignore[return-value]
    if is_in:
        return "payment"
    return "chargeback" if table.rail == BANK and _is_returned(cells, table, headings) else "other"


def _is_returned(cells: Sequence[str], table: Table, headings: Headings) -> bool:
    """Whether its type, or the beginning of a text, says that a payment was taken back."""
    texts = [cells[at].strip().casefold() for at in table.places.get("text", ()) if at < len(cells)]
    texts.append(table.cell(cells, "type").casefold())
    return any(text.startswith(headings.returned) for text in texts)
