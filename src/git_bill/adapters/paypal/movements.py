"""What moved PayPal's balances, as remittances. Pure.

Each currency is a balance of its own, so a conversion is two movements; neither is a payment of a client.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from git_bill.money import Money, round_half_up
from git_bill.receivable.feeds.feed import clean, currency_of, money
from git_bill.receivable.feeds.values import amount
from git_bill.receivable.paypal_event import CONVERSION, kind_of, moves_money
from git_bill.receivable.remittance import Remittance, linked, provider_id

RAIL = "paypal"
FEED = "paypal-api"
_BOOKED = frozenset("SF")  # done; done and later refunded in part
_REVERSED = "V"
_PENDING = "P"
_RATE_DIGITS = 8

Detail = Mapping[str, Any]  # an element of transaction_details


def remittances(details: Sequence[Detail], numbers: Mapping[str, str], zone: ZoneInfo) -> tuple[Remittance, ...]:
    """Booked movements, oldest first. `numbers`: id of a payment → the number it pays. Days are those of the zone.

    What is pending, denied, or only held back is none. A payment that was taken back as a whole counts where what
    takes it back is there: else nothing would say that it was more than tried. Raises ValueError.
    """
    moved = [each for each in details if moves_money(_text(each, "transaction_event_code"))]
    done = [each for each in moved if _state(each) in _BOOKED]
    back = {_text(each, "paypal_reference_id") for each in done if _remittance(each, numbers, zone).reverses}
    done += [each for each in moved if _state(each) == _REVERSED and _id(each) in back]
    made = {
        _id(each): _remittance(each, numbers, zone) for each in sorted(done, key=lambda each: (at(each), _id(each)))
    }
    return tuple(each for each in _converted(done, made).values() if each.amount)


def waiting_since(details: Iterable[Detail]) -> datetime | None:
    """The oldest movement that is pending: it may be booked later, under its old day."""
    return min((at(each) for each in details if _state(each) == _PENDING), default=None)


def at(detail: Detail) -> datetime:
    """When it began. Raises ValueError."""
    found = datetime.fromisoformat(_text(detail, "transaction_initiation_date"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _remittance(detail: Detail, numbers: Mapping[str, str], zone: ZoneInfo) -> Remittance:
    info, payer = _part(detail, "transaction_info"), _part(detail, "payer_info")
    code, name = _text(detail, "transaction_event_code"), _id(detail)
    gross = _money(info["transaction_amount"])
    kept = -_money(info["fee_amount"]) if info.get("fee_amount") else Money.zero(gross.currency)
    net = gross - kept if kept.currency == gross.currency else gross
    kind = kind_of(code, is_in=net.amount > 0)
    other = clean(_text(detail, "paypal_reference_id")) if _text(detail, "paypal_reference_id_type") == "TXN" else ""
    reverses, taken = linked(kind, other, is_in=net.amount > 0)
    said = (_text(detail, each) for each in ("invoice_id", "transaction_subject", "transaction_note"))
    return Remittance(
        id=provider_id(RAIL, name),
        rail=RAIL,
        feed=FEED,
        account=RAIL,
        booked=at(detail).astimezone(zone).date(),
        amount=net,
        kind=kind,
        payer=_name(_part(payer, "payer_name")),
        payer_account=clean(str(payer.get("email_address") or "")).replace(" ", ""),
        text=clean(" ".join(said)),
        reference=clean(numbers.get(name, "")) if kind == "payment" else "",
        end_to_end=taken,
        bank_reference=name,
        fee=kept or None,
        reverses=reverses,
        reason="reversed by PayPal" if kind == "chargeback" and net.amount < 0 else "",
    )


def _converted(details: Iterable[Detail], made: Mapping[str, Remittance]) -> Mapping[str, Remittance]:
    """With what was given for it in the other currency, and the rate, on the side of a conversion that came in."""
    pairs: defaultdict[tuple[str, datetime], list[Remittance]] = defaultdict(list)
    for each in details:
        if _text(each, "transaction_event_code").startswith(CONVERSION):
            pairs[_text(each, "paypal_reference_id"), at(each)].append(made[_id(each)])
    told = dict(made)
    for pair in pairs.values():
        out, came = (next((e for e in pair if e.is_in is side), None) for side in (False, True))
        if len(pair) == 2 and out is not None and came is not None and out.amount.currency != came.amount.currency:
            rate = round_half_up(came.amount.amount / -out.amount.amount, _RATE_DIGITS)
            told[came.bank_reference] = replace(came, original=-out.amount, rate=rate.normalize())
    return told


def _money(told: Mapping[str, str]) -> Money:
    """With the decimals of its currency. Raises ValueError."""
    return money(amount(told["value"], "."), currency_of(told["currency_code"]))


def _name(told: Mapping[str, Any]) -> str:
    """A company's name, or a person's."""
    whole = told.get("alternate_full_name") or told.get("full_name")
    return clean(str(whole or f"{told.get('given_name') or ''} {told.get('surname') or ''}"))


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(detail: Detail, name: str) -> str:
    return str(_part(detail, "transaction_info").get(name) or "")


def _id(detail: Detail) -> str:
    return clean(_text(detail, "transaction_id"))


def _state(detail: Detail) -> str:
    return _text(detail, "transaction_status")
