"""The summary of a step of GitHub, in Markdown: a section for each command with its tables and its findings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from git_bill.cli.gathered import gathered_text
from git_bill.invoice.document.markdown import markdown
from git_bill.problem import Problem, Severity

_LONGEST = 900_000  # bytes; GitHub drops a summary above 1 MiB as a whole
_MOST_PROBLEMS = 200
_MOST_ROWS = 100
_MARKS: Mapping[Severity, str] = {"error": "❌ error", "warning": "⚠️ warning", "info": "note"}


def summary(sections: Iterable[str]) -> str:
    """All sections, cut where GitHub would drop them."""
    whole = ("\n\n".join(sections) + "\n").encode()
    if len(whole) <= _LONGEST:
        return whole.decode()
    kept = whole[:_LONGEST].decode("utf-8", "ignore")
    return kept[: kept.rfind("\n") + 1] + "\nThe rest is in the log.\n"


def section(title: str, why: str, data: Mapping[str, Any], problems: Sequence[Problem]) -> str:
    """One command of a run: why it ran, what it did, what it found. No column but the last holds long text."""
    parts = [f"### {markdown(title)}", f"{markdown(why[:1].upper() + why[1:])}."]
    for told in (_collected, _drafts, _issued, _reconciled):
        parts += told(data)
    return "\n\n".join([*parts, *_found(problems)])


def _collected(data: Mapping[str, Any]) -> Iterable[str]:
    if "gathered" in data:
        added, changed = data.get("entries_added", 0), data.get("entries_changed", 0)
        entries = "entry" if added == 1 else "entries"
        yield f"{gathered_text(data['kinds']).capitalize()}; {added} {entries} added, {changed} changed."


def _drafts(data: Mapping[str, Any]) -> Iterable[str]:
    drafts = data.get("drafts") or ()
    if drafts:
        rows = [(_reviewed(d), *(markdown(str(d[key])) for key in ("client", "period")), _to_pay(d)) for d in drafts]
        yield _table(("draft", "client", "period", "to pay"), rows, "lllr")


def _to_pay(document: Mapping[str, Any]) -> str:
    """What the client is asked to pay: the amount due less what it withholds."""
    return markdown(str(document.get("receivable") or document["payable"]))


def _reviewed(draft: Mapping[str, Any]) -> str:
    """Its name and the number of its pull request, which GitHub turns into a link."""
    number = (draft.get("pull_request") or {}).get("number")
    return markdown(draft["draft"]) + (f" (#{number})" if isinstance(number, int) else "")


def _issued(data: Mapping[str, Any]) -> Iterable[str]:
    documents = data.get("issued") or ()
    if documents:
        rows = [(*(markdown(str(d[key])) for key in ("number", "draft", "due_date")), _to_pay(d)) for d in documents]
        yield _table(("invoice", "draft", "due", "to pay"), rows, "lllr")
    if refused := [markdown(item["draft"]) for item in data.get("refused") or ()]:
        yield f"Not issued: {', '.join(refused)}."


def _reconciled(data: Mapping[str, Any]) -> Iterable[str]:
    """Payments: what they settled, and those that somebody has to decide on."""
    settled = [*(data.get("matched") or ()), *(data.get("confirmed") or ())]
    if settled:
        rows = [
            (*(markdown(str(each[key])) for key in ("invoice", "settles")), markdown("; ".join(each["reasons"])))
            for each in settled[:_MOST_ROWS]
        ]
        yield _table(("invoice", "settled", "why"), rows, "lrl")
        yield from _beyond(len(settled))
    lost = [markdown(f"{each['amount']} of {each['invoice']}") for each in data.get("written_off") or ()]
    if lost:
        yield f"Written off: {', '.join(lost)}."
    asked = [*(data.get("proposed") or ()), *(data.get("unmatched") or ())]
    if asked:
        rows = [
            (markdown(each["money"]), markdown(", ".join(each.get("invoices", ())) or "–"), markdown(each["because"]))
            for each in asked[:_MOST_ROWS]
        ]
        yield _table(("to decide", "for", "why it is asked"), rows)
        yield from _beyond(len(asked))
    if pull := data.get("pull_request"):
        yield f"To confirm: #{int(pull['number'])}"


def _beyond(count: int) -> Iterable[str]:
    if count > _MOST_ROWS:
        yield f"And {count - _MOST_ROWS} more: git bill reconcile --json"


def _found(problems: Sequence[Problem]) -> Iterable[str]:
    if problems:
        rows = [(_MARKS[p.severity], _place(p), _said(p)) for p in problems[:_MOST_PROBLEMS]]
        yield _table(("", "where", "what"), rows)
    if len(problems) > _MOST_PROBLEMS:
        yield f"And {len(problems) - _MOST_PROBLEMS} more in the log."


def _place(problem: Problem) -> str:
    return markdown(f"{problem.file or ''}{f':{problem.line}' if problem.line else ''}")


def _said(problem: Problem) -> str:
    return "<br>".join(markdown(line) for line in (problem.message, *problem.hint.splitlines()))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], sides: str = "") -> str:
    """`rows`: Markdown already. `sides`: `r` for a column of figures."""
    align = ["--:" if side == "r" else "---" for side in sides.ljust(len(head), "l")]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, align, *rows))
