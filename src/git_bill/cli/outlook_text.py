"""What is left of what was agreed, for people and scripts."""

from collections.abc import Iterable, Iterator
from typing import Any

from git_bill.cli.output import Line, Span, dim, money, table
from git_bill.flows.status import Unbilled
from git_bill.invoice.outlook import SOMEBODY, Outlook, Stage, Used

_NEAR = 80  # percent of a cap from which on it is worth a colour


def outlook_table(clients: Iterable[Unbilled]) -> list[Line]:
    """A row for each month of a retainer, cap, order, milestone that is open, and fee that comes next."""
    rows = [
        [client.name if number == 0 else "", *row]
        for client in clients
        for number, row in enumerate(row for each in client.outlooks for row in _rows(each))
    ]
    return table(rows, head=("agreed", "", "", ""), align="llrl") if rows else []


def outlook_data(outlook: Outlook) -> dict[str, Any]:
    """One contract's as JSON."""
    return {
        "contract": outlook.contract,
        "retainer": [{"left": each.left, "until": each.until} for each in outlook.retainer],
        "caps": [_used_data(each) for each in outlook.caps],
        "orders": [{**_used_data(each), "until": each.until} for each in outlook.orders],
        "milestones": [
            {
                "id": each.id,
                "name": each.name,
                "price": each.price,
                "due": each.due,
                "waits_for": each.waits_for,
                "billed": each.billed,
            }
            for each in outlook.stages
        ],
        "fees": [{"name": each.name, "amount": each.amount, "on": each.on} for each in outlook.fees],
    }


def _rows(outlook: Outlook) -> Iterator[list[str | Span]]:
    for left in outlook.retainer:
        yield ["retainer", f"{left.left} left", f"until {left.until}"]
    for used in outlook.caps:
        yield [f"cap {used.name}", _of(used), dim(f"{used.percent} %")]
    for used in outlook.orders:
        until = f", until {used.until}" if used.until else ""
        yield [f"order {used.name}", _of(used), dim(f"{used.percent} %{until}")]
    for stage in outlook.stages:
        if stage.billed is None:
            yield [stage.name, money(stage.price), _when(stage)]
    for fee in outlook.fees:
        yield [fee.name, money(fee.amount), f"from {fee.on}"]


def _when(stage: Stage) -> str | Span:
    if stage.due is not None:
        return f"due {stage.due}"
    if stage.waits_for == SOMEBODY:
        return dim(f"git bill draft --{stage.id.replace(':', ' ')}")
    return f"waits for {stage.waits_for}"


def _of(used: Used) -> str | Span:
    text = f"{used.used} of {used.most}"
    return Span(text, "yellow") if used.percent >= _NEAR else text


def _used_data(used: Used) -> dict[str, Any]:
    return {"name": used.name, "used": used.used, "most": used.most, "percent": used.percent}
