"""One history, cut and imported in any way: every entry is there once."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.receivable.feeds.bank import Booking, History, camt, headings, mt940, ofx, sparkasse

from git_bill.receivable.feeds import overlap
from git_bill.receivable.feeds.detect import collected, read, stream
from git_bill.receivable.feeds.overlap import Seen
from git_bill.receivable.remittance import Remittance, standing

HEADINGS = headings()
Writer = Callable[[History, int, int], bytes]
WRITERS: dict[str, Writer] = {"camt": camt, "mt940": mt940, "csv": sparkasse, "ofx": ofx}
DAY = date(2026, 11, 2)

bookings = st.builds(
    lambda offset, cents, who, text, parts: (offset, cents, who, text, parts),
    st.integers(0, 3),
    st.sampled_from([-5000, 2500, 10000, 10000, 119000]),
    st.sampled_from([("Acme GmbH", "DE89370400440532013000"), ("Beta SARL", "FR1420041010050500013M02606")]),
    st.sampled_from(["INV-2026-0007", "INV-2026-0008", "thanks"]),
    st.booleans(),
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Up to four days with many equal amounts; bank references on all or on none."""
    rows = sorted(draw(st.lists(bookings, min_size=1, max_size=10)), key=lambda row: row[0])
    referenced = draw(st.booleans())
    made = []
    for number, (offset, cents, (payer, iban), text, batch) in enumerate(rows):
        amount = Decimal(cents) / 100
        parts = (amount / 2, amount / 2) if batch and amount > 0 else ()
        made.append(
            Booking(
                day=DAY + timedelta(days=offset),
                amount=amount,
                payer=payer,
                payer_iban=iban,
                text=text,
                bank_reference=f"B{number:08}" if referenced else "",
                parts=parts,
            )
        )
    return History(bookings=made)


def whole_days(history: History) -> list[int]:
    """Where a file that holds whole days can begin or end."""
    days = [each.day for each in history.bookings]
    return [0, *(i for i in range(1, len(days)) if days[i] != days[i - 1]), len(days)]


def imported(seen: Seen, content: bytes, name: str) -> list[Remittance]:
    """What is new in a file."""
    found = collected(stream(content, name, headings=HEADINGS), name, seen=seen)
    assert [each for each in found.problems if each.severity == "error"] == []
    return [each for statement in found.value or () for each in statement.remittances]


def entries(remittances: list[Remittance]) -> Counter[tuple[date, Decimal]]:
    """Day and amount of each booked entry, a batch once."""
    booked = {each.id.rsplit("-", 1)[0] if each.part_of_batch else each.id: each for each in remittances}
    return Counter((each.booked, each.booked_amount.amount) for each in booked.values())


@settings(max_examples=150, deadline=None)
@given(histories(), st.data())
def test_files_of_whole_days_in_any_formats_and_any_order_give_every_entry_once(
    history: History, data: st.DataObject
) -> None:
    bounds = whole_days(history)
    cuts = data.draw(st.lists(st.tuples(st.sampled_from(bounds), st.sampled_from(bounds)), max_size=5))
    files = [(start, end) for start, end in cuts if start < end] + [(0, len(history.bookings))]
    files = data.draw(st.permutations(files))
    books: list[Remittance] = []
    for number, (start, end) in enumerate(files):
        name = data.draw(st.sampled_from(sorted(WRITERS)))
        books += imported(Seen.of(books), WRITERS[name](history, start, end), f"{number}.{name}")
    assert entries(books) == Counter((each.day, each.amount) for each in history.bookings)
    assert len({each.id for each in books}) == len(books)


@settings(max_examples=100, deadline=None)
@given(histories(), st.sampled_from(["camt", "mt940"]), st.data())
def test_one_format_with_balances_may_be_cut_in_the_middle_of_a_day(
    history: History, name: str, data: st.DataObject
) -> None:
    size = len(history.bookings)
    balances = [history.cut(0, end)[2] for end in range(size + 1)]
    assume(len(set(balances)) == len(balances))  # one that comes back on a day does not tell two places apart
    middle = data.draw(st.integers(0, size))
    start = data.draw(st.integers(0, middle))
    books: list[Remittance] = []
    for begin, end in ((0, middle), (start, size)):
        books += imported(Seen.of(books), WRITERS[name](history, begin, end), name)
    assert entries(books) == Counter((each.day, each.amount) for each in history.bookings)
    assert imported(Seen.of(books), WRITERS[name](history, 0, size), name) == []


