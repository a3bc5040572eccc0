"""Numbers, money, dates and names in a reader's language. Amounts are rounded before Babel, which rounds half-even."""

import functools
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from git_bill.money import Money, minor_units
from git_bill.period import month

if TYPE_CHECKING:
    from babel import Locale

_THIN = str.maketrans({"\u2009": "\u00a0", "\u202f": "\u00a0"})  # thin spaces: few fonts and no search finds them
_EURO_SINCE = {"BG": date(2026, 1, 1)}  # Council of the EU, 8 July 2025; not in Babel's tables yet
_DEFAULT = "en_GB"  # bare `en` is no country's English: days come before months, as in most of the world


@functools.cache
def _locale(language: str) -> "Locale":
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(_DEFAULT if language == "en" else language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        base = language.split("-", maxsplit=1)[0]
        return Locale.parse(_DEFAULT) if base in {language, "en"} else _locale(base)


def number_text(value: Decimal, language: str, least: int = 0) -> str:
    """A number with all its decimals, at least `least`: `("1234.5", "de")` → `1.234,5`."""
    from babel.numbers import format_decimal

    value = value or Decimal(0)  # no -0.00
    plain = f"{value.normalize():f}"
    decimals = max(least, len(plain.partition(".")[2]))
    locale = _locale(language)
    whole = str(locale.decimal_formats[None].pattern).partition(".")[0]  # groups as they are made there: 12,34,567
    pattern = whole + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=locale).translate(_THIN)


def amount_text(money: Money, language: str) -> str:
    """An amount as a document states it, without the currency: `1.085,63`."""
    rounded = money.rounded()
    return number_text(rounded.amount, language, least=min(2, minor_units(money.currency)))


def money_text(money: Money, language: str) -> str:
    """An amount with its ISO code, which no reader takes for another currency: `5,712.00 EUR`."""
    return f"{amount_text(money, language)} {money.currency}"


def price_text(money: Money, language: str) -> str:
    """A unit price with all its decimals, without the currency: `95.00`, `0.0125`."""
    return number_text(money.amount, language, least=min(2, minor_units(money.currency)))


def percent_text(rate: Decimal, language: str) -> str:
    """`19%`, `25,5 %`."""
    from babel.numbers import format_percent

    text = format_percent(rate / 100, locale=_locale(language), decimal_quantization=False)
    return text.translate(_THIN)


def quantity_text(quantity: Decimal, language: str) -> str:
    """A quantity with all its decimals: `12,5`."""
    return number_text(quantity, language)


def hours_text(minutes: int) -> str:
    """Time in symbols that every language reads: `12 h 18 min`, `45 min`, `6 h`."""
    hours, rest = divmod(abs(minutes), 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
    return ("-" if minutes < 0 else "") + " ".join(parts)


def date_text(day: date, language: str) -> str:
    """`2 December 2026`, `2. Dezember 2026`; in the United States `December 2, 2026`."""
    from babel.dates import format_date

    return format_date(day, format="long", locale=_locale(language))


def days_text(first: date, last: date, language: str) -> str:
    """Days from first to last: `5–9 Oct 2026`; one day: `5 Oct 2026`; a calendar month: `October 2026`."""
    from babel.dates import format_interval, format_skeleton

    locale = _locale(language)
    if first.day == 1 and month(first).last == last:
        return format_skeleton("yMMMM", first, locale=locale)
    if first == last:
        return format_skeleton("yMMMd", first, locale=locale)
    return format_interval(first, last, "yMMMd", locale=locale).translate(_THIN)


def country_text(code: str, language: str) -> str:
    """A country's name: `Germany`, `Deutschland`; the code itself where the language has no name for it."""
    return str(_locale(language).territories.get(code, code))


def postal_country(code: str, sender: str) -> str:
    """The last line of an address abroad, in capitals and in the language of the country it is sent from (UPU S42)."""
    from babel.languages import get_official_languages

    spoken: tuple[str, ...] = get_official_languages(sender, de_facto=True)
    return country_text(code, "en" if "en" in spoken or not spoken else spoken[0]).upper()


def currency_of(country: str, day: date) -> str | None:
    """The currency of a country on a day; None where it is not known, or has none of its own alone."""
    from babel.numbers import get_territory_currencies

    newer = _EURO_SINCE.get(country)
    if newer is not None and day >= newer:
        return "EUR"
    found: list[str] = get_territory_currencies(country, day, day)
    return found[0] if len(found) == 1 else None


def decimal_mark(language: str) -> str:
    """The decimal mark of the language's figures."""
    return number_text(Decimal("0.5"), language)[1]
