"""`git bill status --margin`: what is left of what was billed."""

from decimal import Decimal

from git_bill.cli.output import Line, Report, Span, bold, dim, money, table
from git_bill.invoice.margin import Margin
from git_bill.period import format_duration
from git_bill.problem import Problem


def report(found: tuple[Margin, ...]) -> Report:
    """Each client with net, cost and what is left, and a warning about time without a cost rate."""
    rows: list[list[str | Span]] = [
        [
            each.client,
            format_duration(each.minutes),
            money(each.net),
            money(each.cost),
            bold(money(each.left)),
            dim(_percent(each.percent)),
        ]
        for each in found
    ]
    head = ("margin", "time", "net", "cost", "left", "")
    text: list[Line] = table(rows, head=head, align="lrrrrr") if rows else ["Nothing was issued yet."]
    return Report(data={"margins": [_data(each) for each in found]}, text=tuple(text), problems=_missing(found))


def _percent(percent: Decimal | None) -> str:
    return "" if percent is None else f"{percent:.0f} %"


def _missing(found: tuple[Margin, ...]) -> tuple[Problem, ...]:
    unknown = sum(each.unknown for each in found)
    if not unknown:
        return ()
    return (
        Problem(
            rule="no-cost-rate",
            severity="warning",
            message=f"{format_duration(unknown)} have no cost rate that can be read here, in their document's currency",
            hint='say it below the contributor: [[contributors.costs]] hourly = "55.00 EUR", from = 2026-01-01',
        ),
    )


def _data(each: Margin) -> dict[str, object]:
    return {
        "client": each.client,
        "minutes": each.minutes,
        "net": each.net,
        "cost": each.cost,
        "left": each.left,
        "percent": None if each.percent is None else f"{each.percent:.1f}",
        "unknown_minutes": each.unknown,
    }
