"""Entries of equal day and amount in two formats: never one where they contradict each other, in any order."""

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.receivable.feeds.bank import Booking, History, camt, headings, mt940, ofx, sparkasse

from git_bill.problem import Problem
from git_bill.receivable.feeds.detect import collected, stream
from git_bill.receivable.feeds.overlap import Seen
from git_bill.receivable.remittance import Remittance

DAY = date(2026, 11, 23)
PETRA = Booking(day=DAY, amount=Decimal(100), payer="Petra Mieter", payer_iban="", text="Miete November")
GLOBEX = Booking(day=DAY, amount=Decimal(100), payer="Globex B.V.", payer_iban="", text="INV-2026-0033")
ACME = Booking(day=DAY, amount=Decimal(100), payer="Acme GmbH", payer_iban="", text="INV-2026-0032")

Writer = Callable[..., bytes]


def imported(seen: Seen, content: bytes, name: str) -> tuple[list[Remittance], Sequence[Problem]]:
    """What is new in a file, and what was said."""
    found = collected(stream(content, name, headings=headings()), name, seen=seen)
    assert found.value is not None, found.problems
    return [each for statement in found.value for each in statement.remittances], found.problems


def camt052(*bookings: Booking) -> bytes:
    """A report of the day."""
    return camt(History(bookings=bookings), 0, len(bookings), "camt.052.001.08")


def notice(*bookings: Booking) -> bytes:
    """A notice: no balances tell the places."""
    return camt(History(bookings=bookings), 0, len(bookings), "camt.054.001.08")


def register(*bookings: Booking) -> bytes:
    """OFX, which tells no accounts."""
    return ofx(History(bookings=bookings), 0, len(bookings))


def table(*bookings: Booking) -> bytes:
    """A plain table."""
    rows = [f"{each.day};{each.amount};{each.payer};{each.text};EUR;{each.bank_reference}" for each in bookings]
    own = "IBAN: DE02120300000000202051\n"
    other = f"{DAY};-1.50;Bank;Fee;EUR;"
    return "\n".join([own, "Date;Amount;Name;Text;Currency;Transaction ID", *rows, other, ""]).encode()


@pytest.mark.parametrize("order", list(itertools.permutations((PETRA, GLOBEX, ACME))))
@pytest.mark.parametrize("write", [notice, table])
def test_a_report_of_the_day_with_one_payment_and_a_later_file_with_three(
    order: tuple[Booking, ...], write: Writer
) -> None:
    seen = Seen()
    first, _ = imported(seen, camt052(PETRA), "noon.xml")
    later, problems = imported(seen, write(*order), "evening")
    assert sorted(each.payer for each in later if each.amount.amount > 0) == ["Acme GmbH", "Globex B.V."]
    assert not any(each.rule == "may-be-told-twice" for each in problems)
    for again in (seen, Seen.of([*first, *later])):
        assert imported(again, write(*reversed(order)), "again")[0] == []


@pytest.mark.parametrize(("first", "second"), [(camt052, notice), (camt052, table), (table, notice)])
def test_another_payer_of_equal_amount_is_kept_and_told(first: Writer, second: Writer) -> None:
    seen = Seen()
    (known, *_), _ = imported(seen, first(PETRA), "a")
    (new, *_), problems = imported(seen, second(GLOBEX), "b")
    assert (known.payer, new.payer) == ("Petra Mieter", "Globex B.V.")
    (told,) = [each for each in problems if each.rule == "may-be-told-twice"]
    assert told.severity == "warning"
    assert f"may be told twice: {known.id} and {new.id}" in told.message
    assert (told.file, told.line is not None) == ("b", True)
    assert f"--aside {new.id}" in told.hint


def test_references_of_one_bank_that_differ_are_two_payments_without_doubt() -> None:
    seen = Seen()
    imported(seen, camt052(replace(GLOBEX, bank_reference="2026112300001")), "a")
    new, problems = imported(seen, notice(replace(GLOBEX, bank_reference="2026112300777")), "b")
    assert [each.bank_reference for each in new] == ["2026112300777"]
    assert list(problems) == []


def test_numbers_of_documents_that_differ_are_two_payments() -> None:
    seen = Seen()
    imported(seen, camt052(GLOBEX), "a")
    new, problems = imported(seen, table(replace(GLOBEX, text="INV-2026-0034")), "b")
    assert [each.text for each in new if each.amount.amount > 0] == ["INV-2026-0034"]
    assert [each.rule for each in problems] == ["may-be-told-twice"]


@pytest.mark.parametrize(
    ("payer", "text"),
    [
        ("GLOBEX BV", "INV-2026-0033"),
        ("Globex B.V. Amsterdam", "Rechnung INV-2026-0033 vom 01.11.2026"),
        ("GLOBEX B", "INV 2026 0033"),
        ("", ""),
        ("Globex B.V.", "SEPA-Gutschrift"),
    ],
)
def test_one_payment_told_differently_is_one(payer: str, text: str) -> None:
    seen = Seen()
    imported(seen, camt052(replace(GLOBEX, bank_reference="2026112300001")), "a")
    told = replace(GLOBEX, payer=payer, text=text)
    for name, content in (("csv", table(told)), ("ofx", ofx(History(bookings=[told]), 0, 1))):
        new, problems = imported(seen, content, name)
        assert [each for each in new if each.amount.amount > 0] == []
        assert list(problems) == []


def test_umlauts_and_cut_names_are_the_same_payer() -> None:
    seen = Seen()
    imported(seen, camt052(replace(PETRA, payer="Müller und Söhne Gesellschaft mit beschränkter Haftung")), "a")
    told = replace(PETRA, payer="MUELLER UND SOEHNE GESELLSC")
    assert imported(seen, mt940(History(bookings=[told]), 0, 1), "b")[0] == []
    assert imported(seen, sparkasse(History(bookings=[told]), 0, 1), "c")[0] == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from((PETRA, GLOBEX, ACME)), min_size=1, max_size=8), st.booleans(), st.data())
def test_the_order_within_files_never_matters(told: list[Booking], are_referenced: bool, data: st.DataObject) -> None:
    day = [replace(each, bank_reference=f"B{at:06}" if are_referenced else "") for at, each in enumerate(told)]
    writers: dict[str, Writer] = {"052": camt052, "054": notice, "csv": table, "ofx": register}
    books: list[Remittance] = []
    for name in data.draw(st.lists(st.sampled_from(sorted(writers)), min_size=2, max_size=4)):
        shuffled = data.draw(st.permutations(day))
        books += imported(Seen.of(books), writers[name](*shuffled), name)[0]
    found = Counter(each.payer for each in books if each.amount.amount > 0)
    assert found == Counter(each.payer for each in told)


def test_a_part_by_another_payer_is_no_part() -> None:
    seen = Seen()
    imported(seen, camt052(replace(PETRA, amount=Decimal(3000), bank_reference="BATCH2311")), "a")
    new, _ = imported(seen, table(replace(GLOBEX, bank_reference="BATCH2311")), "b")
    assert [each.payer for each in new if each.amount.amount > 0] == ["Globex B.V."]


def test_equal_payments_without_marks_are_compared_in_bounded_time() -> None:
    many = [replace(GLOBEX, text=f"INV-2026-{number:04}") for number in range(400)]
    seen = Seen()
    imported(seen, camt052(*many), "a")
    new, _ = imported(seen, table(*many), "b")
    assert [each.text for each in new if each.amount.amount > 0] == []
