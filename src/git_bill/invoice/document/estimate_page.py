"""An estimate as a page: marked as no invoice, without number, client and bank data; its amounts are net."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from git_bill.invoice.document.blank import blank_page
from git_bill.invoice.document.branding import PLAIN
from git_bill.invoice.document.locale import amount_text, hours_text, price_text
from git_bill.invoice.document.page_data import Fact, Line, PageData, Total
from git_bill.invoice.document.text import printable, showable
from git_bill.invoice.document.wording import Wording
from git_bill.money import Money

_LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line: what it is about, minutes, and its part of the whole price where there is a rate."""

    description: str
    detail: str
    minutes: int
    net: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What an estimate states. `author`: name and address; `country`: whose paper it is printed on.

    `range`: that of the whole, in words. `net`: what the items' nets add up to.
    """

    author: tuple[str, ...]
    country: str | None
    period: str
    where: str
    commits: int
    minutes: int
    range: str
    rate: Money | None
    net: Money | None
    items: tuple[Item, ...]


def estimate_page(sheet: Sheet, wording: Wording) -> PageData:
    """The page, in English; without a rate the hours stand where the amounts would."""
    rate, blank = sheet.rate, blank_page(_LANGUAGE, wording, PLAIN, country=sheet.country)

    def say(name: str, **facts: object) -> str:
        return wording.say(name, _LANGUAGE, **facts)

    return {
        **blank,
        "title": say("estimate_title"),
        "watermark": say("estimate_watermark"),
        "issuer": [line for text in sheet.author if (line := _seen(text))],
        "facts": [_fact(say("period"), sheet.period), _fact(say("estimate_where"), sheet.where)],
        "intro": [
            say(
                "estimate_intro",
                count=sheet.commits,
                commits=f"{sheet.commits:,}",
                range=sheet.range.replace(" ", "\u00a0"),
            )
        ],
        "heads": {
            **blank["heads"],
            "description": say("description"),
            "quantity": say("estimate_time"),
            "price": say("per_hour"),
            "net": say("net_head", currency=rate.currency) if rate else say("estimate_time"),
        },
        "lines": list(_lines(sheet)),
        "totals": _totals(sheet, say("estimate_time"), say("net")),
        "notes": [say("estimate_net_note")] if rate else [],
    }


def _fact(label: str, value: str) -> Fact:
    return {"label": label, "value": _seen(value)}


def _seen(text: str) -> str:
    """What a repository says, as far as the fonts have it: no preview fails for a history that can't be changed."""
    return showable(printable(text))


def _lines(sheet: Sheet) -> Iterator[Line]:
    carried = zip(accumulate(item.minutes for item in sheet.items), _carried(sheet.items), strict=True)
    for item, (minutes, net) in zip(sheet.items, carried, strict=True):
        priced = sheet.rate is not None and item.net is not None
        time = hours_text(item.minutes)
        yield {
            "no": "",
            "description": _seen(item.description) or "…",
            "detail": _seen(item.detail),
            "quantity": time if priced else "",
            "unit": "",
            "price": price_text(sheet.rate, _LANGUAGE) if sheet.rate else "",
            "tax": "",
            "net": time if item.net is None else amount_text(item.net, _LANGUAGE),
            "carried": hours_text(minutes) if net is None else amount_text(net, _LANGUAGE),
        }


def _carried(items: Sequence[Item]) -> Iterator[Money | None]:
    sum_: Money | None = None
    for item in items:
        sum_ = item.net if sum_ is None or item.net is None else sum_ + item.net
        yield sum_


def _totals(sheet: Sheet, time: str, net: str) -> list[Total]:
    hours: Total = {"label": time, "value": hours_text(sheet.minutes), "currency": "", "strong": sheet.net is None}
    if sheet.net is None:
        return [hours]
    amount = amount_text(sheet.net, _LANGUAGE)
    return [hours, {"label": net, "value": amount, "currency": sheet.net.currency, "strong": True}]