@settings(max_examples=50, deadline=None)
@given(histories(), st.sampled_from(sorted(WRITERS)))
def test_the_same_file_again_gives_nothing_new(history: History, name: str) -> None:
    content = WRITERS[name](history, 0, len(history.bookings))
    books = imported(Seen(), content, name)
    assert imported(Seen.of(books), content, name) == []
    again = read(content, "renamed", headings=HEADINGS).value
    assert again is not None
    assert [each.id for each in again[0].remittances] == [each.id for each in books]


def two(first: Booking, second: Booking) -> History:
    """Two bookings."""
    return History(bookings=[first, second])


def test_two_payments_of_one_amount_on_one_day_from_two_payers_are_two_in_notifications() -> None:
    acme = Booking(day=DAY, amount=Decimal(100))
    beta = Booking(day=DAY, amount=Decimal(100), payer="Beta", payer_iban="FR1420041010050500013M02606")
    history = two(acme, beta)
    seen = Seen()
    first = imported(seen, camt(history, 0, 1, "camt.054.001.08"), "a")
    second = imported(seen, camt(history, 1, 2, "camt.054.001.08"), "b")
    assert [each.payer for each in first + second] == ["Acme GmbH", "Beta"]
    assert imported(seen, camt(history, 0, 2), "statement") == []


def test_two_statements_of_one_day_with_payments_of_equal_look_have_two() -> None:
    history = two(Booking(day=DAY, amount=Decimal(100)), Booking(day=DAY, amount=Decimal(100)))
    seen = Seen()
    assert len(imported(seen, mt940(history, 0, 1), "morning")) == 1
    assert len(imported(seen, mt940(history, 1, 2), "evening")) == 1
    assert imported(seen, mt940(history, 0, 2), "day") == []


def test_what_the_report_of_the_day_showed_is_not_new_in_the_statement() -> None:
    history = two(Booking(day=DAY, amount=Decimal(100)), Booking(day=DAY, amount=Decimal(100)))
    seen = Seen()
    assert len(imported(seen, camt(history, 0, 1, "camt.052.001.02"), "noon")) == 1
    assert len(imported(seen, camt(history, 0, 2, "camt.052.001.02"), "evening")) == 1
    assert imported(seen, camt(history, 0, 2), "statement") == []


def test_an_entry_in_another_currency_or_account_is_another_one() -> None:
    history = History(bookings=[Booking(day=DAY, amount=Decimal(100))])
    seen = Seen()
    assert len(imported(seen, camt(history, 0, 1), "a")) == 1
    dollars = camt(history, 0, 1).replace(b"EUR", b"USD")
    assert len(imported(seen, dollars, "b")) == 1
    other = camt(history, 0, 1).replace(b"DE02120300000000202051", b"DE88500105175407324931")
    assert len(imported(seen, other, "c")) == 1


def test_a_statement_without_entry_dates_meets_what_is_known_by_its_value_date() -> None:
    history = History(bookings=[Booking(day=DAY, amount=Decimal(100))])
    later = f"<BookgDt><Dt>{DAY + timedelta(days=1)}</Dt></BookgDt>".encode()
    booked_later = camt(history, 0, 1).replace(f"<BookgDt><Dt>{DAY}</Dt></BookgDt>".encode(), later)
    undated = mt940(history, 0, 1).replace(f":61:{DAY:%y%m%d}{DAY:%m%d}".encode(), f":61:{DAY:%y%m%d}".encode())
    seen = Seen()
    assert len(imported(seen, booked_later, "camt")) == 1
    assert imported(seen, undated, "mt940") == []


def batch(*payers: str) -> History:
    """A booked sum of 100.00 for each payer, with details of all, none, or one."""
    amounts = tuple(Decimal(100) for _ in payers)
    return History(bookings=[Booking(day=DAY, amount=sum(amounts, Decimal(0)), parts=amounts, bank_reference="SUM-1")])


def sum_alone(content: bytes) -> bytes:
    """What a bank writes that tells no details."""
    begin, end = content.index(b"<NtryDtls>"), content.index(b"</NtryDtls>")
    return content[:begin] + b"<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>" + content[end:]


def test_a_sum_that_is_detailed_later_is_its_details_from_then_on() -> None:
    history = batch("Acme", "Beta")
    statement, notice = sum_alone(camt(history, 0, 1)), camt(history, 0, 1, "camt.054.001.08")
    seen = Seen()
    (whole,) = imported(seen, statement, "statement")
    parts = imported(seen, notice, "notice")
    assert [(each.id, str(each.amount)) for each in parts] == [
        (f"{whole.id}-1", "100.00 EUR"),
        (f"{whole.id}-2", "100.00 EUR"),
    ]
    books = [whole, *parts]
    assert standing(books) == tuple(parts)
    for later in (seen, Seen.of(books)):
        assert imported(later, notice, "again") == imported(later, statement, "again") == []


