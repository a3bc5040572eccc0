"""Pulled: what payment providers booked since they were asked last."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from git_bill.flows import load_payments
from git_bill.layout import CURSORS
from git_bill.ports import Snapshot
from git_bill.problem import Problem, Stop
from git_bill.rail import Rail
from git_bill.receivable.remittance import Remittance
from git_bill.shape import write


@dataclass(frozen=True, slots=True, kw_only=True)
class AllPulled:
    """What rails told. `cursors`: rail → where the next pull goes on."""

    remittances: tuple[Remittance, ...] = ()
    cursors: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def pull(rails: Mapping[str, Rail], snapshot: Snapshot) -> AllPulled:
    """Everything that rails have booked since their cursors; one that has no key or is away is told as a problem."""
    found: list[Remittance] = []
    reached: dict[str, str] = {}
    problems: list[Problem] = []
    known = load_payments.cursors(snapshot).rails
    for name in rails:
        cursor = known.get(name, "")
        pages: list[Remittance] = []
        try:
            rail = rails[name]
            while True:
                page = rail.pull(cursor)
                pages += page.remittances
                cursor = page.cursor
                if not page.more:
                    break
        except Stop as stopped:
            problems += stopped.problems
            continue
        found += pages
        reached[name] = cursor
    return AllPulled(remittances=tuple(found), cursors=reached, problems=tuple(problems))


def cursors(snapshot: Snapshot, pulled: AllPulled) -> dict[str, bytes | None]:
    """The file that says how far each rail was read, where that changed."""
    old = load_payments.cursors(snapshot)
    new = replace(old, rails={**old.rails, **pulled.cursors})
    return {} if new == old else {CURSORS: write(new).encode()}
