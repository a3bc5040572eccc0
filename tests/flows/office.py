"""Mira's office on a forge, all in memory: drafts are presented, people speak, drafts are issued by the real flows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from tests.flows.shelf import ACME, SETTINGS
from tests.laws.bureau import VAT, Bureau
from tests.twins.forge import MemoryForge

from git_bill.adapters.tables import wording
from git_bill.effects import Flow, Publish
from git_bill.flows import apply
from git_bill.flows.approve import approve, approve_settings
from git_bill.flows.assent import Witnesses
from git_bill.flows.check import check
from git_bill.flows.issue import Issued, issue
from git_bill.flows.open_drafts import read_books
from git_bill.flows.present import Presented, present
from git_bill.flows.safeguard import Change, unsanctioned
from git_bill.invoice.draft import Draft
from git_bill.layout import draft_branch, draft_file
from git_bill.problem import Problem
from git_bill.shape import read, write

T = TypeVar("T")
NAME = "acme-2026-10"
MIRA = ("Mira Kovac", "mira@example.net")
MALLORY = ("Mallory", "mallory@evil.example")
JONAS = """
[[contributors]]
id = "jonas"
name = "Jonas Weber"
emails = ["jonas@example.net"]
timezone = "Europe/Berlin"
roles = ["approver"]
accounts = ["jonas"]
"""
OF_MIRA = 'roles = ["owner"]\n'
WITH_ACCOUNTS = SETTINGS.replace(OF_MIRA, OF_MIRA + 'accounts = ["mira"]\n')
GUARDED = '\n[guardrails]\nsign_off_above = "1.00 EUR"\n'
WITH_CLIENT = ACME.replace(
    "[[contracts]]", 'email = "ap@acme.example"\naccounts = ["alice"]\n\n[[contracts]]'.replace("\n\n[[", "\n[["), 1
)


@dataclass(frozen=True)
class KeyedBy:
    """`Signatures` that tests can read: a signature is the key's name and the text."""

    own: str = ""

    def valid(self, text: bytes, signature: bytes, keys: Sequence[str]) -> bool:
        return any(signature == key.encode() + b" " + text for key in keys)

    def sign(self, text: bytes, keys: Sequence[str]) -> bytes:
        return (self.own or keys[0]).encode() + b" " + text


@dataclass
class Office:
    """The books, the forge that they are on, and who works there. `signatures`: of this machine."""

    settings: str = WITH_ACCOUNTS
    client: str = WITH_CLIENT
    on_forge: bool = True
    signatures: KeyedBy = field(default_factory=KeyedBy)

    def __post_init__(self) -> None:
        self.bureau = Bureau()
        self.books = self.bureau.books
        self.forge = MemoryForge(self.books)
        self.bureau.state({"billing/billing.toml": self.settings, "billing/clients/acme.toml": self.client})
        self.work(5)

    @property
    def witnesses(self) -> Witnesses:
        return Witnesses(forge=self.forge if self.on_forge else None, signatures=self.signatures)

    def work(self, day: int, minutes: int = 120) -> None:
        """Work on a day of October."""
        self.bureau.work(date(2026, 10, day), minutes)

    def drafted(self) -> None:
        """The draft of October, presented."""
        self.bureau.draft(date(2026, 10, 5))
        self.present()

    def present(self, names: Iterable[str] | None = None) -> tuple[Presented, ...]:
        flow = present(self.books, VAT, self.witnesses, names)
        return self.do(flow)

    def do(self, flow: Flow[T]) -> T:
        """Carry a flow out."""
        return apply.run(flow, apply.Actors(books=self.books, forge=self.forge))

    def issue(self) -> Issued:
        need = replace(self.bureau.issuing(self.books), witnesses=self.witnesses)
        return self.do(issue(need))

    def rules(self) -> set[str]:
        """Rules of the errors that keep what is merged from being issued; empty where all was."""
        found = self.issue()
        return {p.rule for refused in found.refused for p in refused.problems if p.severity == "error"}

    def approve(self, by: str = "mira", *, name: str = NAME) -> None:
        flow = approve(self.books, self.bureau.clock, name, by=by, witnesses=self.witnesses)
        self.do(flow)

    def approve_settings(self, by: str = "mira") -> None:
        """Sign off all that waits."""
        seen, clock = self.unsanctioned(), self.bureau.clock
        self.do(approve_settings(self.books, clock, VAT, seen, by=by, witnesses=self.witnesses))

    def check(self, name: str | None = None) -> dict[str, Problem]:
        """What `check` finds, by rule."""
        found = check(self.books, VAT, wording(), name, witnesses=self.witnesses)
        return {problem.rule: problem for problem in found}

    def unsanctioned(self) -> tuple[Change, ...]:
        """What changed in the settings without an owner's word."""
        return unsanctioned(self.books, read_books(self.books, VAT), self.witnesses)

    def commit(
        self, files: dict[str, str | None], author: tuple[str, str] = MIRA, *, branch: str = "main", message: str = "x"
    ) -> str:
        """Somebody commits files."""
        content = {path: None if text is None else text.encode() for path, text in files.items()}
        at = self.bureau.clock.now()
        tip = self.books.store.branches[branch]
        effect = Publish(branch=branch, expect=tip, files=content, message=message, at=at, author=author)
        self.books.publish(effect)
        return self.books.store.branches[branch]

    def text(self, path: str, branch: str = "main") -> str:
        return self.books.store.commits[self.books.store.branches[branch]].files[path].decode()

    def change(self, old: str, new: str, path: str = "billing/billing.toml", author: tuple[str, str] = MIRA) -> str:
        """Somebody changes the settings."""
        before = self.text(path)
        assert old in before
        return self.commit({path: before.replace(old, new, 1)}, author)

    def edit_draft(self, author: tuple[str, str] = MIRA, **changed: object) -> None:
        """Somebody changes the draft on its branch."""
        path, branch = draft_file(NAME), draft_branch(NAME)
        found = read(Draft, self.text(path, branch), path).value
        assert found is not None
        self.commit({path: write(replace(found, **changed))}, author, branch=branch)  # type: ignore[arg-type]
