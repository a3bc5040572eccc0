"""The sweep that closes payment links, on books in memory with the real flows."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from tests.laws.bureau import STATED, Bureau

from git_bill.custody.ledger import Record, read
from git_bill.effects import Refused
from git_bill.flows import apply, load
from git_bill.flows.pay_links import ClosedLinks, close_links
from git_bill.layout import ledger_file, payments_file
from git_bill.money import Money
from git_bill.receivable.payment import Payments, WriteOff
from git_bill.shape import write

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def bureau() -> Bureau:
    """One invoice is issued with its link."""
    made = Bureau()
    made.state(STATED)
    made.work(date(2026, 10, 5), 60)
    (draft,) = made.draft(date(2026, 10, 5)).made
    made.approve(draft.name)
    made.issue(rail=True)
    return made


def lose(bureau: Bureau, amount: str) -> None:
    """Write a part of the invoice off."""
    (item,) = bureau.numbered
    lost = WriteOff(
        id="O-k3vqq2m7x4ab",
        invoice=item.claim.number,
        amount=Money.parse(amount),
        as_="goodwill",
        because="x",
        on=date(2026, 11, 20),
        by="mira",
        at=AT,
    )
    bureau.put({payments_file("2026-11"): write(Payments(write_offs=(lost,)))})


def sweep(bureau: Bureau) -> ClosedLinks:
    return bureau.do(close_links(bureau.books, bureau.clock, by="mira"))


def recorded(bureau: Bureau) -> list[Record]:
    files = load.ledger(bureau.books.at(bureau.books.tip() or ""))
    records, problems = read(files, {year: ledger_file(year) for year in files})
    assert not problems
    return [each for each in records if each.kind == "pay-link-closed"]


def test_a_link_whose_invoice_is_open_stays(bureau: Bureau) -> None:
    assert sweep(bureau) == ClosedLinks()
    assert all(link.is_open for link in bureau.till.links.values())


@pytest.mark.parametrize("amount", ["1.00 EUR", "113.05 EUR"])
def test_what_is_settled_otherwise_is_closed_once_and_recorded(bureau: Bureau, amount: str) -> None:
    lose(bureau, amount)
    (item,) = bureau.numbered
    assert sweep(bureau).closed == (item.claim.number,)
    asked = bureau.till.asked
    assert [link.is_open for link in bureau.till.links.values()] == [False]
    assert [each.facts for each in recorded(bureau)] == [{"number": item.claim.number}]
    assert sweep(bureau) == ClosedLinks()
    assert bureau.till.asked == asked


def test_what_the_rail_refuses_is_told_and_tried_again(bureau: Bureau) -> None:
    lose(bureau, "1.00 EUR")
    bureau.till.away = True
    found = sweep(bureau)
    assert (found.closed, [each.rule for each in found.problems]) == ((), ["pay-link-open"])
    assert found.problems[0].severity == "warning"
    assert recorded(bureau) == []
    bureau.till.away = False
    assert sweep(bureau).closed


class Killed(Exception):  # noqa: N818  it stands for a signal
    """The process ends here."""


@pytest.mark.parametrize("step", ["before:close-link", "after:close-link", "before:publish"])
def test_killed_anywhere_the_next_sweep_finishes(bureau: Bureau, step: str) -> None:
    lose(bureau, "1.00 EUR")

    def between(name: str) -> None:
        if name.startswith(step):
            raise Killed

    actors = apply.Actors(books=bureau.books, rail=bureau.till, between=between)
    with pytest.raises(Killed):
        apply.run(close_links(bureau.books, bureau.clock, by="mira"), actors)
    assert sweep(bureau).closed
    assert len(recorded(bureau)) == 1


def test_two_sweeps_at_once_record_it_once(bureau: Bureau) -> None:
    lose(bureau, "1.00 EUR")
    other = bureau.books.another()
    rival: Callable[[], object] = lambda: bureau.do(close_links(other, bureau.clock, by="mira"), other)  # noqa: E731
    bureau.books.rivals[:] = [rival]
    assert sweep(bureau).closed
    assert len(recorded(bureau)) == 1


def test_without_a_rail_it_is_said(bureau: Bureau) -> None:
    lose(bureau, "1.00 EUR")
    found = apply.run(close_links(bureau.books, bureau.clock, by="mira"), apply.Actors(books=bureau.books))
    assert "no payment provider is set up" in found.problems[0].message


def test_a_link_that_is_refused_for_good_holds_up_its_own_invoice_alone(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau.work(date(2026, 11, 3), 60)
    (draft,) = bureau.draft(date(2026, 11, 3)).made
    bureau.approve(draft.name)
    refused = Refused(reason="somebody changed it", remedy="mend it there", lasting=True)
    monkeypatch.setattr(bureau.till, "ensure_link", lambda effect: refused)
    found = bureau.issue(rail=True)
    assert found is not None
    ((problem,),) = [each.problems for each in found.refused]
    assert problem.rule == "no-payment-link"
    assert "somebody changed it" in problem.message
    monkeypatch.undo()
    assert [each.invoice.number for each in (bureau.issue(rail=True) or found).issued] == [problem.message.split()[0]]
