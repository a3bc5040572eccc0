"""Linear: its CSV export, and what its GraphQL API answers to `QUERY`. Its estimates are points, no time.

A label such as `estimate: 3h` is an estimate in time, as it is on GitHub.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from git_bill.forge import Ticket, estimated
from git_bill.sources.faults import Faults
from git_bill.sources.tickets.issue import Export, Issue, is_closed, key
from git_bill.sources.timers.table import rows_of
from git_bill.sources.timers.timed import instant, records, shown, wrong

# What is asked for; `after` is the `endCursor` of the answer before.
QUERY = """query Issues($after: String) {
  issues(first: 100, after: $after, orderBy: updatedAt, includeArchived: true) {
    nodes {
      identifier
      title
      estimate
      updatedAt
      state { name type }
      labels { nodes { name } }
      project { name }
      projectMilestone { name }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""
_CLOSED = frozenset({"completed", "canceled", "duplicate"})
_JSON = '{"data": {"issues": {"nodes": [{"identifier": "WEB-12", "title": "Checkout", "state": {"type": "started"}}]}}}'
_TABLE = "ID,Team,Title,Description,Status,Estimate,…    with a row: WEB-12,Web,Checkout,,Done,3,…"


def read(text: str, file: str, zone: tzinfo) -> Export:
    """Issues. One that can't be read costs only itself."""
    if text.removeprefix("\ufeff").lstrip()[:1] not in {"{", "["}:
        return _table(text, file, zone)
    answer, broken = records(text, file, _JSON)
    if broken:
        return Export(problems=broken)
    refused = _refusal(answer)
    if refused is not None:
        return Export(problems=(wrong(file, 1, f"Linear refused: {refused}", _JSON, error=True),))
    nodes = list(_nodes(answer))
    if not nodes and not _is_answer(answer):
        return Export(problems=(wrong(file, 1, "this is no answer of Linear with issues", _JSON, error=True),))
    issues: list[Issue] = []
    faults = Faults()
    for number, node in faults.watched(enumerate(nodes, 1)):
        try:
            issues.append(_of_node(node, zone))
        except (ValueError, OverflowError) as error:
            faults.append(wrong(file, None, f"issue {number} can't be read: {error}", _JSON))
    return Export(issues=() if faults.hopeless else tuple(issues), problems=tuple(faults))


def _pages(answer: Any) -> Iterator[Any]:
    """The connections of issues: one answer, or a list of them."""
    for each in answer if isinstance(answer, list) else [answer]:
        data = each.get("data", each) if isinstance(each, Mapping) else None
        yield data.get("issues") if isinstance(data, Mapping) else None


def _is_answer(answer: Any) -> bool:
    return any(isinstance(page, Mapping) and isinstance(page.get("nodes"), list) for page in _pages(answer))


def _nodes(answer: Any) -> Iterator[Any]:
    for page in _pages(answer):
        nodes = page.get("nodes") if isinstance(page, Mapping) else None
        yield from nodes if isinstance(nodes, list) else ()


def _refusal(answer: Any) -> str | None:
    errors = answer.get("errors") if isinstance(answer, Mapping) else None
    if not isinstance(errors, list) or not errors or answer.get("data"):
        return None
    return shown(errors[0].get("message") if isinstance(errors[0], Mapping) else errors[0])


def _of_node(node: Any, zone: tzinfo) -> Issue:
    if not isinstance(node, Mapping):
        raise ValueError("it is no object")
    listed = _part(node, "labels").get("nodes")
    labels = [str(each.get("name")) for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    kind = _part(node, "state").get("type")
    changed = node.get("updatedAt")
    return _issue(
        node.get("identifier"),
        title=node.get("title"),
        closed=kind in _CLOSED if isinstance(kind, str) else is_closed(str(_part(node, "state").get("name") or "")),
        labels=labels,
        points=node.get("estimate"),
        project=str(_part(node, "project").get("name") or ""),
        milestone=str(_part(node, "projectMilestone").get("name") or ""),
        changed=instant(changed, zone) if changed else None,
    )


def _table(text: str, file: str, zone: tzinfo) -> Export:
    rows = list(rows_of(text))
    head = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    if not {"id", "title", "status"} <= set(head):
        message = "this is no CSV export of Linear: it has no column ID, Title or Status"
        return Export(problems=(wrong(file, 1, message, _TABLE, error=True),))
    issues: list[Issue] = []
    faults = Faults()
    for number, cells in faults.watched(rows[1:]):
        row = {name: cell.strip() for name, cell in zip(head, cells, strict=False)}
        try:
            issues.append(_of_row(row, zone))
        except (ValueError, OverflowError) as error:
            faults.append(wrong(file, number, str(error), _TABLE))
    return Export(issues=() if faults.hopeless else tuple(issues), problems=tuple(faults))


def _of_row(row: Mapping[str, str], zone: tzinfo) -> Issue:
    return _issue(
        row["id"],
        title=row.get("title"),
        closed=bool(row.get("completed") or row.get("canceled")) or is_closed(row.get("status", "")),
        labels=[label.strip() for label in row.get("labels", "").split(",") if label.strip()],
        points=row.get("estimate"),
        project=row.get("project", ""),
        milestone=row.get("project milestone", ""),
        changed=_when(row.get("updated", ""), zone),
    )


def _issue(
    name: object,
    *,
    title: object,
    closed: bool,
    labels: Sequence[str],
    points: object,
    project: str,
    milestone: str,
    changed: datetime | None,
) -> Issue:
    size = [f"{points:g} points" if isinstance(points, float) else f"{points} points"] if points else []
    ticket = Ticket(
        key=key(name),
        title=str(title or ""),
        url="",
        state="closed" if closed else "open",
        labels=(*labels, *size),
        milestone=milestone or None,
        estimate=estimated(labels),
    )
    return Issue(ticket=ticket, project=project or ticket.key.rpartition("-")[0], changed=changed)


def _when(text: str, zone: tzinfo) -> datetime | None:
    """ISO, or as a browser writes it: `Mon Oct 05 2026 07:10:00 GMT+0000 (GMT)`."""
    try:
        return instant(text, zone)
    except ValueError:
        pass
    try:
        return datetime.strptime(re.sub(r"\s*\(.*\)$", "", text).replace("GMT", ""), "%a %b %d %Y %H:%M:%S %z")
    except ValueError:
        return None


def _part(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = found.get(name)
    return part if isinstance(part, Mapping) else {}
