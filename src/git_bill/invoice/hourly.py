"""Time by the hour: rated lines under the caps, what is left out and why, and rates that are missing."""

from dataclasses import replace

from git_bill.invoice.capping import within
from git_bill.invoice.draft import NotBilled
from git_bill.invoice.part import ROUNDED_AWAY, Part, Scope
from git_bill.invoice.rating import earlier_pieces, line_pieces, rate


def hourly(scope: Scope) -> Part:
    """Kept lines count as billed, for the caps and for the rounding of their groups."""
    basis, contract = scope.basis, scope.contract
    items, over = within(scope)
    earlier = (*earlier_pieces(basis, contract), *line_pieces(scope.kept.lines, basis))
    rated = rate(items, contract, basis.known, earlier)
    left = dict(over)
    for item in rated.nothing:
        left.setdefault(item.worked.id, NotBilled(minutes=item.minutes, because=ROUNDED_AWAY, then="waive"))
    place = basis.engagement.place(contract.id)
    problems = tuple(replace(problem, file=basis.file, at=place) for problem in rated.problems)
    return Part(lines=rated.lines, left=left, problems=problems)
