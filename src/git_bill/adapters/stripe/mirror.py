"""An invoice mirrored as one of Stripe's: our number, our lines and taxes, equal to the cent; Stripe mails nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from git_bill.adapters.rendering import line, plain
from git_bill.adapters.stripe.amounts import minor
from git_bill.adapters.stripe.client import Client
from git_bill.adapters.stripe.links import name_of
from git_bill.adapters.stripe.marks import KEY, LINE, NUMBER, mark, marks, own
from git_bill.effects import CloseLink, Done, EnsureLink, Refused
from git_bill.money import total
from git_bill.receivable.rail import StripeSettings

if TYPE_CHECKING:
    from stripe import StripeClient

PAGES = "https://invoice.stripe.com/"  # where the pages of invoices are
_MOST_LINES = 250  # of Stripe's invoices
_LONGEST_LINE = 500
_OURS = {"git_bill": "client"}


def ensure(client: Client, settings: StripeSettings, effect: EnsureLink) -> Done | Refused:
    """The page of the mirrored invoice. Raises Stop (exit 6) where Stripe can't be asked or says no."""
    if wrong := _unfit(effect):
        return wrong
    customer = _customer(client, effect)
    every = client.each("look for the invoice", lambda api, page: api.v1.invoices.list(page), customer=customer)
    found = next((each for each in every if mark(each, KEY) == own(effect)), None)
    invoice = found or _new(client, settings, effect, customer)
    if invoice["status"] == "draft":
        _fill(client, effect, invoice["id"], customer)
        invoice = client.ask("read the invoice", lambda api: api.v1.invoices.retrieve(invoice["id"]))
        if wrong := _unlike(client, effect, invoice):
            return wrong  # the draft stays: once that is mended, it is found again
        invoice = client.ask(
            "finalise the invoice",
            lambda api: api.v1.invoices.finalize_invoice(
                invoice["id"], {"auto_advance": False}, {"idempotency_key": f"{invoice['id']}:finalise"}
            ),
        )
    if wrong := _unlike(client, effect, invoice):
        return wrong
    if invoice["status"] != "open":
        return _refused(effect, f"its invoice at Stripe is {plain(str(invoice['status']))}", "")
    return Done(ref=invoice["hosted_invoice_url"], already=found is not None)


def close(client: Client, effect: CloseLink) -> Done | Refused:
    """Void the mirrored invoice of a number; `already` where none is open."""
    every = client.each("look for the invoice", lambda api, page: api.v1.invoices.list(page), status="open")
    found = [each for each in every if mark(each, NUMBER) == effect.number]
    exact = [each for each in found if each["hosted_invoice_url"] == effect.link] or found
    if not exact:
        return Done(already=True)
    if len(exact) > 1:
        remedy = "void the right one there: https://dashboard.stripe.com/invoices?status=open"
        return Refused(reason=f"Stripe has {len(exact)} open invoices {effect.number}", remedy=remedy)
    client.ask("void the invoice", lambda api: api.v1.invoices.void_invoice(exact[0]["id"]))
    return Done(ref=exact[0]["id"])


def number_of(client: Client, payment_intent: str) -> str:
    """Our number of the mirrored invoice that a payment pays; "" for another payment."""
    found = client.ask(
        "see what a payment is for",
        lambda api: api.v1.invoice_payments.list(
            {
                "payment": {"type": "payment_intent", "payment_intent": payment_intent},
                "expand": ["data.invoice"],
                "limit": 1,
            }
        ),
    )
    for each in found["data"]:
        if isinstance(each["invoice"], Mapping):
            return mark(each["invoice"], NUMBER)
    return ""


def _unfit(effect: EnsureLink) -> Refused | None:
    """What Stripe would not mirror exactly. Raises ValueError as `minor`."""
    if effect.email is None:
        remedy = "write email in the client's file, or mirror = false in [stripe]"
        return _refused(effect, "Stripe makes no invoice for a client without an e-mail address", remedy)
    if len(effect.lines) > _MOST_LINES:
        said = f"Stripe's invoices have {_MOST_LINES} lines at most, this one has {len(effect.lines)}"
        return _refused(effect, said, "write mirror = false in [stripe]: a payment link has no lines")
    if total((each.amount for each in effect.lines), effect.amount.currency) != effect.amount:
        said = f"its lines and taxes do not come to {effect.amount}"
        return _refused(effect, said, "write mirror = false in [stripe]: a payment link has no lines")
    for each in effect.lines:
        minor(each.amount)
    return None


