"""The part of a review that is about another document: what a credit note takes back, what a correction changes."""

from collections.abc import Iterator
from datetime import date

from git_bill.invoice.basis import Basis
from git_bill.invoice.document.locale import date_text, money_text
from git_bill.invoice.document.markdown import markdown, narrow
from git_bill.invoice.draft import Correction, Draft, Reversal
from git_bill.invoice.issuing import preview
from git_bill.invoice.replacing import differences
from git_bill.invoice.totals import draft_totals
from git_bill.period import format_duration

_LANGUAGE = "en"
_FATE = {
    "rebill": "comes off the invoice and can be billed again with the next draft",
    "waive": "stays settled and is never billed again",
}


def credit_summary(draft: Draft, reverses: Reversal, basis: Basis, *, wrong: bool) -> Iterator[str]:
    """Who gets how much back for what, what becomes of the work, and what merging does."""
    amount = money_text(draft_totals(draft).to_transfer, _LANGUAGE)
    client, issuer = markdown(basis.engagement.client.name), markdown(basis.issuer.name)
    yield f"**{issuer} credits {client} {amount}** of {_named(reverses)}."
    if reverses.because:
        yield f"Reason, as the client reads it: {markdown(reverses.because)}"
    yield ""
    minutes = sum(minutes for line in draft.lines for minutes in line.entries.values())
    items = [markdown(item) for line in draft.lines for item in line.bills]
    what = [*([format_duration(minutes)] if minutes else []), *items]
    if what:
        yield f"Of the work behind it, **{', '.join(what)} {_FATE[reverses.entries]}.**"
    else:
        yield "No hours and nothing else that was billed once come off the invoice."
    yield "What was paid on the invoice is owed back to the client."
    yield ""
    if wrong:
        yield "**It can't be issued as it is:** see below what must be mended first."
    else:
        yield "**Merging approves it:** it gets the next number of its series and can't be changed any more."


def correction_changes(draft: Draft, basis: Basis, today: date) -> Iterator[str]:
    """What the replacement says in another way than the invoice; nothing of a draft that replaces none."""
    given, old = draft.corrects, basis.corrected
    if given is None or old is None:
        return
    yield "### What changes\n"
    yield f"It replaces {_named(given)}, which a credit note over all of it cancels first, both by one merge."
    yield "What was paid on the invoice counts for the replacement."
    if given.because:
        yield f"Reason, as the client reads it: {markdown(given.because)}"
    found = list(differences(old, preview(draft, basis.issuer, basis.engagement, today=today)))
    if not found:
        yield "\n**It says the same as the invoice that it replaces.**"
        return
    yield "\n| | Before | Now |"
    yield "| :-- | :-- | :-- |"
    for what, before, now in found:
        yield f"| {narrow(markdown(what))} | {_cell(before)} | **{_cell(now)}** |"


def goes_with(draft: Draft) -> Iterator[str]:
    """What the client gets besides lines and sums."""
    if draft.note:
        yield f"- Note on the invoice: {markdown(draft.note)}"
    for each in draft.attached:
        yield f"- Attached: {markdown(each.name)} ({each.kind}, `{each.file}`)"


def change_title(draft: Draft, client: str, amount: str) -> str | None:
    """One line for a pull request; None where the draft is about no other document."""
    if draft.reverses is not None:
        return f"Credit note to {client} on {draft.reverses.number}: {amount}"
    if draft.corrects is not None:
        return f"Correction of {draft.corrects.number} to {client}: {amount}"
    return None


def to_change(name: str, draft: Draft) -> Iterator[str]:
    """How to change or reject it in a terminal."""
    yield f"Edit `billing/drafts/{name}.toml` on this branch."
    work = "What it would have billed again stays billed." if draft.reverses is not None else "The invoice stays."
    yield f"\nTo reject it: `git bill draft --close {name}`, or delete the branch `bill/{name}`. {work}"


def _named(document: Reversal | Correction) -> str:
    return f"{markdown(document.number)} of {date_text(document.issue_date, _LANGUAGE)}"


def _cell(text: str) -> str:
    return narrow(markdown(text)) if text else "none"
