"""The timesheet that a client signed, kept on the books branch: without it some contracts are not billed."""

from git_bill.contract.agreement import Contract
from git_bill.custody.client_word import BINARY
from git_bill.custody.ledger import sha256
from git_bill.custody.signed_timesheet import TIMESHEET, SignedTimesheet, scan_file, timesheet_file, work_hash
from git_bill.effects import Flow, Plan, Publish
from git_bill.flows import load
from git_bill.flows.approve import standing_draft
from git_bill.flows.attributes import with_attribute
from git_bill.flows.client_word import refuse_large
from git_bill.flows.landing import land, ledger_line
from git_bill.invoice.billed import billed_minutes
from git_bill.invoice.draft import Draft
from git_bill.layout import draft_file
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Problem
from git_bill.shape import write


def record_timesheet(
    books: Books, clock: Clock, name: str, attachment: tuple[str, bytes], *, by: str, who: str = ""
) -> Flow[SignedTimesheet]:
    """Keep a signed timesheet for a draft as it stands. `attachment`: name and bytes; `who` signed; `by` records it.

    Stops (exit 1) for no draft and for a file above 10 MB.
    """
    books.settle()
    books.fetch()
    draft, _ = standing_draft(books, name)
    refuse_large(*attachment, hint="scan it at 150 dpi in grey, as .pdf")
    file, content = scan_file(draft.id, attachment[0]), attachment[1]
    sheet = SignedTimesheet(
        draft=draft.id,
        work=work_hash(billed_minutes(draft)),
        who=who,
        ref=file.rpartition("/")[2],
        sha256=sha256(content),
        recorded_by=by,
        at=clock.now(),
    )

    def plan(tip: str, snapshot: Snapshot) -> Plan | None:
        there = load.read_file(snapshot, SignedTimesheet, timesheet_file(draft.id))
        if there is not None and there.value and (there.value.work, there.value.sha256) == (sheet.work, sheet.sha256):
            return None
        facts = {"draft": draft.id, "for": "timesheet", "sha256": sheet.sha256}
        publish = Publish(
            branch=books.branch,
            expect=tip,
            files={
                timesheet_file(draft.id): write(sheet).encode(),
                file: content,
                **with_attribute(snapshot, BINARY),
                **ledger_line(snapshot, at=sheet.at, kind="sign-off", by=by, facts=facts),
            },
            message=f"Keep the signed timesheet of {name}\n\nDraft {draft.id}.",
            at=sheet.at,
        )
        return Plan(why=f"keep the signed timesheet of {name}", effects=(publish,))

    yield from land(books, plan)
    return sheet


def timesheet_problems(
    contract: Contract | None, name: str, draft: Draft, sheet: SignedTimesheet | None
) -> tuple[Problem, ...]:
    """That a contract asks for a signed timesheet, and none of this time is on file (`timesheet-missing`)."""
    minutes = billed_minutes(draft)
    if contract is None or TIMESHEET not in contract.requires or not minutes:
        return ()
    if sheet is not None and sheet.work == work_hash(minutes):
        return ()
    state = "one of other time is on file" if sheet is not None else "there is none"
    return (
        Problem(
            rule="timesheet-missing",
            message=f"{name} needs a timesheet that its client signed, as contract {contract.id} says, and {state}",
            hint=f"keep it: git bill approve {name} --attach timesheet.pdf --as signed-timesheet",
            file=draft_file(name),
        ),
    )