def _unlike(client: Client, effect: EnsureLink, invoice: Mapping[str, Any]) -> Refused | None:
    """Whether it asks for something else than ours, or was given another number."""
    asked, currency = minor(effect.amount), effect.amount.currency
    if invoice["livemode"] is not client.is_live:
        return _refused(effect, "its invoice at Stripe is of the other mode", "")
    if (invoice["total"], invoice["amount_due"], invoice["currency"].upper()) != (asked, asked, currency):
        said = f"its invoice at Stripe does not ask for {effect.amount}: a tax, discount or balance changes it there"
        return _refused(effect, said, "switch automatic taxes off, and take the customer's discount and balance away")
    if invoice["number"] not in {None, effect.number}:
        return _refused(effect, f"its invoice at Stripe has another number: {plain(str(invoice['number']))}", "")
    return None


def _customer(client: Client, effect: EnsureLink) -> str:
    """Who pays, found by address and our mark."""
    every = client.each("look for the client", lambda api, page: api.v1.customers.list(page), email=effect.email or "")
    ours = (each for each in every if _OURS.items() <= (each.get("metadata") or {}).items())
    known = next((str(each["id"]) for each in ours if each["name"] == effect.payer), None)
    if known is not None:
        return known
    made = client.ask(
        "make the client",
        lambda api: api.v1.customers.create(
            {"name": effect.payer, "email": effect.email or "", "metadata": _OURS},
            {"idempotency_key": f"git-bill:{own(effect)}:client:{effect.email}"},
        ),
    )
    return str(made["id"])


def _new(client: Client, settings: StripeSettings, effect: EnsureLink, customer: str) -> dict[str, Any]:
    """A draft with our number. It falls due at the end of our day, which Stripe wants to be in the future."""
    due = effect.due or datetime.now(UTC).date()
    end = datetime.combine(due + timedelta(days=1), time(), UTC)
    wanted: Any = {
        "customer": customer,
        "currency": effect.amount.currency.lower(),
        "number": effect.number,
        "collection_method": "send_invoice",
        "due_date": int(max(end, datetime.now(UTC) + timedelta(hours=1)).timestamp()),
        "auto_advance": False,
        "automatic_tax": {"enabled": False},
        "pending_invoice_items_behavior": "exclude",
        "description": name_of(effect),
        "metadata": marks(effect),
    }
    if settings.methods:
        wanted["payment_settings"] = {"payment_method_types": list(settings.methods)}
    once = f"git-bill:{own(effect)}:invoice:{'+'.join(settings.methods)}"
    return client.ask("make the invoice", lambda api: api.v1.invoices.create(wanted, {"idempotency_key": once}))


def _fill(client: Client, effect: EnsureLink, invoice: str, customer: str) -> None:
    """The lines that a draft lacks."""
    listed = client.each("read its lines", lambda api, page: api.v1.invoices.line_items.list(invoice, page))
    there = {mark(each, LINE) for each in listed}
    for at, each in enumerate(effect.lines, 1):
        if str(at) not in there:
            item: Any = {
                "customer": customer,
                "invoice": invoice,
                "amount": minor(each.amount),
                "currency": each.amount.currency.lower(),
                "description": line(each.text, _LONGEST_LINE),
                "discountable": False,
                "metadata": {LINE: str(at)},
            }
            add = partial(_add, item=item, once=f"{invoice}:line:{at}")
            client.ask("add its lines", add)


def _add(api: "StripeClient", item: Any, once: str) -> object:
    return api.v1.invoice_items.create(item, {"idempotency_key": once})


def _refused(effect: EnsureLink, what: str, remedy: str) -> Refused:
    other = f'or give the number up: git bill issue --void {effect.number} --because "…"'
    return Refused(
        reason=what,
        remedy=f"{remedy}; {other}" if remedy else other.removeprefix("or "),
        lasting=True,
    )
