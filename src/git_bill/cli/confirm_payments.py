"""Walking through payments that are not sure: one key each, as `git add -p` asks."""

from collections.abc import Sequence

import click

from git_bill.cli.output import neutral
from git_bill.receivable.settling import Proposal
from git_bill.receivable.verdict import Verdict

_KEYS = "y: yes, for these; n: not for these; s: later; q: stop here"


def ask(proposed: Sequence[Proposal], by: str) -> list[Verdict]:
    """What a person says of each; nothing of those that are left for later."""
    from git_bill.cli.reconcile import verdict

    said: list[Verdict] = []
    for number, each in enumerate(proposed, 1):
        click.echo("", err=True)
        click.echo(f"{number} of {len(proposed)}  {neutral(each.money)}", err=True)
        score = f" ({each.score:.0%})" if each.score is not None else ""
        for invoice, amount in each.invoices.items():
            click.echo(f"  {neutral(invoice)}: {amount}{score}", err=True)
        for reason in (*each.reasons, each.because, *(f"or {other}" for other in each.others)):
            click.echo(f"  {neutral(reason)}", err=True)
        key = _key(bool(each.invoices))
        if key == "q":
            break
        if key != "s":
            said.append(verdict(each, by, take=key == "y"))
    return said


def _key(possible: bool) -> str:
    keys = ["y", "n", "s", "q"] if possible else ["n", "s", "q"]
    while True:
        question = "For these?" if possible else "Nothing is open for it. Leave it?"
        answer: str = click.prompt(f"{question} [{','.join(keys)},?]", default="s", show_default=False, err=True)
        if answer.strip().lower()[:1] in keys:
            return answer.strip().lower()[:1]
        click.echo(f"  {_KEYS}", err=True)
