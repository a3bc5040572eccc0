"""Links to pay by: PayPal invoices that nobody is sent, with our number, one line and the amount that is to be paid.

An order's link ends hours after it was made, can't be looked up, and is paid only once we capture it. A PayPal invoice
stays payable for months, is found by its number, which PayPal gives out only once, is paid once and at once, and can
be cancelled.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from git_bill.adapters.paypal.client import Client, Denied
from git_bill.adapters.rendering import line
from git_bill.effects import CloseLink, Done, EnsureLink, Refused
from git_bill.money import minor_units

_INVOICES = "/v2/invoicing/invoices"
_MARK = "git-bill:"  # our key follows, in the memo: only who has keys of the account can read or write it
_LONGEST_NUMBER = 25  # that invoices can be searched by
_LARGEST = 1_000_000  # of a line
_PAGE = 100
_NO_DECIMALS = frozenset({"HUF", "JPY", "TWD"})  # whatever ISO 4217 says
_CURRENCIES = frozenset(
    """
    AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD
    """.split()  # noqa: SIM905  a table, not code
)
_UNSENT = frozenset({"DRAFT", "SCHEDULED"})
_QUIET = {"send_to_invoicer": False, "send_to_recipient": False}
_PAID_WITHIN = ("PAID", "PARTIALLY_PAID", "REFUNDED", "PARTIALLY_REFUNDED", "MARKED_AS_REFUNDED")


def ensure(client: Client, effect: EnsureLink, today: date) -> Done | Refused:
    """The link of a number. Raises Stop (exit 6) where PayPal can't be asked, or says no."""
    if unfit := _unfit(effect):
        return _lasting(effect, unfit)
    found = _of_number(client, effect.number)
    already = found is not None and found["status"] not in _UNSENT
    if found is None:
        try:
            name = _drafted(client, effect, today)
        except Denied as denied:
            if not any("DUPLICATE" in issue for issue in denied.issues):
                raise
            reason = f"PayPal has an invoice {effect.number} already, which its search does not show yet"
            return Refused(reason=reason, remedy="run again in a few minutes")
        found = _read(client, name)
    if wrong := _wrong(found, effect):
        return _lasting(effect, f"{effect.number}: {wrong}")
    if found["status"] == "DRAFT":
        client.ask("open the payment link", "POST", f"{_INVOICES}/{found['id']}/send", body=_QUIET)
        found = _read(client, found["id"])
    url = found["detail"].get("metadata", {}).get("recipient_view_url")
    if found["status"] in _UNSENT or not isinstance(url, str) or not client.is_payer_page(url):
        reason = f"{effect.number}: PayPal gives no address to pay at ({found['status'].lower()})"
        return Refused(reason=reason, remedy="run again in a few minutes")
    return Done(ref=url, already=already)


def close(client: Client, effect: CloseLink) -> Done | Refused:
    """Cancel a number's link, or take away one that was never opened. Raises Stop (exit 6)."""
    found = _of_number(client, effect.number)
    if found is None or not _memo(found):
        return Done(already=True)
    place = f"{_INVOICES}/{found['id']}"
    if found["status"] in _UNSENT:
        client.ask("take the payment link away", "DELETE", place)
        return Done(ref=found["id"])
    if found["status"] == "PAYMENT_PENDING":
        return Refused(
            reason=f"{effect.number}: a payment by PayPal is under way", remedy="run again when it is booked"
        )
    if found["status"] not in {"SENT", "UNPAID"}:
        return Done(ref=found["id"], already=True)
    try:
        client.ask("cancel the payment link", "POST", f"{place}/cancel", body=_QUIET)
    except Denied as denied:
        if not {"INVOICE_CANCELED_ALREADY", "CANNOT_CANCEL_PAID_INVOICE"} & set(denied.issues):
            raise
        return Done(ref=found["id"], already=True)
    return Done(ref=found["id"])


def paid_numbers(client: Client, start: datetime, end: datetime) -> Mapping[str, str]:
    """Id of a payment → the number that it pays, of links that are ours. Raises Stop (exit 6)."""
    wanted = {
        "payment_date_range": {"start": instant(start), "end": instant(end)},
        "status": list(_PAID_WITHIN),
        "fields": ["payments"],
    }
    return {
        str(payment["payment_id"]): str(each["detail"]["invoice_number"])
        for each in _search(client, "look for paid links", wanted)
        if _memo(each)
        for payment in each.get("payments", {}).get("transactions", ())
        if payment.get("type") == "PAYPAL" and payment.get("payment_id")
    }


