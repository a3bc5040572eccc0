"""Books with an issued invoice that is to be mailed, a folder for mails, and runs of the outbox that can be killed."""

import email
import email.policy
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.flows.desk import CLOCK
from tests.flows.shelf import CLIENT, invoice, shelf
from tests.repositories import now, repository, run

from git_bill.adapters.git.books import open_books
from git_bill.adapters.jinja import Jinja
from git_bill.adapters.maildrop import MailDrop
from git_bill.adapters.tables import wording
from git_bill.cli.session import killer
from git_bill.custody.ledger import read, sha256
from git_bill.flows import apply, load
from git_bill.flows.dispatched import Delivery
from git_bill.flows.outbox import Office, deliver
from git_bill.flows.parcel import Stationery
from git_bill.flows.send import letter, send
from git_bill.invoice.issued import Claim
from git_bill.layout import invoice_folder, ledger_file
from git_bill.post import Mailer
from git_bill.problem import Stop
from git_bill.shape import write
from git_bill.workspace import Role

NUMBER = "INV-2026-0032"


@dataclass(frozen=True, slots=True, kw_only=True)
class Postroom:
    """`top`: the books. `outbox`: where mails are dropped, on this machine."""

    top: Path
    outbox: Path
    machine: str = "desk"

    def mailer(self, between: Callable[[str], None] = lambda step: None) -> Mailer:
        return MailDrop(folder=self.outbox, machine=self.machine, between=between)

    def send(
        self, *, resend: str | None = None, kill: str | None = None, roles: tuple[Role, ...] | None = None
    ) -> tuple[Delivery, ...]:
        """One run in this process."""
        between = killer(kill)
        books = open_books(self.top, now=now, between=between)
        books.settle()
        books.fetch()
        mailer = self.mailer(between)
        actors = apply.Actors(books=books, mailer=mailer, between=between, roles=roles)
        stationery = Stationery(renderer=Jinja(), wording=wording())
        if resend is None:
            return apply.run(deliver(books, CLOCK, mailer, stationery, by="mira"), actors)
        parcel, found = letter(books, resend, stationery)
        office = Office(books=books, clock=CLOCK, carrier=mailer, by="mira")
        return (apply.run(send(books, CLOCK, office, parcel, found, again=True), actors),)

    def start(self, *, resend: str | None = None, kill: str | None = None) -> int:
        """One run in a process of its own; its process id."""
        child = os.fork()
        if child == 0:
            try:
                self.send(resend=resend, kill=kill)
            except Stop:
                os._exit(1)
            os._exit(0)
        return child

    def killed_at(self, step: str, *, resend: str | None = None) -> bool:
        """Run and be killed at a step; False where the run came to its end before."""
        return ended(self.start(resend=resend, kill=step)) != 0

    @property
    def mails(self) -> dict[str, bytes]:
        """Message-ID → the mail, as it lies in the folder."""
        files = [path.read_bytes() for path in sorted(self.outbox.glob("*.eml"))]
        return {str(email.message_from_bytes(file, policy=email.policy.default)["Message-ID"]): file for file in files}

    @property
    def ledger(self) -> list[str]:
        """What the books branch records of mails, in order: `send-intent 1`."""
        books = open_books(self.top, now=now)
        files = load.ledger(books.at(books.tip() or ""))
        records, problems = read(files, {year: ledger_file(year) for year in files})
        assert problems == ()
        return [f"{r.kind} {r.facts['copy']}" for r in records if r.kind.startswith("send-")]

    @property
    def tree(self) -> str:
        """The state that is published."""
        return run(self.top, "ls-tree", "-r", "main")


def ended(child: int) -> int:
    """A process's exit code; negative: the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def postroom(
    folder: Path, *, to: str | None = "ap@acme.example", wanted: bool = True, remote: bool = False
) -> Postroom:
    """Books in `folder`, whose newest commit issued an invoice."""
    folder.mkdir()
    made = shelf(folder / "books")
    document = replace(invoice(NUMBER, head="0" * 12), client=replace(CLIENT, email=to))
    claim = Claim(
        number=NUMBER,
        draft=document.draft,
        name="acme-2026-10",
        blob="0" * 40,
        issue_date=document.issue_date,
        at=now(),
    )
    files = {
        "claim.toml": write(claim).encode(),
        "invoice.toml": write(document).encode(),
        "invoice.pdf": b"%PDF-1.7",
    }
    hashes = {name: sha256(content) for name, content in files.items()}
    ledger = made.record("issue", number=NUMBER, draft=document.draft, files=hashes, mail=wanted and to is not None)
    where = invoice_folder(NUMBER, 2026)
    made.put({**{f"{where}/{name}": content for name, content in files.items()}, **ledger}, f"Issue {NUMBER}")
    if remote:
        origin = repository(folder / "origin.git", "--bare")
        run(made.top, "remote", "add", "origin", str(origin))
        run(made.top, "push", "-q", "-u", "origin", "main")
    return Postroom(top=made.top, outbox=folder / "outbox")


def again(room: Postroom, saved: Path) -> None:
    """Put the room back to what was saved, at the same place."""
    shutil.rmtree(room.top.parent)
    shutil.copytree(saved, room.top.parent, symlinks=True)
