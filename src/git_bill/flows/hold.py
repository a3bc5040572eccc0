"""Holds: nobody is reminded of an invoice, or thanked for a payment of it, until a day that a person names."""

from dataclasses import replace

from git_bill.effects import Flow, Plan, Publish
from git_bill.flows import load
from git_bill.flows.disputes_at import holds, issued_in
from git_bill.flows.landing import land, ledger_line
from git_bill.layout import HOLDS
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, nearest, stop
from git_bill.receivable.pause import Hold, Holds, held
from git_bill.shape import write


def put_on_hold(books: Books, clock: Clock, wanted: Hold) -> Flow[tuple[Hold, bool]]:
    """Record a hold, or its end; the hold as it is on file, and whether it is new.

    Stops (exit 1) at a number that is not issued, and at the end of a hold that there is not.
    """
    books.settle()
    books.fetch()
    found: list[tuple[Hold, bool]] = []

    def plan(tip: str, snapshot: Snapshot) -> Plan | None:
        number = _number(snapshot, wanted.invoice)
        before = holds(snapshot)
        now = held(before, number, wanted.on)
        if wanted.off and now is None:
            message = f"{number} is not on hold"
            raise stop(Exit.PROBLEMS, "no-hold", message, "see what is: git bill hold")
        hold = replace(wanted, invoice=number, at=clock.now())
        if now is not None and (now.until, now.because, now.off) == (hold.until, hold.because, hold.off):
            found[:] = [(now, False)]
            return None
        found[:] = [(hold, True)]
        facts = {"number": number, "on": str(hold.on), "off": hold.off}
        facts |= {"until": str(hold.until)} if hold.until else {}
        publish = Publish(
            branch=books.branch,
            expect=tip,
            files={
                HOLDS: write(Holds(holds=(*before, hold))).encode(),
                **ledger_line(snapshot, at=hold.at, kind="hold", by=hold.by, facts=facts),
            },
            message=f"{'End the hold of' if hold.off else 'Hold'} {number}",
            at=hold.at,
        )
        return Plan(why=f"{'end the hold of' if hold.off else 'hold'} {number}", effects=(publish,))

    yield from land(books, plan)
    return found[0]


def on_hold(books: Books, clock: Clock) -> tuple[Hold, ...]:
    """The holds that count today, by invoice."""
    tip = books.tip()
    snapshot = books.at(tip) if tip else books.here()
    today = clock.today(load.workspace(books.here()).settings.issuer.timezone)
    kept = holds(snapshot)
    numbers = sorted({each.invoice for each in kept})
    return tuple(each for number in numbers if (each := held(kept, number, today)) is not None)


def _number(snapshot: Snapshot, word: str) -> str:
    known = issued_in(snapshot)
    number = word if word in known else word.upper()
    if number not in known:
        near = nearest(word, known)
        hint = f"did you mean {near}?" if near else "see what was issued: git bill status"
        raise stop(Exit.PROBLEMS, "not-issued", f"{word} was not issued", hint)
    return number
