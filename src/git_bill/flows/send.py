"""Send: what a person wants to leave the house now. Never twice unless asked, never what is not issued as it stands."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from git_bill.contract.mail import is_address
from git_bill.custody.dispatch import MAIL, Attempt, Dispatch, mark_of
from git_bill.effects import Deliver, Flow
from git_bill.flows import load
from git_bill.flows.dispatched import Delivery, sent_of
from git_bill.flows.disputes_at import paused_at
from git_bill.flows.issued_files import frozen_xml, is_hybrid
from git_bill.flows.landing import at_tip
from git_bill.flows.lookup import known
from git_bill.flows.outbox import Office, hand_over
from git_bill.flows.parcel import Letter, Parcel, Stationery, Submission, refuse_changed
from git_bill.flows.waiting import Waiting
from git_bill.invoice.issued import Invoice
from git_bill.invoice.network import NETWORKS
from git_bill.layout import client_file
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Problem, nearest, stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """An issued document, how it left before, and the state it is read from."""

    item: load.Numbered
    invoice: Invoice
    dispatch: Dispatch
    snapshot: Snapshot


def going(books: Books, word: str) -> Going:
    """The issued document that a word means. Stops (exit 1) at a draft, a void or unfinished number, changed files."""
    names = known(books)
    meant = names.find(word)
    if isinstance(meant, Waiting):
        message = f"{meant.name} is a draft: there is no invoice yet"
        raise stop(Exit.PROBLEMS, "draft-is-no-invoice", message, f"issue it first: git bill issue {meant.name}")
    if not isinstance(meant, load.Numbered):
        near = nearest(word, names.numbers)
        hint = f"did you mean {near}?" if near else "see what was issued: git bill status"
        raise stop(Exit.PROBLEMS, "not-issued", f"{word} was not issued", hint)
    number = meant.claim.number
    if meant.claim.void is not None:
        raise stop(Exit.PROBLEMS, "void", f"{number} is void: {meant.claim.void}", "there is nothing to send")
    if meant.invoice is None:
        message = f"{number} is claimed and not issued yet"
        raise stop(Exit.PROBLEMS, "not-issued", message, "finish it: git bill issue")
    _, snapshot = at_tip(books)
    dispatch = sent_of(snapshot).get(number)
    if dispatch is None:
        message = f"the ledger does not record that {number} was issued, so it is not sent"
        raise stop(Exit.PROBLEMS, "issue-not-recorded", message, "see what happened: git bill ledger verify")
    refuse_changed(snapshot, meant, dispatch)
    return Going(item=meant, invoice=meant.invoice, dispatch=dispatch, snapshot=snapshot)


def letter(books: Books, word: str, stationery: Stationery, *, address: str | None = None) -> tuple[Letter, Going]:
    """The mail of an issued document. Stops (exit 1) where it has no address, (exit 2) at one that is none."""
    found = going(books, word)
    if address is not None and not is_address(address):
        raise stop(Exit.USAGE, "usage", f"{address!r} is no address", "write it like --to ap@acme.example")
    client = found.invoice.client
    if address is None and client.invoices_to is None:
        message = f"{found.invoice.number} was issued to a client without an e-mail address"
        hint = f"name one: --to ap@acme.example; or send {found.item.folder}/invoice.pdf by hand"
        raise stop(Exit.PROBLEMS, "no-address", message, hint, f"{found.item.folder}/invoice.toml")
    made = Letter(item=found.item, invoice=found.invoice, stationery=stationery, address=address)
    return made, found


def submission(books: Books, word: str, network: str) -> tuple[Submission, Going]:
    """The file of an issued document that a network takes. Stops (exit 2) at no such network, (exit 1) at no file."""
    if network not in NETWORKS:
        raise stop(Exit.USAGE, "no-such-network", f"there is no network {network!r}", f"one of: {', '.join(NETWORKS)}")
    takes, found = NETWORKS[network], going(books, word)
    number = found.invoice.number
    if not takes.formats:
        message = f"{takes.title} has a form of its own, which git-bill does not write"
        hint = f"give the XML to {takes.access}: git bill render {number} --format ubl; "
        raise stop(Exit.PROBLEMS, "no-such-form", message, f"{hint}then git bill sent {number} --via portal")
    wanted = next((each for each in takes.formats if each in found.invoice.client.formats), None)
    if wanted is None:
        file = client_file(found.invoice.bill_to or found.invoice.client_id)
        message = f"{number} was not issued in a form that {takes.title} takes: {', '.join(takes.formats)}"
        hint = f'for the next ones, in {file}: formats = ["pdf", "{takes.formats[0]}"]'
        raise stop(Exit.PROBLEMS, "no-such-form", message, hint)
    name = "invoice.pdf" if is_hybrid(wanted) else frozen_xml(found.invoice, wanted)
    content = found.snapshot.read(str(PurePosixPath(found.item.folder) / name)) or b""
    made = Submission(item=found.item, invoice=found.invoice, network=network, wanted=wanted, content=content)
    return made, found


def send(books: Books, clock: Clock, office: Office, parcel: Parcel, found: Going, *, again: bool) -> Flow[Delivery]:
    """Hand it over. Stops (exit 1) where it was before, perhaps was, or came back from there, unless `again`.

    A mail asks for money: it stops (exit 1) at a hold, a dispute and an insolvent client, too.
    """
    _refuse_paused(found, parcel, clock)
    newest = found.dispatch.newest
    is_open = newest is not None and newest.state == "open"
    if not again and not is_open:
        _refuse_twice(found, parcel)
    done = yield from hand_over(office, parcel, asked=again or not is_open)
    told = Delivery(number=parcel.invoice.number, recipient=parcel.to, state="sent")
    return done or told


def written(parcel: Letter, found: Going, clock: Clock) -> Deliver:
    """The mail, for the caller's own program. Nothing is recorded: nobody knows what becomes of it."""
    now = clock.now()
    attempt = Attempt(copy=found.dispatch.next_copy, to=parcel.mark, at=now, on=now.date())
    return parcel.effect(found.snapshot, attempt, again=found.dispatch.perhaps)


