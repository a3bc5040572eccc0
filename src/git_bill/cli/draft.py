"""`git bill draft`: make or update drafts, each a branch to review."""

from collections.abc import Mapping
from dataclasses import replace

import click

from git_bill.cli.clones import clones
from git_bill.cli.evidence_key import key_needed
from git_bill.cli.exchange import published
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, Span, bold, dim, money, table
from git_bill.cli.presented import presented
from git_bill.cli.session import Session
from git_bill.cli.sums import allowances_data, changed_rows, sum_rows, sums_data, tax_data
from git_bill.contract.tax.treatment import Tax
from git_bill.flows.close import close
from git_bill.flows.draft import Drafts, Made, Wanted, draft
from git_bill.flows.gate import draft_findings
from git_bill.flows.keyed import histories
from git_bill.flows.present import Presented
from git_bill.flows.tagged import tagged
from git_bill.invoice.draft import Line as LineItem
from git_bill.invoice.quantity import quantity_text
from git_bill.invoice.totals import changes_of, draft_totals, net_of, sums_of
from git_bill.layout import draft_branch
from git_bill.period import month, parse_period
from git_bill.problem import Exit, Problem, stop


@click.command("draft")
@click.option("-c", "--client", help="Only for this client.")
@click.option("-p", "--period", help="2026-10, last-month, this-month, 2026-Q4 or 2026-10-01..2026-10-15.")
@click.option("--tags", metavar="A..B", help="Only the work between two tags of the sources.")
@click.option(
    "--milestone", metavar="ID|TAG", help="Only this milestone of a contract, or the work since a tag's last."
)
@click.option("--deposit", metavar="ID", help="Only this deposit of a contract.")
@click.option("--retainer", metavar="MONTH", help="Only this month's fee of a retainer: 2026-12.")
@click.option("--order", help="The client's purchase order.")
@click.option("--note", help="A sentence for the client.")
@click.option("--close", "closed", metavar="DRAFT", help="Remove an open draft; its entries are free again.")
@common
def command(  # noqa: PLR0917  click passes by name
    session: Session,
    client: str | None,
    period: str | None,
    tags: str | None,
    milestone: str | None,
    deposit: str | None,
    retainer: str | None,
    order: str | None,
    note: str | None,
    closed: str | None,
) -> Report:
    """Make drafts of what is unbilled: each one file on a branch of its own, for review.

    Without options: for every client, all up to the end of last month. Run again it updates the open draft, and leaves
    what a person changed in it. Your branch, index and files stay as they are; what is uncommitted below billing/ is
    recorded on the books branch first.

    \b
    git bill draft
    git bill draft --client acme --period 2026-10
    git bill draft --client acme --tags v1.2.0..v1.3.0
    git bill draft --client acme --milestone beta
    git bill draft --client acme --retainer 2026-12
    """
    if closed is not None:
        name = closed.removeprefix("bill/")
        session.run(close(session.books, name))
        return Report(data={"closed": name}, text=(f"{name} is closed; its entries are free again.",))
    wanted = Wanted(client=client, order=order, note=note)
    if period is not None:
        try:
            wanted = replace(wanted, period=parse_period(period, session.today))
        except ValueError as error:
            raise stop(Exit.USAGE, "wrong-period", str(error)) from None
    wanted = _narrowed(session, wanted, tags, milestone, _asked(session, milestone, deposit, retainer))
    from git_bill.adapters.tables import vat_table, wording

    flow = draft(session.books, session.clock, vat_table(), wanted, words=wording(), quotes=published())
    result = session.run(flow)
    shown = presented(session, [made.name for made in result.made if made.commit is not None])
    return report(session, result, shown)


def _narrowed(
    session: Session, wanted: Wanted, tags: str | None, milestone: str | None, asked: frozenset[str]
) -> Wanted:
    """To items of a contract, or to the commits between tags."""
    if asked and tags is not None:
        raise stop(Exit.USAGE, "too-much", "tags and items of a contract make two drafts", "ask for one of them")
    if asked:
        return replace(wanted, asked=asked)
    if tags is None and milestone is None:
        return wanted
    sources = session.workspace.settings.sources
    found = histories(sources, clones(session.books, sources), key_needed(session))
    commits, label = tagged(found, tags, milestone, milestones=_milestones(session))
    return replace(wanted, commits=commits, label=label)


def _milestones(session: Session) -> frozenset[str]:
    """Ids of the milestones of all contracts, deposits aside."""
    contracts = (each for engagement in session.workspace.engagements.values() for each in engagement.contracts)
    return frozenset(each.id for contract in contracts for each in contract.milestones if not each.deposit)


def _asked(session: Session, milestone: str | None, deposit: str | None, retainer: str | None) -> frozenset[str]:
    """Items that are asked for by name. A milestone that no contract has is a tag."""
    named = _milestones(session)
    if retainer is not None:
        try:
            days = parse_period(retainer, session.today)
        except ValueError as error:
            raise stop(Exit.USAGE, "wrong-period", str(error)) from None
        if days != month(days.first):
            raise stop(Exit.USAGE, "wrong-period", f"{retainer!r} is no month", "write it like --retainer 2026-12")
        retainer = f"{days.first:%Y-%m}"
    asked = {"milestone": milestone if milestone in named else None, "deposit": deposit, "retainer": retainer}
    return frozenset(f"{kind}:{name}" for kind, name in asked.items() if name is not None)


