"""The review of a draft as Markdown for forges, mail and the terminal: prose first, then lines, then evidence.

GitHub shows each line end as one: a line that is broken is broken where a reader pauses.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from git_bill.contract.agreement import term_days
from git_bill.contract.tax.case import VAT
from git_bill.contract.terms import early_amount
from git_bill.invoice.basis import Basis
from git_bill.invoice.command import EXAMPLES, Verb
from git_bill.invoice.conversion import conversion_text
from git_bill.invoice.document import review_change, review_work
from git_bill.invoice.document.locale import amount_text, date_text, days_text, money_text, percent_text
from git_bill.invoice.document.markdown import markdown, narrow, plain
from git_bill.invoice.document.review_work import code, pinned
from git_bill.invoice.draft import Draft, Line
from git_bill.invoice.drafting import update_command
from git_bill.invoice.quantity import in_minutes
from git_bill.invoice.summary import Row, changes, exchange_text, named, rows
from git_bill.invoice.totals import draft_totals, is_computable, net_of
from git_bill.invoice.unusual import SIGN_OFF_RULES
from git_bill.period import format_duration
from git_bill.problem import Problem

_LANGUAGE = "en"
_NAME = re.compile(r"[A-Za-z0-9._…-]{1,100}")
_ON_TOP = frozenset({"new-account", "new-address", "unconfirmed"})  # told before the table
_UNITS = {"DAY": "days", "KMT": "km", "SMI": "miles"}
_COMMENTS: Mapping[Verb, str] = {
    "minutes": "bills another time for that line",
    "drop": "takes the line out; its work is never billed",
    "defer": "takes the line out; its work comes back with the next draft",
    "hold": "nothing is issued until the owner or an approver writes `/bill release`",
    "approve": "says that all of it is right as it is now",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a review is made of. `problems`: from `draft_problems`; `mail_to`: where issuing mails the invoice.

    `today`: the day that the due date is told for. `commands`: it stands where comments with commands are read.
    """

    draft: Draft
    basis: Basis
    name: str
    problems: tuple[Problem, ...]
    today: date
    mail_to: str | None = None
    commands: bool = False


def review_title(review: Review) -> str:
    """One line for a pull request, without Markdown: `Invoice to Acme GmbH for October 2026: 5,712.00 EUR`."""
    draft, client = review.draft, plain(review.basis.engagement.client.name)
    if not is_computable(draft):
        return f"Invoice to {client}"
    gross = money_text(draft_totals(draft).gross, _LANGUAGE)
    if title := review_change.change_title(draft, client, gross):
        return title
    return f"Invoice to {client} for {days_text(draft.first, draft.last, _LANGUAGE)}: {gross}"


def review_text(review: Review) -> str:
    """The whole review; ends with a line end. Every text from outside is escaped.

    A draft that was edited into something without totals is only told what must be mended.
    """
    if not is_computable(review.draft):
        return "**This draft can't be read as an invoice.**\n\n" + "\n".join(_unusual(review, frozenset())) + "\n"
    ids = not review.commands
    sections = (
        _summary(review),
        review_change.correction_changes(review.draft, review.basis, review.today),
        _table(review),
        _sums(review),
        _unusual(review, _ON_TOP),
        review_work.left_out(review.draft, review.basis, ids=ids),
        _how_to(review),
        review_work.evidence(review.draft, review.basis, ids=ids),
    )
    return "\n\n".join(part for section in sections if (part := "\n".join(section))) + "\n"


def _summary(review: Review) -> Iterator[str]:
    """What must not be overlooked; who pays what to whom until when; what merging does."""
    draft, basis = review.draft, review.basis
    if draft.reverses is not None:
        wrong = any(problem.severity == "error" for problem in review.problems)
        yield from review_change.credit_summary(draft, draft.reverses, basis, wrong=wrong)
        return
    yield from _news(review)
    due = date_text(review.today + timedelta(days=term_days(draft.payment_terms)), _LANGUAGE)
    payable = money_text(draft_totals(draft).to_transfer, _LANGUAGE)
    client, issuer = markdown(basis.engagement.client.name), markdown(basis.issuer.name)
    yield f"**{client} pays {payable}** to {issuer} {_terms(draft)}:"
    yield f"by {due}, if it is issued on {date_text(review.today, _LANGUAGE)}."
    yield ""
    if any(problem.severity == "error" for problem in review.problems):
        yield "**It can't be issued as it is:** see below what must be mended first."
    else:
        yield f"{_approval(review)} the invoice gets the next number and can't be changed any more."
        if review.mail_to:
            yield f"It is then mailed to {markdown(review.mail_to)}."
        if review.commands:
            yield "Whether something is missing before that stands in the first comment below."
    yield from _confirmed(review)


