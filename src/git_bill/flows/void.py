"""Void a claimed number: a person's decision that it will never be used. A machine never does this (decision D3)."""

from dataclasses import replace

from git_bill.effects import Flow, Plan, Publish
from git_bill.flows import load
from git_bill.flows.landing import land, ledger_line
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, stop
from git_bill.shape import write


def void(books: Books, clock: Clock, number: str, *, because: str, by: str) -> Flow[bool]:
    """Write the reason into the claim and the ledger; `check` then reports the gap as explained. False: void already.

    Stops (exit 1) for a number that is issued (credit it instead) or was never claimed, (exit 2) without a reason.
    """

    def plan(tip: str, snapshot: Snapshot) -> Plan | None:
        found = _claimed(snapshot, number)
        if found.claim.void is not None:
            return None
        voided = replace(found.claim, void=because.strip())
        now = clock.now()
        line = ledger_line(snapshot, at=now, kind="void", by=by, facts={"number": number, "draft": voided.draft})
        publish = Publish(
            branch=books.branch,
            expect=tip,
            files={f"{found.folder}/claim.toml": write(voided).encode(), **line},
            message=f"Void {number}\n\n{because.strip()}",
            at=now,
        )
        return Plan(why=f"void {number}", effects=(publish,))

    if not because.strip():
        raise stop(
            Exit.USAGE,
            "no-reason",
            "a number is voided with a reason",
            f'git bill issue --void {number} --because "…"',
        )
    books.settle()
    books.fetch()
    return (yield from land(books, plan))


def _claimed(snapshot: Snapshot, number: str) -> load.Numbered:
    found = next((item for item in load.numbered(snapshot) if item.claim.number == number), None)
    if found is None:
        raise stop(Exit.PROBLEMS, "no-claim", f"{number} was never claimed", "only a claimed number can be voided")
    if found.invoice is not None:
        raise stop(
            Exit.PROBLEMS,
            "issued",
            f"{number} is issued and never changes",
            "it is corrected by a credit note, a document of its own",
        )
    return found
