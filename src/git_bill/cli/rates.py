"""`git bill rates`: rates of exchange as documents use them, and newer ones."""

from datetime import date
from pathlib import Path

import click

from git_bill.cli.exchange import kept, published
from git_bill.cli.options import common
from git_bill.cli.output import Line, Report, Span, bold, dim, table
from git_bill.cli.session import Session
from git_bill.cli.values import checked, day
from git_bill.contract.exchange import Quotes
from git_bill.flows.exchange_rates import own_first
from git_bill.invoice.conversion import accounting_currency
from git_bill.problem import Exit, Problem, stop

_USUAL = ("USD", "GBP", "CHF")


def currency(text: str) -> str:
    """An ISO 4217 code. Raises ValueError with an example."""
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise ValueError(f"{text!r} is not a currency; write it like USD")
    return text.upper()


@click.command("rates")
@click.argument("currencies", nargs=-1, metavar="[CURRENCY]...")
@click.option("--base", metavar="CURRENCY", callback=checked(currency), help="What one unit is of. [your books']")
@click.option("--on", metavar="DATE", callback=checked(day), help="The day it counts on. [today]")
@click.option(
    "--update",
    "newer",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="Bring newer rates of the European Central Bank, or take them from its file.",
)
@common
def command(
    session: Session,
    currencies: tuple[str, ...],
    base: str | None,
    on: date | None,
    newer: str | None,
) -> Report:
    """Show rates of exchange: the last that was published before or on a day, with its day and source.

    They are the European Central Bank's. Rates in billing/rates.toml go before them. Some of the Bank's ship with
    git-bill; --update brings newer ones from its server into your cache folder, or from a file that you fetched.

    \b
    git bill rates USD --on 2026-10-30
    git bill rates USD GBP --base CHF
    git bill rates --update
    git bill rates --update eurofxref-hist.zip
    """
    if newer is not None:
        return _update(session, Path(newer) if newer else None)
    quotes, own, today = published(), "EUR", session.clock.today("UTC")
    if session.found is not None:
        quotes, today = own_first(session.state, quotes), session.today
        own = accounting_currency(session.workspace.settings.issuer, today) or own
    codes = _codes(currencies)
    return _shown(quotes, base or own, codes or tuple(c for c in _USUAL if c != (base or own)), on or today)


def _codes(texts: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(map(currency, texts))
    except ValueError as error:
        raise stop(Exit.USAGE, "wrong-value", str(error), "git bill rates USD") from None


def _shown(quotes: Quotes, base: str, codes: tuple[str, ...], on: date) -> Report:
    found = [quotes(base, code, on) for code in codes]
    good = [quote for quote in found if not isinstance(quote, Problem)]
    rows: list[list[str | Span]] = [
        [f"1 {q.base}", bold(f"{q.rate.normalize():f} {q.currency}"), str(q.on), dim(q.source)] for q in good
    ]
    data = [
        {"base": q.base, "currency": q.currency, "rate": f"{q.rate:f}", "on": q.on, "source": q.source} for q in good
    ]
    text: list[Line] = table(rows, align="lrll") if rows else []
    wrong = tuple(each for each in found if isinstance(each, Problem))
    return Report(data={"on": on, "rates": data}, text=tuple(text), problems=wrong)


def _update(session: Session, file: Path | None) -> Report:
    """Keep the Bank's newer file. Stops (exit 5) where it can't be fetched, (exit 2) at another file."""
    from git_bill.adapters.exchange import ADDRESS, keep, last_day

    content = _fetched(ADDRESS) if file is None else _read(session.start / file, file)
    last = last_day(content)
    if last is None:
        message = f"{file or ADDRESS} is not the table of rates of the European Central Bank"
        raise stop(Exit.USAGE, "unreadable-rates", message, f"fetch {ADDRESS}, then: git bill rates --update FILE")
    path = kept()
    if not session.options.dry_run:
        keep(content, path, last)
    return Report(
        data={"file": str(path), "last": last}, text=((bold(f"Rates until {last}"), f" are kept in {path}."),)
    )


def _fetched(address: str) -> bytes:
    from git_bill.adapters.feed import Unread, get

    found = get(address, accept="application/zip")
    if isinstance(found, Unread):
        hint = "fetch it yourself, then: git bill rates --update eurofxref-hist.zip"
        raise stop(Exit.FORGE, "rates-out-of-reach", f"{address} was not read: {found.why}", hint)
    return found


def _read(path: Path, named: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise stop(Exit.USAGE, "no-such-file", f"{named} can't be read: {error.strerror}", "name the file") from None
