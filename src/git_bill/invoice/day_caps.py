"""Caps over days that are added one after the other: each costs the same, however many came before it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeAlias

from git_bill.invoice.allowance import Allowance
from git_bill.invoice.capping import Limit, Room
from git_bill.invoice.discounting import on_lines
from git_bill.invoice.draft import Line
from git_bill.invoice.part import Scope
from git_bill.money import Money

_Place: TypeAlias = tuple[int, str]  # number of a limit, and what of


@dataclass(slots=True)
class _Whole:
    """The line that days of a person and price make. `kinds`: one entry of each activity and project in it."""

    allowances: tuple[Allowance, ...] = ()
    quantity: Decimal = Decimal(0)
    kinds: dict[tuple[str, str], str] = field(default_factory=dict)
    days: list[Line] = field(default_factory=list)


class DayCaps:
    """What caps leave for days, counted on from one day to the next as `Limit.taken` counts the lines in the end."""

    def __init__(self, scope: Scope, rooms: Iterable[Room]) -> None:
        listed = tuple(rooms)
        self._scope = scope
        self._limits: tuple[Limit, ...] = tuple(dict.fromkeys(room.limit for room in listed))
        numbers = {limit: number for number, limit in enumerate(self._limits)}
        self._rooms: Mapping[_Place, Room] = {(numbers[room.limit], room.about): room for room in listed}
        self._used: dict[_Place, Decimal] = defaultdict(Decimal)
        self._wholes: dict[tuple[str, Money], _Whole] = {}

    def full(self, day: Line) -> Room | None:
        """The first cap that a line of one day exceeds. None where it fits: then it is counted."""
        if not self._rooms:
            return None
        person = self._scope.basis.worked[next(iter(day.entries))].entry.by
        whole = self._wholes.setdefault((person, day.unit_price), _Whole())
        kinds = {**self._kinds(day), **whole.kinds} if self._by_kind else whole.kinds or self._kinds(day)
        allowances = self._allowances(day, kinds)
        more: dict[_Place, Decimal] = defaultdict(Decimal)
        again: Sequence[Line] = ()
        if whole.days and allowances != whole.allowances:  # a discount is for all of a line's work, or for none of it
            again = whole.days
        for place, amount in (
            *self._taken(_summed(day, whole.quantity + day.quantity, kinds, allowances), [*again, day], allowances),
            *((place, -n) for place, n in self._before(day, whole, again)),
        ):
            more[place] += amount
        for place in sorted(more, key=lambda each: each[0]):
            if place in self._rooms and self._used[place] + more[place] > self._rooms[place].left:
                return self._rooms[place]
        for place, amount in more.items():
            self._used[place] += amount
        whole.allowances, whole.kinds = allowances, kinds
        whole.quantity += day.quantity
        whole.days.append(day)
        return None

    @property
    def _by_kind(self) -> bool:
        return any(each.activity or each.project for each in self._scope.contract.discounts)

    def _kinds(self, day: Line) -> dict[tuple[str, str], str]:
        entries = ((name, self._scope.basis.worked[name].entry) for name in day.entries)
        return {(entry.activity, entry.project): name for name, entry in entries}

    def _allowances(self, day: Line, kinds: Mapping[tuple[str, str], str]) -> tuple[Allowance, ...]:
        (found,) = on_lines(self._scope, (replace(day, entries=dict.fromkeys(kinds.values(), 1)),))
        return found.allowances

    def _before(self, day: Line, whole: _Whole, again: Sequence[Line]) -> Iterator[tuple[_Place, Decimal]]:
        """What of the line was counted that is now counted anew."""
        if whole.days:
            yield from self._taken(_summed(day, whole.quantity, whole.kinds, whole.allowances), again, whole.allowances)

    def _taken(
        self, summed: Line, days: Sequence[Line], allowances: tuple[Allowance, ...]
    ) -> Iterator[tuple[_Place, Decimal]]:
        """Caps of all work see the line as a whole, those of tickets, projects and months each day by itself."""
        each_day = [replace(day, allowances=allowances) for day in days]
        for number, limit in enumerate(self._limits):
            for line in each_day if limit.parted else (summed,):
                for about, amount in limit.taken((line,), self._scope.basis).items():
                    yield (number, about), amount


def _summed(
    day: Line, quantity: Decimal, kinds: Mapping[tuple[str, str], str], allowances: tuple[Allowance, ...]
) -> Line:
    """The line of several days as far as caps of all work see it."""
    return replace(day, quantity=quantity, entries=dict.fromkeys(kinds.values(), 1), allowances=allowances)