def test_a_single_entry_gets_the_name_of_who_paid_when_a_notice_tells_it() -> None:
    history = History(bookings=[Booking(day=DAY, amount=Decimal(100))])
    statement, notice = sum_alone(camt(history, 0, 1)), camt(history, 0, 1, "camt.054.001.08")
    seen = Seen()
    (whole,) = imported(seen, statement, "statement")
    (part,) = imported(seen, notice, "notice")
    assert (part.id, part.payer, part.booked_amount, whole.payer) == (f"{whole.id}-1", "Acme GmbH", whole.amount, "")
    assert imported(Seen.of([whole, part]), mt940(history, 0, 1), "mt940") == []


def test_what_somebody_has_decided_on_is_not_detailed_any_more() -> None:
    history = batch("Acme", "Beta")
    (whole,) = imported(Seen(), sum_alone(camt(history, 0, 1)), "statement")
    notice = camt(history, 0, 1, "camt.054.001.08")
    assert imported(Seen.of([whole], decided={whole.id}), notice, "notice") == []
    parts = imported(Seen.of([whole]), notice, "notice")  # another branch has decided meanwhile
    assert standing([*parts, whole], decided={whole.id}) == (whole,)
    assert standing(parts) == tuple(parts)


def test_details_first_and_the_sum_later_is_one_money() -> None:
    history = batch("Acme", "Beta")
    seen = Seen()
    assert len(imported(seen, camt(history, 0, 1, "camt.054.001.08"), "notice")) == 2
    assert imported(seen, sum_alone(camt(history, 0, 1)), "statement") == []


def test_details_as_entries_of_their_own_are_the_sum_that_they_refer_to() -> None:
    single = Booking(day=DAY, amount=Decimal(100), bank_reference="SUM-1")
    notices = camt(two(single, single), 0, 2, "camt.054.001.08")
    statement = sum_alone(camt(batch("Acme", "Beta"), 0, 1))
    seen = Seen()
    assert len(imported(seen, statement, "statement")) == 1
    assert imported(seen, notices, "notices") == []
    seen = Seen()
    assert len(imported(seen, notices, "notices")) == 2
    assert imported(seen, statement, "statement") == []
    other = statement.replace(b"SUM-1", b"SUM-2")
    assert len(imported(seen, other, "other")) == 1


def test_details_of_a_known_batch_that_come_one_by_one_are_known() -> None:
    history = batch("Acme", "Beta")
    parts = iter((b"<Refs><AcctSvcrRef>PART-1</AcctSvcrRef>", b"<Refs><AcctSvcrRef>PART-2</AcctSvcrRef>"))
    statement = re.sub(rb"<Refs>", lambda _: next(parts), camt(history, 0, 1))
    one = Booking(day=DAY, amount=Decimal(100), bank_reference="PART-1")
    notices = camt(two(one, replace(one, bank_reference="PART-2")), 0, 2, "camt.054.001.08")
    books = imported(seen := Seen(), statement, "statement")
    assert [each.bank_reference for each in books] == ["PART-1", "PART-2"]
    for later in (seen, Seen.of(books)):
        assert imported(later, notices, "notices") == []


def test_a_file_with_an_error_leaves_no_trace() -> None:
    history = batch("Acme", "Beta")
    whole = sum_alone(camt(history, 0, 1))
    notice = camt(history, 0, 1, "camt.054.001.08")
    seen = Seen()
    for broken in (notice[:-30], ofx(history, 0, 1)[:-20]):
        assert collected(stream(broken, "broken"), "broken", seen=seen).value is None
    assert len(imported(seen, whole, "statement")) == 1
    assert collected(stream(notice[:-30], "broken"), "broken", seen=seen).value is None
    assert len(imported(seen, notice, "notice")) == 2


def test_equal_entries_are_not_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    same_mark = overlap._same_mark

    def counted(one: Remittance, other: Remittance) -> bool:
        nonlocal compared
        compared += 1
        return same_mark(one, other)

    monkeypatch.setattr(overlap, "_same_mark", counted)
    many = History(bookings=[Booking(day=DAY, amount=Decimal(100), bank_reference="SAME")] * 2_000)
    seen = Seen()
    assert len(imported(seen, mt940(many, 0, 2_000), "x")) == 2_000
    assert imported(seen, mt940(many, 0, 2_000), "again") == []
    assert compared == 2_000