def _approval(review: Review) -> str:
    """What makes an invoice of it. The merge is a sign-off too, by some people: who, is not known here."""
    if not any(problem.rule in SIGN_OFF_RULES for problem in review.problems):
        return "**Merging approves it:**"
    many = review.basis.guardrails.sign_offs
    needed = "a sign-off" if many == 1 else f"{many} sign-offs"
    where = "" if review.commands else f" (whose, and whether merging gives one: `git bill check {review.name}`)"
    return f"**Merging and {needed} approve it{where}:**"


def _news(review: Review) -> Iterator[str]:
    """Where money or mail goes to for the first time."""
    found = {problem.rule: problem for problem in review.problems}
    earlier = review.basis.earlier
    other = f", other than {markdown(earlier[-1].number)}" if earlier else ""
    if account := found.get("new-account"):
        yield f"**It pays to a NEW account:** {_bank(review.basis)}{other}.\n{_advice(account)}\n"
    if address := found.get("new-address"):
        to = markdown(review.basis.engagement.client.invoices_to or "")
        yield f"**It is mailed to a NEW address:** {to}{other}.\n{_advice(address)}\n"


def _advice(problem: Problem) -> str:
    return f"{markdown(problem.hint[:1].upper() + problem.hint[1:])}."


def _bank(basis: Basis) -> str:
    """Enough of an account to compare it with another; whole it is told by the settings alone."""
    bank = basis.issuer.bank
    if bank is None:
        return "none is named"
    return code(bank.short) if bank.short else "as the settings say"


def _confirmed(review: Review) -> Iterator[str]:
    """`9 h of its 47 h are estimates` (of the pinned time)."""
    pins = [(worked, minutes) for line in review.draft.lines for worked, minutes in pinned(line, review.basis)]
    whole = sum(minutes for _, minutes in pins)
    estimated = sum(min(minutes, worked.entry.estimated) for worked, minutes in pins)
    recorded = sum(minutes for worked, minutes in pins if worked.entry.state != "confirmed") - estimated
    if not whole:
        return
    yield ""
    if not estimated and not recorded:
        yield f"All of its {format_duration(whole)} are confirmed."
        return
    if recorded:
        part = "All" if recorded == whole else format_duration(recorded)
        yield f"{part} of its {format_duration(whole)} were recorded or stated, and nobody confirmed them."
    if not estimated:
        return
    part = "All" if estimated == whole else format_duration(estimated)
    yield f"{part} of its {format_duration(whole)} are estimates that nobody confirmed."
    yield "Who merges takes them as right, in their own name."
    hint = next((problem.hint for problem in review.problems if problem.rule == "unconfirmed"), "")
    if hint and not review.commands:
        yield f"To confirm them: {markdown(hint)}"


def _table(review: Review) -> Iterator[str]:
    """Four columns: number, what, time (counted → billed where they differ), net."""
    yield f"| # | What | Time | Net {review.draft.currency} |"
    yield "| --: | :-- | --: | --: |"
    for number, line in enumerate(review.draft.lines, 1):
        net = amount_text(net_of(line), _LANGUAGE)
        late = ", **late**" if line.last is not None and line.last < review.draft.first else ""
        changed = "".join(f"<br>{narrow(_sum(row))}" for row in changes(line))
        yield f"| {number} | {narrow(markdown(line.description))}{late}{changed} | {_time(line)} | {net} |"


def _time(line: Line) -> str:
    minutes = in_minutes(line)
    if minutes is None:
        if line.quantity == 1 and line.unit in {"C62", "DAY"}:
            return "" if line.unit == "C62" else "1 day"
        return f"{line.quantity.normalize():f} {_UNITS.get(line.unit, 'pieces')}"
    billed = format_duration(int(minutes)) if minutes == int(minutes) else f"{minutes.normalize():f} min"
    times = [billed] if line.raw is None or line.raw == minutes else [format_duration(line.raw), billed]
    return " → ".join(times)


def _sums(review: Review) -> Iterator[str]:
    draft = review.draft
    if any("→" in _time(line) for line in draft.lines):
        by_hand = any("quantity" in line.set for line in draft.lines)
        yield f"Time: counted → billed, rounded as agreed{' or set by a person' if by_hand else ''}.\n"
    yield from (f"- {_sum(row, draft.tax.law_name)}" for row in rows(draft))
    if draft.conversion is not None:
        rate = conversion_text(draft.conversion, draft.currency)
        yield f"- Prices are agreed in {draft.conversion.currency}: {markdown(rate)}"
    if draft.exchange is not None:
        rate = exchange_text(draft.exchange, draft.currency)
        yield f"- The {draft.tax.law_name} is also stated in {draft.exchange.currency}: {markdown(rate)}"
    if draft.early_payment is not None:
        terms = draft.early_payment
        due = early_amount(terms, draft_totals(draft).to_transfer)
        less = percent_text(terms.percent, _LANGUAGE)
        yield f"- {less} less if paid within {terms.days} days: {money_text(due, _LANGUAGE)}"
    yield from review_change.goes_with(draft)


