"""`git bill show`: a draft, a number or an entry."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from git_bill.cli.delivered import dispatch_data, dispatch_text
from git_bill.cli.destination import put
from git_bill.cli.draft_list import draft_data, draft_table
from git_bill.cli.entry_text import about_text, data, day_text, range_text, time_text
from git_bill.cli.markdown_lines import laid_out
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, Span, bold, dim, money, table
from git_bill.cli.session import Session
from git_bill.cli.sums import allowances_data, changed_rows, sum_rows, sums_data, tax_data
from git_bill.flows import load
from git_bill.flows.show import ShownDraft, ShownEntry, ShownNumber, preview, show
from git_bill.flows.waiting import waiting
from git_bill.invoice.document.review import review_text
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Invoice
from git_bill.invoice.quantity import in_minutes, quantity_text
from git_bill.invoice.related import asked
from git_bill.invoice.totals import draft_totals, is_computable, net_of, sums_of
from git_bill.problem import Exit, stop
from git_bill.receivable.receivable import Receivable
from git_bill.worklog.entry import Entry, key_name


@click.command("show")
@click.argument("subject", metavar="[DRAFT|NUMBER|ENTRY]", required=False)
@click.option("--open", "listed", is_flag=True, help="List the drafts that are not issued.")
@click.option("--pdf", "file", metavar="FILE", type=click.Path(path_type=Path), help="Write the PDF to FILE.")
@common
def command(session: Session, subject: str | None, listed: bool, file: Path | None) -> Report:
    """Show a draft as its reviewer reads it, an issued invoice, or an entry by the beginning of its id.

    Without a name, or with --open: the drafts that are not issued. With --pdf a draft is written as a PDF that is
    marked as no invoice and has no number; of an invoice it is the PDF that was issued. Into a file or a pipe a review
    goes as Markdown.

    \b
    git bill show acme-2026-10
    git bill show acme-2026-10 --pdf preview.pdf
    git bill show INV-2026-0032
    git bill show W-k3v9
    """
    if subject is None or listed:
        return _list(session)
    from git_bill.adapters.tables import vat_table

    shown = show(session.books, vat_table(), subject, session.today)
    if isinstance(shown, ShownDraft):
        return _draft(session, shown, file)
    if isinstance(shown, ShownNumber):
        return _number(session, shown, file)
    if file is not None:
        raise stop(Exit.USAGE, "no-pdf", "an entry has no PDF", "name a draft or an invoice: git bill show --open")
    return _entry(session, shown)


def _list(session: Session) -> Report:
    drafts = waiting(session.books)
    worked = {item.id: item for item in load.worked(session.state)}
    first = f"git bill show {drafts[0].name}" if drafts else "git bill draft"
    return Report(
        data={"drafts": [draft_data(draft, worked) for draft in drafts]},
        text=draft_table(drafts, worked, head="draft") if drafts else ("No draft is open.",),
        problems=tuple(problem for draft in drafts for problem in draft.problems),
        next=((first, "read it as the reviewer will" if drafts else "make drafts of what is unbilled"),),
    )


def _draft(session: Session, shown: ShownDraft, file: Path | None) -> Report:
    name, review = shown.waiting.name, shown.review
    described = draft_data(shown.waiting, review.basis.worked)
    if file is not None:
        from git_bill.adapters import pdf
        from git_bill.adapters.tables import wording
        from git_bill.adapters.typst import Typst
        from git_bill.flows.look import look_of
        from git_bill.flows.own_words import worded

        look = look_of(session.state, load.workspace(session.state).settings)
        content = preview(shown, Typst(pdf.text), worded(session.state, wording()), session.clock.now(), look)
        path = put(session, file, content, force=True)
        said = f"{path}: a preview of {name}, marked as no invoice."
        return Report(data={**described, "pdf": str(path)}, text=(said,))
    markdown = review_text(review)
    flags = [problem.as_dict() for problem in review.problems]
    text = laid_out(markdown) if sys.stdout.isatty() else markdown.splitlines()
    told = {**described, **_sums(shown.waiting.draft), "flags": flags, "review": markdown}
    return Report(data=told, text=tuple(text))


def _sums(draft: Draft | None) -> dict[str, Any]:
    """What a draft comes to, as far as a reviewer left it a sum."""
    if draft is None or not is_computable(draft):
        return {}
    changed = allowances_data(sums_of(draft).allowances)
    nets = [net_of(line) for line in draft.lines]
    return {"nets": nets, "allowances": changed, **sums_data(draft_totals(draft)), **tax_data(draft)}


def _number(session: Session, shown: ShownNumber, file: Path | None) -> Report:
    claim, invoice = shown.numbered.claim, shown.numbered.invoice
    if file is not None:
        if shown.pdf is None:
            raise stop(Exit.PROBLEMS, "no-pdf", f"{claim.number} is not issued", "finish it: git bill issue")
        path = put(session, file, shown.pdf, force=True)
        said = f"{path}: {claim.number} as it was issued."
        return Report(data={"number": claim.number, "pdf": str(path)}, text=(said,))
    if invoice is None:
        state = f"is void: {claim.void}" if claim.void else f"is claimed for {claim.name} and not issued yet"
        return Report(
            data={"number": claim.number, "void": claim.void, "draft": claim.name, "invoice": None},
            text=((bold(claim.number), f" {state}"),),
            next=() if claim.void else (("git bill issue", "finish it"),),
        )
    return Report(
        data={
            **_invoice_data(invoice),
            "draft": claim.name,
            "related": list(shown.related),
            "paid": shown.now.settled if shown.now else None,
            "open": shown.now.open if shown.now else None,
            "sent": dispatch_data(shown.dispatch),
            "files": list(shown.files),
        },
        text=tuple(_invoice_text(invoice, shown)),
        next=((f"git bill explain {claim.number}", "why it is what it is"),),
    )


def _invoice_text(invoice: Invoice, shown: ShownNumber) -> Iterator[Line]:
    claim = shown.numbered.claim
    yield (bold(invoice.number), f"  {invoice.client.name}, {invoice.first} to {invoice.last}")
    order = f", order {invoice.order}" if invoice.order else ""
    yield f"  issued {invoice.issue_date}, {asked(invoice)}{order}"
    yield from (f"  {text}" for text in shown.related)
    yield f"  {dispatch_text(shown.dispatch)}"
    if shown.now is not None:
        yield f"  {_money_text(shown.now)}"
    yield ""
    rows: list[list[str | Span]] = []
    for n, line in enumerate(invoice.lines, 1):
        rows.append([str(n), line.description, quantity_text(line), money(line.net)])
        rows += (["", *row] for row in changed_rows(line))
    rows += (["", *row] for row in sum_rows(invoice))
    yield from table(rows, align="rlrr", indent=2)
    yield ""
    if claim.approved_by:
        yield f"  approved by {claim.approved_by}, draft {claim.name} ({claim.draft})"
    yield from (f"  {path}" for path in shown.files)


def _money_text(now: Receivable) -> str:
    """`226.10 EUR paid, the last on 2026-11-20; nothing is open`."""
    others = (("set off", now.set_off), ("credited", now.credited), ("written off", now.written_off))
    paid = f"{money(now.settled)} paid{f', the last on {now.last}' if now.last else ''}" if now.settled else ""
    told = [paid, *(f"{money(amount)} {name}" for name, amount in others if amount)]
    left = f"{money(now.open)} open" if now.open else "nothing is open"
    return "; ".join(filter(None, (*told, left)))


def _invoice_data(invoice: Invoice) -> dict[str, Any]:
    return {
        "number": invoice.number,
        "kind": invoice.kind,
        "client": invoice.client_id,
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date,
        "period": f"{invoice.first}..{invoice.last}",
        "lines": [
            {
                "description": line.description,
                "quantity": f"{line.quantity:f}",
                "unit": line.unit,
                "minutes": int(minutes) if (minutes := in_minutes(line)) is not None else None,
                "unit_price": line.unit_price,
                "allowances": allowances_data(line.allowances),
                "net": line.net,
                "entries": list(line.entries),
            }
            for line in invoice.lines
        ],
        "allowances": allowances_data(invoice.allowances),
        **sums_data(invoice.totals),
        **tax_data(invoice),
        "ledger_head": invoice.ledger_head,
    }


def _entry(session: Session, shown: ShownEntry) -> Report:
    return Report(
        data=data(shown.item, shown.overview),
        text=tuple(_entry_text(session, shown)),
        next=((f"git bill explain {shown.item.id}", "where its time comes from"),),
    )


def _entry_text(session: Session, shown: ShownEntry) -> Iterable[Line]:
    item, entry = shown.item, shown.item.entry
    yield (bold(item.id), f"  {about_text(entry)}")
    facts = [
        ("day", f"{day_text(entry.day, session.today)}, {', '.join(entry.at) or 'no time of day'}"),
        ("time", " ".join(filter(None, (time_text(entry), range_text(entry), _standing(entry))))),
        ("by", entry.by),
        ("client", f"{item.client}{f', {entry.project}' if entry.project else ''}, {entry.activity}"),
        ("on", shown.overview.invoiced.get(item.id) or shown.overview.drafted.get(item.id) or "no invoice, no draft"),
        ("set by hand", ", ".join(entry.set)),
        ("unusual", ", ".join(entry.flags)),
    ]
    yield from table([[dim(name), value] for name, value in facts if value], indent=2)
    if shown.evidence:
        yield ""
        rows = [[key_name(f.key), f"{f.at:%Y-%m-%d %H:%M %z}", f.source, f.text] for f in shown.evidence]
        yield from table(rows, indent=2)


def _standing(entry: Entry) -> str:
    return "" if entry.state == "dropped" else f"({entry.standing})"  # its time says what became of it