def report(session: Session, result: Drafts, shown: Mapping[str, Presented]) -> Report:
    """The result for people and scripts; the first draft's keys are repeated at the top. `shown`: on the forge."""
    missing = session.forge_missing if any(made.commit for made in result.made) else None
    if missing is not None and missing.severity == "warning":
        session.warn(missing)
    findings = {made.name: (*made.problems, *_findings(session, made)) for made in result.made}
    drafts = [_draft(made, findings[made.name], shown.get(made.name)) for made in result.made]
    first = drafts[0] if drafts else {"draft": None}
    problems = (*result.problems, *(p for made in result.made for p in findings[made.name]))
    problems += tuple(problem for each in shown.values() for problem in each.problems)
    return Report(
        data={**first, "drafts": drafts, "recorded": list(result.recorded)},
        text=_text(session, result, findings, shown),
        problems=tuple(p for p in problems if p.severity != "info"),
        next=tuple(_next(result, shown)),
    )


def _findings(session: Session, made: Made) -> tuple[Problem, ...]:
    return () if made.commit is None else draft_findings(session.books, made.basis, made.name, made.commit)


def _draft(made: Made, findings: tuple[Problem, ...], shown: Presented | None) -> dict[str, object]:
    draft = made.draft
    return {
        "draft": made.name,
        "id": draft.id,
        "kind": draft.kind,
        "client": draft.client,
        "period": f"{draft.first}..{draft.last}",
        "branch": draft_branch(made.name),
        "state": made.state,
        "pull_request": {"url": shown.pull.url, "number": shown.pull.number} if shown and shown.pull else None,
        "lines": [_line(line, line.tax or draft.tax) for line in draft.lines],
        "allowances": allowances_data(sums_of(draft).allowances),
        **sums_data(draft_totals(draft)),
        **tax_data(draft),
        "currency": draft.currency,
        "not_billed": {
            entry: {"minutes": n.minutes, "because": n.because, "then": n.then} for entry, n in draft.not_billed.items()
        },
        "flags": [problem.as_dict() for problem in findings],
    }


def _line(line: LineItem, tax: Tax) -> dict[str, object]:
    return {
        "description": line.description,
        "detail": line.detail,
        "quantity": f"{line.quantity:f}",
        "unit": line.unit,
        "unit_price": line.unit_price,
        "base_quantity": f"{line.base_quantity:f}",
        "allowances": allowances_data(changes_of(line)),
        "net": net_of(line),
        "tax_category": tax.category,
        "tax_rate": f"{tax.rate:f}",
        "raw_minutes": line.raw,
        "entries": list(line.entries),
        "reason": line.reason,
    }


def _text(
    session: Session, result: Drafts, findings: Mapping[str, tuple[Problem, ...]], shown: Mapping[str, Presented]
) -> list[Line]:
    lines: list[Line] = []
    if result.recorded:
        count = len(result.recorded)
        lines += [
            dim(f"Recorded {count} {'file' if count == 1 else 'files'} of billing/ on {session.books.branch}."),
            "",
        ]
    for made in result.made:
        if made.state == "refused":
            lines += [(bold(made.name), dim("  not drafted")), ""]
            continue
        lines.append((bold(made.name), dim(f"  {made.state}, on branch {draft_branch(made.name)}")))
        rows: list[list[str | Span]] = []
        for line in made.draft.lines:
            rows.append([_what(made, line), quantity_text(line), money(net_of(line))])
            rows += map(list, changed_rows(line))
        rows += map(list, sum_rows(made.draft))
        lines += table(rows, align="lrr", indent=2)
        notes = [problem.message for problem in findings[made.name] if problem.severity == "info"]
        lines += [(dim("  · "), note) for note in notes]
        pull = shown[made.name].pull if made.name in shown else None
        if pull is not None:
            lines.append(("  ", bold(pull.url)))
        lines.append("")
    return lines[:-1] if lines else lines


def _what(made: Made, line: LineItem) -> str:
    late = line.last is not None and line.last < made.draft.first
    name = f"{line.description}, late" if late else line.description
    return name if line.entries or not line.detail else f"{name}, {line.detail}"  # which month of a fee it is


def _next(result: Drafts, shown: Mapping[str, Presented]) -> list[tuple[str, str]]:
    ready = [made for made in result.made if made.commit is not None]
    if not ready:
        return []
    name = ready[0].name
    pull = shown[name].pull if name in shown else None
    if pull is not None:
        return [(pull.url, "open it, read it, merge it"), ("git bill issue", "then issue what is merged")]
    return [
        (f"git bill show {name}", "read it as the reviewer will"),
        (f"git bill issue {name}", "merge it as your approval, and issue it"),
    ]
