"""Credit notes and corrections of issued invoices: drafts on branches of their own, reviewed and issued like any."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from git_bill.contract.tax.table import VatTable
from git_bill.effects import Flow, Plan, Publish
from git_bill.flows.draft import Drafts, Made
from git_bill.flows.landing import MOST_RACES, busy, landed
from git_bill.flows.open_drafts import AtTip, read_books
from git_bill.flows.record import record
from git_bill.invoice.crediting import Wish as CreditWish
from git_bill.invoice.crediting import credit
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.draft import Draft
from git_bill.invoice.issued import Invoice
from git_bill.invoice.replacing import Wish as CorrectionWish
from git_bill.invoice.replacing import not_correctable, replacement
from git_bill.invoice.tax_point import decided
from git_bill.layout import draft_branch, draft_file
from git_bill.period import Period
from git_bill.ports import Books, Clock
from git_bill.problem import Exit, Problem, Stop, located, nearest, stop
from git_bill.shape import read, write
from git_bill.worklog.entry import short_hash
from git_bill.workspace import DRAFTED, unknown_client


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What making a document about another one needs."""

    books: Books
    clock: Clock
    vat: VatTable
    words: Wording

    def state(self) -> AtTip:
        return read_books(self.books, self.vat, self.words, clock=self.clock)

    def draft_id(self, name: str) -> str:
        return "D-" + short_hash(f"{name}\x1f{self.clock.now().isoformat()}")


def credit_note(
    books: Books, clock: Clock, vat: VatTable, number: str, wish: CreditWish, *, words: Wording
) -> Flow[Drafts]:
    """Draft a credit note of an issued invoice. What other open drafts credit counts as taken.

    Stops (exit 1) at a number that is no issued invoice, and where less is open than is wished.
    """
    desk = _Desk(books=books, clock=clock, vat=vat, words=words)

    def made(state: AtTip, name: str) -> Draft | Problem:
        invoice = _issued(state, number)
        said = words.say("credit_on_invoice", invoice.client.language, number=printable(number))
        given = replace(wish, words=said)
        issued = state.credit_notes(number)
        first = credit(invoice, issued, given, draft_id=desk.draft_id(name))
        if isinstance(first, Problem) or _open_as(state, first):
            return first
        drafted = [each for each in _waiting(state).values() if each.reverses and each.reverses.number == number]
        return credit(invoice, (*issued, *drafted), given, draft_id=desk.draft_id(name)) if drafted else first

    return (yield from _drafted(desk, f"credit-{number}", made))


def correction(
    books: Books, clock: Clock, vat: VatTable, number: str, wish: CorrectionWish, *, words: Wording
) -> Flow[Drafts]:
    """Draft what replaces an issued invoice; issuing it cancels that one first.

    Stops (exit 1) at a number that is no issued invoice, one that is partly credited, and unknown keys or clients.
    """
    desk = _Desk(books=books, clock=clock, vat=vat, words=words)

    def made(state: AtTip, name: str) -> Draft | Problem:
        invoice = _issued(state, number)
        clients = state.workspace.engagements
        if wish.bill_to is not None and wish.bill_to not in clients:
            return unknown_client(wish.bill_to, clients)
        if wrong := not_correctable(invoice, state.credit_notes(number)):
            return wrong
        found = replacement(invoice, _elsewhere(state, invoice, wish), draft_id=desk.draft_id(name))
        if isinstance(found, Problem):
            return found
        again = read(Draft, write(found), draft_file(name))
        if again.value is None:
            return again.problems[0]
        others = (n for n, each in _waiting(state).items() if each.corrects and each.corrects.number == number)
        other = next(others, None)
        if other is None or _open_as(state, found):
            return found
        message = f"{other} replaces {number} already, in another way"
        return Problem(rule="open-already", message=message, hint=f"close it first: git bill draft --close {other}")

    return (yield from _drafted(desk, f"correct-{number}", made))


def _elsewhere(state: AtTip, invoice: Invoice, wish: CorrectionWish) -> CorrectionWish:
    """With the tax treatment that another payer, or another country, has. Stops (exit 1) where it is undecided."""
    moved = {"client.country", "client.vat_id", "client.region"} & wish.set.keys()
    if wish.bill_to is None and not moved:
        return wish
    basis = state.basis(invoice.client_id)
    payer = state.workspace.engagements[wish.bill_to or invoice.bill_to or invoice.client_id]
    texts = {name.removeprefix("client."): text or None for name, text in wish.set.items() if name in moved}
    client = replace(payer.client, **texts)  # type: ignore[arg-type]  # names and texts of a client
    basis = replace(basis, engagement=replace(basis.engagement, client=client, tax=payer.tax))
    tax = decided(basis, Period(invoice.first, invoice.last))
    if isinstance(tax, Problem):
        raise Stop(Exit.PROBLEMS, [located(tax, basis.where)])
    return replace(wish, tax=tax)


def _issued(state: AtTip, number: str) -> Invoice:
    """The document of a number. Stops (exit 1) at one that is not issued."""
    found = state.invoice(number)
    if found is not None:
        return found
    near = nearest(number, [invoice.number for invoice in state.invoices])
    hint = f"did you mean {near}?" if near else "see what was issued: git bill status"
    if state.draft(number.removeprefix("bill/")) is not None:
        hint = "a draft is changed or closed: git bill draft --close NAME"
    raise stop(Exit.PROBLEMS, "not-issued", f"{number} is no issued invoice", hint)


def _drafted(desk: _Desk, stem: str, make: Callable[[AtTip, str], Draft | Problem]) -> Flow[Drafts]:
    """Publish what `make` gives on a branch of its own; one that is open already and says the same stays as it is."""
    books, clock = desk.books, desk.clock
    books.settle()
    books.fetch()
    recorded = yield from record(books, clock)
    for _ in range(MOST_RACES):
        state = desk.state()
        name = _free(state, stem.replace("/", "-"))
        draft = make(state, name)
        if isinstance(draft, Problem):
            raise Stop(Exit.PROBLEMS, [draft])
        if there := _open_as(state, draft):
            commit = state.open[there][0].commit if there in state.open else state.tip
            return Drafts(made=(_made(desk, there, commit, "unchanged"),), recorded=recorded, problems=())
        publish = Publish(
            branch=draft_branch(name),
            expect=None,
            also=(state.tip,),
            files={draft_file(name): write(draft).encode()},
            message=f"Draft {name}\n\n{DRAFTED}",
            at=clock.now(),
        )
        outcome = (yield Plan(why=f"draft {name} on {draft_branch(name)}", effects=(publish,)))[0]
        if done := landed(books, outcome):
            return Drafts(made=(_made(desk, name, done.ref, "new"),), recorded=recorded, problems=())
    raise busy(draft_branch(stem))


def _made(desk: _Desk, name: str, commit: str, done: Literal["new", "unchanged"]) -> Made:
    state = desk.state()
    draft = state.draft(name)
    assert draft is not None  # it was just written or read
    basis = state.basis(draft.client, without=name)
    return Made(name=name, draft=draft, basis=basis, commit=commit, state=done, problems=())


def _waiting(state: AtTip) -> Mapping[str, Draft]:
    return {**{name: draft for name, (_, draft) in state.open.items()}, **state.approved}


def _open_as(state: AtTip, draft: Draft) -> str | None:
    """The draft that says the same already."""
    return next((name for name, each in _waiting(state).items() if replace(each, id=draft.id) == draft), None)


def _free(state: AtTip, stem: str) -> str:
    """A name that no draft and no document has had."""
    taken = {*state.approved, *state.broken, *state.branches, *(item.claim.name for item in state.numbered)}
    names = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
