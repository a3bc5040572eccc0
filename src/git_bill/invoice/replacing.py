"""Corrections: the draft that replaces an issued invoice, and what it says in another way than that one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeAlias

from git_bill.contract.party import Client
from git_bill.contract.tax.treatment import Tax
from git_bill.invoice.crediting import draft_of, own_allowances, same_line
from git_bill.invoice.draft import Correction, Draft
from git_bill.invoice.issued import Invoice
from git_bill.problem import Problem, nearest

# Where mail goes and who speaks for a client stands in its file, which has guards of its own.
_ADDRESS = ("name", "street", "postcode", "city", "region", "country", "attention")
PARTY = (*_ADDRESS, "vat_id", "buyer_reference", "language")
TERMS = ("order", "note", "payment_terms")
_LINE = ("description", "detail")
Difference: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be another one. `set`: key → text (`order`, `client.street`, `lines.2.description`); "" for none.

    `bill_to`: the client who should have had the invoice; `tax`: its treatment.
    """

    set: Mapping[str, str] = field(default_factory=dict)
    bill_to: str | None = None
    tax: Tax | None = None
    because: str | None = None


def replacement(invoice: Invoice, wish: Wish, *, draft_id: str) -> Draft | Problem:
    """The draft of what stands for an invoice: the same lines, terms and work, with what is wished.

    Another client gets no order, and no file, that the first one wrote or signed.
    """
    if wrong := _unknown(wish, invoice):
        return wrong
    lines = tuple(map(same_line, invoice.lines))
    for name, text in wish.set.items():
        _, _, rest = name.partition("lines.")
        number, _, part = rest.partition(".")
        if part:
            words: dict[str, Any] = {part: text if part == "description" else text or None}
            index = int(number) - 1
            lines = (*lines[:index], replace(lines[index], **words), *lines[index + 1 :])
    party = {name.removeprefix("client."): text for name, text in wish.set.items() if name.startswith("client.")}
    terms: dict[str, Any] = {name: wish.set[name] or None for name in TERMS if name in wish.set}
    elsewhere = wish.bill_to not in (None, invoice.bill_to or invoice.client_id)
    found = replace(
        draft_of(invoice, lines, draft_id=draft_id),
        kind=invoice.kind,
        early_payment=invoice.early_payment,
        order=None if elsewhere else invoice.order,
        note=invoice.note,
        bill_to=wish.bill_to or invoice.bill_to,
        corrects=Correction(number=invoice.number, issue_date=invoice.issue_date, because=wish.because, client=party),
        tax=wish.tax or invoice.tax,
        allowances=own_allowances(invoice),
        prepaid=invoice.totals.prepaid,
        rounding=invoice.totals.rounding,
        annex=invoice.annex,
        attached=tuple(each for each in invoice.attached if not elsewhere or each.kind == "receipt"),
        not_billed=invoice.not_billed,
    )
    return replace(found, **terms)


def corrected(client: Client, given: Correction | None) -> Client:
    """The client with what a correction says in another way."""
    if given is None:
        return client
    texts: dict[str, Any] = {name: text or None for name, text in given.client.items() if name in PARTY}
    return replace(client, **texts)


def not_correctable(invoice: Invoice, notes: Sequence[Invoice]) -> Problem | None:
    """Why an invoice can't be cancelled and replaced as a whole."""
    if invoice.reverses is not None:
        message = f"{invoice.number} is a credit note; what it credited can be billed again"
        return Problem(rule="not-an-invoice", message=message, hint=f"git bill draft --client {invoice.client_id}")
    if notes:
        numbers = ", ".join(note.number for note in notes)
        return Problem(
            rule="partly-credited",
            message=f"{invoice.number} is credited with {numbers}; only one without a credit note can be replaced",
            hint=f"credit what is left and bill it again: git bill credit {invoice.number} --rebill",
        )
    return None


def differences(old: Invoice, new: Invoice) -> Iterator[Difference]:
    """What another document says in another way: what, before, now. An empty text where there is none."""
    for name in ("order", "note", "payment_terms", "first", "last"):
        yield from _differs(name.replace("_", " "), getattr(old, name), getattr(new, name))
    for who in ("client", "issuer"):
        one, other = getattr(old, who), getattr(new, who)
        for name in _texts(one):
            yield from _differs(f"{who}'s {name.replace('_', ' ')}", getattr(one, name), getattr(other, name))
    bank, now = old.issuer.bank, new.issuer.bank
    yield from _differs("account", bank.short if bank else None, now.short if now else None)
    for number in range(1, max(len(old.lines), len(new.lines)) + 1):
        yield from _line_differs(number, old.lines[number - 1 : number], new.lines[number - 1 : number])
    for what, part in (("tax treatment", "category"), ("tax rate", "rate")):
        yield from _differs(what, getattr(old.tax, part), getattr(new.tax, part))
    for name in ("net", "tax", "gross", "payable"):
        yield from _differs(name, getattr(old.totals, name), getattr(new.totals, name))


def _line_differs(number: int, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Difference]:
    what = f"line {number}"
    if not old or not new:
        yield what, old[0].description if old else "", new[0].description if new else ""
        return
    for name in (*_LINE, "quantity", "unit", "unit_price", "net"):
        yield from _differs(f"{what}, {name.replace('_', ' ')}", getattr(old[0], name), getattr(new[0], name))


def _differs(what: str, old: object, new: object) -> Iterable[Difference]:
    if old != new:
        yield what, "" if old is None else str(old), "" if new is None else str(new)


def _texts(party: Any) -> Iterator[str]:
    """Names of what is told of a party in a text, and stands on documents."""
    unseen = {"review", "review_repository", "timezone"}
    yield from (e.name for e in fields(party) if e.type in (str, str | None) and e.name not in unseen)


def _unknown(wish: Wish, invoice: Invoice) -> Problem | None:
    """A key that can't be set, with what can."""
    lines = [f"lines.{n}.{part}" for n in range(1, len(invoice.lines) + 1) for part in _LINE]
    known = [*TERMS, *(f"client.{name}" for name in PARTY), *lines]
    for name, text in wish.set.items():
        if name not in known:
            near = nearest(name, known)
            some = ", ".join([*known[:5], "lines.1.description"])
            hint = f"did you mean {near}?" if near else f"like {some}; anything else by hand, in the draft's file"
            return Problem(rule="unknown-key", message=f"{name} is nothing that a correction sets", hint=hint)
        if not text and name.rpartition(".")[2] in {"payment_terms", "name", "country", "language", "description"}:
            return Problem(rule="empty-value", message=f"{name} can't be empty", hint=f'--set {name}="…"')
    if not wish.set and wish.bill_to is None and not wish.because:
        return Problem(
            rule="nothing-to-correct",
            message="nothing is said that should be another one",
            hint="--set order=4711, --client globex, or --because and change the draft's file by hand",
        )
    return None


def unchanged_lines(draft: Draft, invoice: Invoice) -> frozenset[int]:
    """Places of a correction's lines that bill exactly what the invoice billed: nothing about them is judged anew."""
    billed = [replace(same_line(line), description="", detail=None) for line in invoice.lines]
    return frozenset(
        index for index, line in enumerate(draft.lines) if replace(line, description="", detail=None, set=()) in billed
    )
