"""Questions to a person, on standard error, so that standard output stays the result. Ctrl-C ends the command."""

from collections.abc import Callable, Sequence

import click

from git_bill.cli.output import neutral


def text(question: str, default: str = "", check: Callable[[str], str | None] = lambda value: None) -> str:
    """A line of text; asked again, with what `check` says is wrong, until it says None. Empty is the default."""
    while True:
        answer: str = click.prompt(neutral(question), default=default, show_default=bool(default), type=str, err=True)
        wrong = check(answer.strip())
        if wrong is None:
            return answer.strip()
        click.echo(f"  {neutral(wrong)}", err=True)


def confirm(question: str, default: bool = True) -> bool:
    """Yes or no."""
    return click.confirm(neutral(question), default=default, err=True)


def choice(question: str, choices: Sequence[tuple[str, str]], default: int = 1) -> str:
    """One of several, by its number; each is (value, words)."""
    click.echo(neutral(question), err=True)
    for number, (_, words) in enumerate(choices, 1):
        click.echo(f"  {number}  {neutral(words)}", err=True)
    number = click.prompt("Number", type=click.IntRange(1, len(choices)), default=default, err=True)
    return choices[number - 1][0]
