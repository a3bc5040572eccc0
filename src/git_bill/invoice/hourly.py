"""Time by the hour: rated lines under the caps, what is left out and why, and rates that are missing."""

from dataclasses import replace

from git_bill.invoice.capping import within
from git_bill.invoice.draft import Line, NotBilled
from git_bill.invoice.grouping import coarser
from git_bill.invoice.part import ROUNDED_AWAY, Part, Scope
from git_bill.invoice.rating import earlier_pieces, line_count, line_pieces, rate


def hourly(scope: Scope) -> Part:
    """Kept lines count as billed, for the caps and for the rounding of their groups.

    What would make too many lines is billed by activity and project; the work then stands on a timesheet.
    """
    basis, place = scope.basis, scope.basis.engagement.place(scope.contract.id)
    annex = _is_long(scope)
    if annex:
        scope = replace(scope, contract=coarser(scope.contract))
    contract = scope.contract
    items, over = within(scope)
    earlier = (*earlier_pieces(basis, contract), *line_pieces(scope.kept.lines, basis))
    rated = rate(items, contract, basis.known, earlier)
    left = dict(over)
    for item in rated.nothing:
        left.setdefault(item.worked.id, NotBilled(minutes=item.minutes, because=ROUNDED_AWAY, then="waive"))
    problems = tuple(replace(problem, file=basis.file, at=place) for problem in rated.problems)
    lines = tuple(_annexed(line, scope) for line in rated.lines) if annex else rated.lines
    return Part(lines=lines, left=left, problems=problems, annex=annex)


def _is_long(scope: Scope) -> bool:
    most = scope.contract.annex_from
    return len(scope.items) >= most and line_count(scope.items, scope.contract, scope.basis.known) >= most


def _annexed(line: Line, scope: Scope) -> Line:
    return replace(line, detail=scope.basis.words.found("on_annex", scope.basis.engagement.client.language))