def newer_address(books: Books, parcel: Letter) -> Problem | None:
    """That the client's file names another address by now: what was approved with the document counts."""
    client_id = parcel.invoice.bill_to or parcel.invoice.client_id
    engagement = load.workspace(books.here()).engagements.get(client_id)
    now = engagement.client.invoices_to if engagement else None
    if parcel.address is not None or now in {None, parcel.to}:
        return None
    return Problem(
        rule="address-changed",
        severity="warning",
        message=f"{parcel.invoice.number} was approved for {parcel.to}; {client_file(client_id)} says {now} by now",
        hint=f"if it is to go there: git bill send {parcel.invoice.number} --to {now}",
        file=client_file(client_id),
    )


def _refuse_paused(found: Going, parcel: Parcel, clock: Clock) -> None:
    """Another address of an insolvent client is its administrator's."""
    today = clock.today(load.workspace(found.snapshot).settings.issuer.timezone)
    paused = paused_at(found.snapshot, found.invoice, today) if parcel.via == MAIL else None
    if paused is None or (paused.kind == "insolvent" and parcel.mark):
        return
    number = found.invoice.number
    ends = {
        "hold": f"end it: git bill hold {number} --off",
        "dispute": f"see it: git bill dispute show {paused.ref or number}",
        "insolvent": f"to the administrator: git bill send {number} --to ADDRESS",
    }
    hint = f"{ends[paused.kind]}; a mail for your own program: git bill send {number} --eml FILE"
    raise stop(Exit.PROBLEMS, "not-asked-for", f"{paused.text}, so {number} is not mailed", hint)


def _refuse_twice(found: Going, parcel: Parcel) -> None:
    number, arrived, newest = found.invoice.number, found.dispatch.delivered, found.dispatch.newest
    if arrived is not None:
        way = "mailed" if arrived.via == "mail" else f"sent by {arrived.via}"
        message = f"{number} was {way} on {arrived.on} already"
        hint = f"send a copy that says so: git bill send {number} --again"
        raise stop(Exit.PROBLEMS, "sent-already", message, hint)
    if newest is not None and newest.state == "bounced" and newest.to in {parcel.mark, mark_of(parcel.to)}:
        message = f"{number} came back from there: {newest.because or 'no reason is recorded'}"
        hint = f"name another address: git bill send {number} --to ap@acme.example; or try it --again"
        raise stop(Exit.PROBLEMS, "bounced", message, hint)
