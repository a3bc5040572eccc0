"""The outbox: an outside effect takes place between two pushed ledger lines, `send-intent` and `send-done`.

An intent without done is looked up at the mailer. What it did is recorded, what it did not do is done now; where it
can't tell, or another mailer was at work, the mail was perhaps sent and only a person repeats it (law 8).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from git_bill.custody.ledger import Record, read
from git_bill.effects import Deliver, Done, Flow, Moved, Plan, Publish, Refused
from git_bill.flows import load
from git_bill.flows.landing import MOST_RACES, at_tip, ledger_line
from git_bill.invoice.document.letter import mail_facts, mail_template, subject_and_body
from git_bill.invoice.issued import Claim, Invoice
from git_bill.layout import ledger_file
from git_bill.ports import Books, Clock, Mailer, Renderer, Snapshot
from git_bill.problem import Exit, nearest, stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of one mail. `ref`: where the mailer put it, as far as this run knows."""

    number: str
    recipient: str
    state: Literal["sent", "perhaps-sent", "failed"]
    reason: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """What the ledger says of one invoice's mails.

    `wanted`: it was issued to be mailed. `copy`: the newest that was begun (0: none), at the mailer `place`.
    `done`: the newest that was recorded as sent.
    """

    wanted: bool = False
    copy: int = 0
    place: str = ""
    done: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """An issued invoice with an address to mail it to."""

    folder: str
    claim: Claim
    invoice: Invoice
    recipient: str

    def key(self, copy: int) -> str:
        """Message-ID of a copy: the first, or one that a person asked for."""
        again = f".{copy}" if copy > 1 else ""
        return f"{self._number}.{self.invoice.draft}{again}@git-bill"

    def mail(self, snapshot: Snapshot, copy: int, renderer: Renderer) -> Deliver:
        """The mail, the same bytes every time."""
        subject, body = subject_and_body(renderer.render(mail_template(self.invoice), mail_facts(self.invoice)))
        return Deliver(
            key=self.key(copy),
            recipient=self.recipient,
            subject=subject,
            body=body,
            sender=self.invoice.issuer.email,
            at=self.claim.at,
            attachments={f"{self._number}.pdf": snapshot.read(f"{self.folder}/invoice.pdf") or b""},
        )

    @property
    def _number(self) -> str:
        return self.invoice.number.replace("/", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Office:
    """What sending needs."""

    books: Books
    clock: Clock
    mailer: Mailer
    renderer: Renderer
    by: str

    def line(self, tip: str, kind: str, number: str, copy: int) -> Publish:
        """One ledger line, pushed."""
        now = self.clock.now()
        facts = {"number": number, "copy": copy, "place": self.mailer.place}
        return Publish(
            branch=self.books.branch,
            expect=tip,
            files=ledger_line(self.books.at(tip), at=now, kind=kind, by=self.by, facts=facts),
            message=f"Record {kind} of {number}",
            at=now,
        )

    def gone(self, post: _Post, letter: _Letter) -> bool | None:
        """Whether the newest copy was handed over; None where that can't be told."""
        return self.mailer.delivered(letter.key(post.copy)) if post.place == self.mailer.place else None


def deliver(
    books: Books, clock: Clock, mailer: Mailer | None, renderer: Renderer, *, by: str, resend: str | None = None
) -> Flow[tuple[Delivery, ...]]:
    """Send what the ledger says is to be sent and was not; of `resend`, an issued number, one more copy.

    Stops (exit 1) where `resend` was not issued or its client has no address.
    """
    tip = books.tip()
    if tip is None:
        return ()
    letters = _letters(books.at(tip), resend)
    found: list[Delivery] = []
    for number, post in _posts(books.at(tip)).items():
        waits = post.copy > post.done or (post.wanted and not post.copy)
        if number not in letters or not (waits or number == resend):
            continue
        told = Delivery(number=number, recipient=letters[number].recipient, state="failed")
        one: Delivery | None = replace(told, reason="no way to send mail is set up")
        if mailer is not None:
            office = _Office(books=books, clock=clock, mailer=mailer, renderer=renderer, by=by)
            one = yield from _one(office, letters[number], again=number == resend)
        found += [one] if one else []
    return tuple(found)


def _one(office: _Office, letter: _Letter, *, again: bool) -> Flow[Delivery | None]:
    """Bring an invoice's mail to its end, each step on the newest state; None where another run has done that."""
    number, books = letter.invoice.number, office.books
    told = Delivery(number=number, recipient=letter.recipient, state="sent")
    handed = recorded = 0
    for _ in range(MOST_RACES):
        tip, snapshot = at_tip(books)
        post = _posts(snapshot).get(number, _Post())
        step = _next(post, post.copy == handed or office.gone(post, letter), again)
        if step == "rest":
            return told if recorded else None
        if step == "unsure":
            return replace(told, state="perhaps-sent")
        copy = post.copy + 1 if step == "begin" else post.copy
        mail = letter.mail(snapshot, copy, office.renderer)
        effects: Mapping[str, tuple[Publish | Deliver, ...]] = {
            "begin": (office.line(tip, "send-intent", number, copy), mail),
            "send": (mail,),
            "record": (office.line(tip, "send-done", number, copy),),
        }
        outcomes = yield Plan(why=f"mail {number} to {letter.recipient}", effects=effects[step])
        failed = next((outcome for outcome in outcomes if not isinstance(outcome, Done)), None)
        if isinstance(failed, Moved):
            books.fetch()
        elif isinstance(failed, Refused) and step == "record":
            raise stop(Exit.FORGE, "push-refused", failed.reason, failed.remedy)
        elif isinstance(failed, Refused):
            return replace(told, state="failed", reason=failed.reason)
        elif step == "record":
            recorded = copy
        else:
            handed, again, told = copy, False, replace(told, ref=getattr(outcomes[-1], "ref", ""))
    raise stop(Exit.REPOSITORY, "busy", f"{books.branch} kept moving for minutes", "run the command again")


def _next(post: _Post, gone: bool | None, again: bool) -> Literal["begin", "send", "record", "unsure", "rest"]:
    """`gone`: whether the newest copy was handed over, None where that can't be told."""
    if post.copy > post.done:
        if gone is None:
            return "begin" if again else "unsure"
        return "record" if gone else "send"
    return "begin" if again or (post.wanted and not post.copy) else "rest"


def _posts(snapshot: Snapshot) -> Mapping[str, _Post]:
    """Issued numbers in order → what the ledger says of their mails."""
    files = load.ledger(snapshot)
    posts: dict[str, _Post] = {}
    for record in read(files, {year: ledger_file(year) for year in files})[0]:
        number, copy = str(record.facts.get("number")), _copy(record)
        if record.kind == "issue":
            posts[number] = _Post(wanted=bool(record.facts.get("mail")))
        elif record.kind == "send-intent" and number in posts:
            posts[number] = replace(posts[number], copy=copy, place=str(record.facts.get("place")))
        elif record.kind == "send-done" and number in posts:
            posts[number] = replace(posts[number], done=copy)
    return posts


def _copy(record: Record) -> int:
    copy = record.facts.get("copy")
    return copy if isinstance(copy, int) else 1


def _letters(snapshot: Snapshot, resend: str | None) -> Mapping[str, _Letter]:
    """Issued invoices whose client has an address, by number. Stops where `resend` is none of them."""
    issued = {item.claim.number: item for item in load.numbered(snapshot) if item.invoice is not None}
    found = {
        number: _Letter(folder=item.folder, claim=item.claim, invoice=item.invoice, recipient=item.invoice.client.email)
        for number, item in issued.items()
        if item.invoice is not None and item.invoice.client.email is not None
    }
    if resend is None or resend in found:
        return found
    if resend in issued:
        folder = issued[resend].folder
        message = f"{resend} was issued to a client without an e-mail address"
        raise stop(Exit.PROBLEMS, "no-address", message, f"send {folder}/invoice.pdf by hand", f"{folder}/invoice.toml")
    near = nearest(resend, issued)
    hint = f"did you mean {near}?" if near else "see what was issued: git bill ledger show"
    raise stop(Exit.PROBLEMS, "not-issued", f"{resend} was not issued", hint)