_SUMS = {
    "lines": "Lines",
    "net": "Net",
    "gross": "With {tax}",
    "prepaid": "Already paid",
    "rounding": "Rounding",
    "receivable": "To be transferred",
}


def _sum(row: Row, law: str = VAT) -> str:
    """`VAT 19%: 190.00 EUR`, `Loyalty discount 5%: -14.25 EUR`, `**Total 322.19 EUR**`; `law`: the tax's name."""
    amount = money_text(row.amount, _LANGUAGE)
    percent = f" {percent_text(row.percent, _LANGUAGE)}" if row.percent else ""
    if row.kind == "due":
        return f"**Total {amount}**"
    if row.kind in {"changed", "added"}:
        return f"{markdown(named(row.text, percent))}: {amount}"
    if row.kind == "withheld":
        return f"{markdown(named(row.text, percent))}, withheld by the client: {amount}"
    if row.kind == "tax" and row.tax is not None:
        if not row.percent:
            return f"No {row.tax.law_name}: {markdown(row.tax.note or row.tax.source)}"
        name = row.text or row.tax.law_name[:1].upper() + row.tax.law_name[1:]
        part = f" on {amount_text(row.base, _LANGUAGE)}" if row.partial and row.base is not None else ""
        return f"{markdown(name)}{percent}{part}: {amount}"
    return f"{_SUMS[row.kind].format(tax=markdown(law))} {amount}"


def _terms(draft: Draft) -> str:
    days = term_days(draft.payment_terms)
    return f"within {days} days" if days else "on receipt"


def _unusual(review: Review, told: frozenset[str]) -> Iterator[str]:
    """Problems in words, errors first. `told`: rules of those that were told already."""
    order = {"error": 0, "warning": 1, "info": 2}
    problems = [p for p in review.problems if p.rule not in told]
    if problems:
        yield "### Worth a look\n" if len(problems) == len(review.problems) else "### Also worth a look\n"
    for problem in sorted(problems, key=lambda problem: order[problem.severity]):
        must = "**Must be mended:** " if problem.severity == "error" else ""
        message = problem.message[:1].upper() + problem.message[1:]
        typed = review.commands and "git bill" in problem.hint and not must  # no use to who has no terminal
        hint = f" ({markdown(problem.hint)})" if problem.hint and not typed else ""
        yield f"- {must}{markdown(message)}{hint}"


def _how_to(review: Review) -> Iterator[str]:
    """How to change or reject it without knowing TOML."""
    yield "### To change it\n"
    name = review.name if _NAME.fullmatch(review.name) else "NAME"
    yield from _by_comment() if review.commands else _by_command(review, name)


def _by_comment() -> Iterator[str]:
    """For people who have no terminal."""
    yield "Say it in a comment, in your own words. A client's question is answered before anything is issued."
    yield "\nOr write one of these on a line of its own; 1 is the number of a line in the table:\n"
    for verb, does in _COMMENTS.items():
        yield f"- `{EXAMPLES[verb].replace(' 3', ' 1')}`  \n  {does}"
    yield "\nWhat the issuer's owner and approvers write is done at once."
    yield "What the client writes is a proposal; they answer it with `/bill accept` or `/bill release`."
    yield "Accounts that the books don't list can talk, and change nothing."
    yield "\nTo reject all of it: close it and delete its branch. The work can then be billed again."


def _by_command(review: Review, name: str) -> Iterator[str]:
    """For the terminal."""
    draft = review.draft
    if draft.reverses is not None or draft.corrects is not None:
        yield from review_change.to_change(name, draft)
        return
    entry = next((entry for line in draft.lines for entry in line.entries if _NAME.fullmatch(entry)), "W-…")
    yield "Correct the work, then draft again (lines that you changed by hand stay):\n"
    yield "```"
    yield f'git bill edit {entry} --minutes 45m --because "agreed on the phone"'
    yield f'git bill drop {entry} --because "on the house"'
    yield update_command(draft)
    yield "```\n"
    yield f"Or edit `billing/drafts/{name}.toml` on this branch: description, quantity, unit_price."
    yield f"\nTo reject it: `git bill draft --close {name}`, or delete the branch `bill/{name}`."
    yield "Its entries are free again."
