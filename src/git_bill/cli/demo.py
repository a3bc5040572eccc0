"""`git bill demo`: the whole job in a scratch folder, each command printed as a person would type it."""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import click

from git_bill.adapters.git.demo_history import DemoHistory, build
from git_bill.adapters.git.demo_timetable import DemoClient
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, bold, dim, print_line
from git_bill.cli.session import Session
from git_bill.period import month
from git_bill.problem import Exit, stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of the walk. `say`: why it is typed; `folder`: where."""

    say: str
    words: tuple[str, ...]
    folder: Path


@click.command("demo")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@common
def command(session: Session, folder: Path | None) -> Report:
    """Walk through the whole job: one freelancer, two clients, three repositories, two months, offline.

    Everything happens in FOLDER (a new one, by default below the system's temporary folder) and stays there for you to
    look at and to play with. Nothing of yours is read or changed.
    """
    place = folder.absolute() if folder else Path(tempfile.mkdtemp(prefix="git-bill-demo-"))
    today = session.options.today or session.clock.now().astimezone().date()
    history = build(place, today=today)
    steps = walk(history, today)
    for number, step in enumerate(steps, 1):
        _run(step, f"{number}/{len(steps)}", place, quiet=session.options.json)
    documents = sorted(str(path) for path in (history.books / "billing" / "invoices").rglob("*") if path.is_file())
    return Report(
        data={"folder": str(place), "books": str(history.books), "documents": documents},
        text=["", bold("The documents lie here:"), *(f"  {path}" for path in documents)],
        next=((f"cd {shlex.quote(str(history.books))}", "play with it"), ("git bill", "see where you stand")),
    )


def walk(history: DemoHistory, today: date) -> tuple[Step, ...]:
    """The commands of the demo, from an estimate to an explained invoice. The month billed is last month."""
    code, books = history.repositories[0].clone.parent, history.books
    last = month(month(today).first - timedelta(days=1))
    first = month(last.first - timedelta(days=1)).first
    period, call = f"{last.first:%Y-%m}", last.last - timedelta(days=3)
    draft, number = f"acme-{period}", f"INV-{today:%Y}-0032"
    pdf = f"billing/invoices/{today:%Y}/{number}/invoice.pdf"
    acme, globex = history.clients
    typed = [
        (
            code,
            "What are these two months worth? No set-up, nothing written.",
            "git bill estimate . --rate '95.00 EUR'",
        ),
        (
            books,
            "Private books beside the code: who bills, whom, at what rate, the last number given before.",
            _init(acme, today),
        ),
        (books, "A second client, abroad: the tax will be reverse charge.", _client(globex)),
        *(
            (books, "", f"git bill source add ../code/{r.project} --client {r.client} --since {first}")
            for r in history.repositories
        ),
        (books, "Read the commits: one timeline, every minute counted once.", "git bill collect"),
        (books, "A call left no commit.", f"git bill add 45m 'Call about the checkout' -c acme --on {call}"),
        (
            books,
            "Say that the month is right. On a terminal this walks entry by entry, like git add -p.",
            f"git bill confirm --period {period} --yes",
        ),
        (books, "The drafts: each is one file on a branch of its own.", f"git bill draft --period {period}"),
        (books, "What the reviewer reads; on a forge it is the pull request's text.", f"git bill show {draft}"),
        (books, "The merge is the approval.", f"git merge --no-ff -m 'Merge draft invoice {draft}' bill/{draft}"),
        (books, "Number, PDF, timesheet and ledger line, in one commit.", "git bill issue"),
        (books, "Why is a line what it is? Down to the commits.", f"git bill explain {number} --line 1 --depth 3"),
        (books, "What the client does, in its own clone.", f"git bill verify {pdf} --repo ../code/web-shop"),
        (books, "Were the books changed? The ledger's head is printed on the invoice.", "git bill ledger verify"),
        (books, "Where do I stand?", "git bill status"),
    ]
    return tuple(Step(say=say, folder=folder, words=tuple(shlex.split(line))) for folder, say, line in typed)


def _init(client: DemoClient, today: date) -> str:
    return (
        "git bill init --yes --here --issuer 'Mira Kovac Software' --email mira@example.net --country DE"
        " --street 'Lindenweg 4' --postcode 10115 --city Berlin --timezone Europe/Berlin"
        f" --vat-id DE136695976 --iban DE02120300000000202051 --last-number INV-{today:%Y}-0031"
        f" --client '{client.name}' --client-country {client.country} --client-vat-id {client.vat_id}"
        f" --client-street '{client.street}' --client-postcode {client.postcode} --client-city {client.city}"
        " --language de --rate '95.00 EUR' --rounding 15m"
    )


def _client(client: DemoClient) -> str:
    return (
        f"git bill client add '{client.name}' --id {client.id} --country {client.country} --vat-id {client.vat_id}"
        f" --street '{client.street}' --postcode '{client.postcode}' --city {client.city}"
        " --rate '105.00 EUR' --rounding 15m"
    )


def _run(step: Step, count: str, place: Path, *, quiet: bool) -> None:
    """Print the command and run it. Stops (exit 70) where it fails: the demo is one of our tests."""
    if not quiet:
        shown: list[Line] = ["", *([dim(f"# {count}  {step.say}")] if step.say else [])]
        folder = step.folder.relative_to(place)
        for line in (*shown, (dim(f"{folder} $ "), bold(shlex.join(step.words)))):
            print_line(line, sys.stdout)
        sys.stdout.flush()
    words = (
        [sys.executable, "-m", "git_bill", *step.words[2:]] if step.words[:2] == ("git", "bill") else list(step.words)
    )
    ran = subprocess.run(
        words, cwd=step.folder, env=environment(os.environ), check=False, stdout=subprocess.DEVNULL if quiet else None
    )
    if ran.returncode:
        raise stop(Exit.INTERNAL, "demo-failed", f"{shlex.join(step.words)} ended with exit code {ran.returncode}")


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """The demo's git sees no settings of the user's, and no repository that a caller names."""
    kept = {name: value for name, value in own.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
