"""What lies here uncommitted and is billed by a draft as it was before: the books branch does not know it yet."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from git_bill.flows import load
from git_bill.flows.open_drafts import AtTip
from git_bill.invoice.reimbursed import item
from git_bill.layout import draft_file
from git_bill.ports import Snapshot
from git_bill.problem import Problem

_NAMED = 3  # of what changed; the rest is counted


def uncommitted(state: Snapshot, at_tip: AtTip, names: Iterable[str]) -> Iterator[Problem]:
    """Drafts whose entries or expenses say something else here than on the books branch."""
    changed = _changed(state, at_tip)
    for name in names:
        draft = at_tip.draft(name)
        if draft is None:
            continue
        billed = {each for line in draft.lines for each in (*line.entries, *line.bills)} | draft.not_billed.keys()
        touched = sorted(billed & changed.get(draft.client, set()))
        if not touched:
            continue
        more = f" and {len(touched) - _NAMED} more" if len(touched) > _NAMED else ""
        what = ", ".join(each.removeprefix("expense:") for each in touched[:_NAMED])
        yield Problem(
            rule="drafted-entry",
            severity="warning",
            message=f"{name} bills {what}{more} as recorded; what you changed of it is not committed yet",
            hint="record it and bring the draft up to date with: git bill draft",
            file=draft_file(name),
        )


def _changed(state: Snapshot, at_tip: AtTip) -> Mapping[str, set[str]]:
    """By client, what lines would call the entries and expenses that are not here what they are at the tip."""
    found: dict[str, set[str]] = {}
    here = {each.id: each for each in load.worked(state)}
    for worked in at_tip.worked.values():
        now = here.get(worked.id)
        if now is None or replace(now.entry, flags=()) != replace(worked.entry, flags=()):
            found.setdefault(worked.client, set()).add(worked.id)
    spent = load.expenses(state)
    for client, expenses in at_tip.expenses.items():
        mine = spent.get(client, {})
        found.setdefault(client, set()).update(item(each) for each in expenses if mine.get(each) != expenses[each])
    return found