def instant(at: datetime) -> str:
    """As PayPal wants it: seconds, UTC."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _search(client: Client, what: str, wanted: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    page, pages = 1, 1
    while page <= pages:
        params = {"page": page, "page_size": _PAGE, "total_required": "true"}
        answer = client.ask(what, "POST", "/v2/invoicing/search-invoices", params=params, body=wanted, again=True)
        yield from answer.get("items", ())
        page, pages = page + 1, answer.get("total_pages", 0)


def _of_number(client: Client, number: str) -> Mapping[str, Any] | None:
    """The invoice of a number in full; PayPal's search may know others that begin alike."""
    found = _search(client, "look for the payment link", {"invoice_number": number})
    name = next((str(each["id"]) for each in found if each["detail"].get("invoice_number") == number), None)
    return _read(client, name) if name else None


def _read(client: Client, name: str) -> Mapping[str, Any]:
    return client.ask("read the payment link", "GET", f"{_INVOICES}/{name}")


def _drafted(client: Client, effect: EnsureLink, today: date) -> str:
    """Make the invoice, which is payable once it is sent: its id."""
    detail: dict[str, Any] = {
        "invoice_number": effect.number,
        "currency_code": effect.amount.currency,
        "memo": f"{_MARK}{effect.key}",
    }
    if effect.due is not None and effect.due > today:
        detail["payment_term"] = {"term_type": "DUE_ON_DATE_SPECIFIED", "due_date": effect.due.isoformat()}
    body: dict[str, Any] = {
        "detail": detail,
        "items": [
            {
                "name": line(effect.number, 200),
                "quantity": "1",
                "unit_amount": {"currency_code": effect.amount.currency, "value": _value(effect)},
                "unit_of_measure": "AMOUNT",
            }
        ],
        "configuration": {"allow_tip": False, "partial_payment": {"allow_partial_payment": False}},
    }
    if effect.issuer:
        body["invoicer"] = {"business_name": line(effect.issuer, 300)}
    if effect.payer:  # no address: PayPal is not to write to the client
        body["primary_recipients"] = [{"billing_info": {"business_name": line(effect.payer, 300)}}]
    made = client.ask("make the payment link", "POST", _INVOICES, body=body)
    return str(made.get("id") or made["href"].rpartition("/")[2])


def _value(effect: EnsureLink) -> str:
    decimals = 0 if effect.amount.currency in _NO_DECIMALS else minor_units(effect.amount.currency)
    return f"{effect.amount.amount:.{decimals}f}"


def _unfit(effect: EnsureLink) -> str:
    """Why PayPal could not take it; "" where it can."""
    amount = effect.amount
    if len(effect.number) > _LONGEST_NUMBER:
        return f"PayPal finds no number of more than {_LONGEST_NUMBER} characters: {effect.number}"
    if amount.currency not in _CURRENCIES:
        return f"PayPal takes no {amount.currency}"
    if not 0 < amount.amount <= _LARGEST:
        return f"PayPal takes at most {_LARGEST:,} {amount.currency}, and nothing below zero: {amount}"
    return f"PayPal takes no part of a {amount.currency}: {amount}" if Decimal(_value(effect)) != amount.amount else ""


def _wrong(found: Mapping[str, Any], effect: EnsureLink) -> str:
    """How what is there differs from what was made; "" for not at all."""
    amount = found["amount"]
    if found["detail"].get("memo") != f"{_MARK}{effect.key}":
        return "PayPal has an invoice of this number that git-bill did not make for it"
    if (Decimal(amount["value"]), amount["currency_code"]) != (effect.amount.amount, effect.amount.currency):
        return f"its link at PayPal is not of {effect.amount}: somebody changed it there"
    if found.get("configuration", {}).get("partial_payment", {}).get("allow_partial_payment"):
        return "its link at PayPal can be paid in parts: somebody changed it there"
    return "its link at PayPal was cancelled" if found["status"] == "CANCELLED" else ""


def _memo(found: Mapping[str, Any]) -> bool:
    """Whether it is one that git-bill made."""
    return str(found["detail"].get("memo", "")).startswith(_MARK)


def _lasting(effect: EnsureLink, reason: str) -> Refused:
    give_up = f'git bill issue --void {effect.number} --because "…"'
    remedy = f"write pay_online = false in the client's file; or give the number up: {give_up}"
    return Refused(reason=reason, remedy=remedy, lasting=True)
