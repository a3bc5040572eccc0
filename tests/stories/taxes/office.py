"""An office of any country: one issuer, one client, one contract, and the real program in this process."""

import calendar
import contextlib
import io
import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from git_bill.cli.main import main

Facts = Mapping[str, Any]
Change = Callable[[dict[str, Any]], None]
IDS = {  # made up or published as examples; their check digits fit
    "AT": "ATU13585627",
    "BE": "BE0428759497",
    "BG": "BG175074752",
    "CY": "CY10259033P",
    "CZ": "CZ25123891",
    "DE": "DE136695976",
    "DK": "DK13585628",
    "EE": "EE100931558",
    "ES": "ESB58378431",
    "FI": "FI20774740",
    "FR": "FR40303265045",
    "GB": "GB980780684",
    "GR": "EL094259216",
    "HR": "HR33392005961",
    "HU": "HU12892312",
    "IE": "IE6433435F",
    "IT": "IT00743110157",
    "LT": "LT119511515",
    "LU": "LU15027442",
    "LV": "LV40003521600",
    "MT": "MT11679112",
    "NL": "NL004495445B01",
    "PL": "PL8567346215",
    "PT": "PT501964843",
    "RO": "RO18547290",
    "SE": "SE123456789701",
    "SI": "SI50223054",
    "SK": "SK2022749619",
}
CURRENCIES = {
    "AE": "AED",
    "AU": "AUD",
    "CA": "CAD",
    "CH": "CHF",
    "CZ": "CZK",
    "DK": "DKK",
    "GB": "GBP",
    "HU": "HUF",
    "IN": "INR",
    "JP": "JPY",
    "MX": "MXN",
    "NO": "NOK",
    "NZ": "NZD",
    "PL": "PLN",
    "RO": "RON",
    "SE": "SEK",
    "SG": "SGD",
    "US": "USD",
}
_MIRA = {"id": "mira", "name": "Mira", "emails": ["mira@example.net"], "timezone": "UTC", "roles": ["owner"]}


def inline(value: object) -> str:
    """A value as TOML writes it in one line; numbers that are no whole ones are text."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {inline(each)}" for key, each in value.items()) + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    return str(value) if isinstance(value, date | int) else json.dumps(str(value))


def toml(values: Facts) -> str:
    """A file of values, each in one line; what is None is left out."""
    return "".join(f"{key} = {inline(_there(value))}\n" for key, value in values.items() if value is not None)


def _there(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _there(each) for key, each in value.items() if each is not None}
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Books that are set up in a folder. `day`: of the work; `period` is drafted on its last day, `today`."""

    books: Path
    git: Callable[..., str]
    day: str
    period: str
    today: str
    currency: str

    def json(self, *words: str, code: int | None = 0) -> dict[str, Any]:
        """Run git-bill with --json; it must end with the code given, if one is."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            ended = main([*words, "--json", "--today", self.today, "-C", str(self.books)])
        found: dict[str, Any] = json.loads(out.getvalue())
        assert code in {None, ended}, found
        return found

    def works(self, hours: str, ticket: str = "WEB-1") -> None:
        """Time of that day."""
        facts = ("--ticket", ticket, "--activity", "development", "--on", self.day)
        self.json("add", "--minutes", str(int(Decimal(hours) * 60)), "Checkout of the shop", *facts)

    def uses(self, *quantities: str) -> None:
        """Usage of the meters, in their order."""
        told = (("--usage", f"m{n}={quantity}") for n, quantity in enumerate(quantities, 1))
        self.json("add", *(word for pair in told for word in pair), "--on", self.day)

    def spends(self, amount: str, *more: str) -> None:
        """An expense of that day."""
        self.json("add", "--expense", f"{amount} {self.currency}", "Hosting", "--on", self.day, *more)

    def drafts(self, code: int | None = 0) -> dict[str, Any]:
        """Draft the period."""
        return self.json("draft", "--period", self.period, code=code)

    def edits(self, name: str, change: Change) -> dict[str, Any]:
        """A reviewer changes the draft on its branch: what it comes to then."""
        path = f"billing/drafts/{name}.toml"
        draft = tomllib.loads(self.git(self.books, "show", f"bill/{name}:{path}"))
        change(draft)
        self.git(self.books, "switch", "-q", f"bill/{name}")
        (self.books / path).write_text(toml(draft), encoding="utf-8")
        self.git(self.books, "commit", "-q", "-am", "Review")
        self.git(self.books, "switch", "-q", "main")
        return self.json("show", name)

    def issues(self, name: str) -> dict[str, Any]:
        """Issue a draft: invoice.toml as it is frozen."""
        done = self.json("issue", name)["issued"][0]
        return tomllib.loads((self.books / done["files"]["toml"]).read_text(encoding="utf-8"))


def issuer(country: str, **more: Any) -> dict[str, Any]:
    """`[issuer]`. Where the law asks for another document, somebody said why this one is used."""
    status = {"document": "sent through the network as well", **more.pop("tax", {})}
    given = {
        "name": "Mira Software",
        "country": country,
        "timezone": "UTC",
        "street": "Main street 1",
        "postcode": "10000",
        "city": "Town",
        "tax_number": "12/345",
        "vat_id": IDS.get(country),
        "bank": {"instructions": "to our account"},
    }
    return {**given, **more, "tax": status}


def client(country: str, **more: Any) -> dict[str, Any]:
    """`[client]`."""
    given = {
        "name": "Acme",
        "country": country,
        "vat_id": IDS.get(country),
        "street": "Side street 2",
        "postcode": "20000",
        "city": "City",
    }
    return {**given, **more}


def opened(
    books: Path,
    git: Callable[..., str],
    seller: Facts,
    buyer: Facts,
    contract: Facts,
    *,
    day: str = "2026-10-30",
    tax: Facts | None = None,
    rates: Sequence[Facts] = (),
) -> Office:
    """The books of an issuer. `tax`: what somebody decided for the client; `rates`: of exchange."""
    currency = contract.get("currency") or CURRENCIES.get(seller["country"], "EUR")
    terms = {"id": "acme", "from": date(2014, 1, 1), "payment_terms": "30 days", **contract, "currency": currency}
    decided = {"because": "advice of 3 March", **tax} if tax is not None else None
    settings = {"schema": 1, "issuer": seller, "numbering": {"invoice": "INV-{seq:04}"}, "contributors": [_MIRA]}
    billing = books / "billing"
    (billing / "clients").mkdir(parents=True)
    (billing / "billing.toml").write_text(toml(settings), encoding="utf-8")
    files = {"schema": 1, "client": buyer, "tax": decided, "contracts": [terms]}
    (billing / "clients" / "acme.toml").write_text(toml(files), encoding="utf-8")
    if rates:
        (billing / "rates.toml").write_text(toml({"schema": 1, "rates": rates}), encoding="utf-8")
    period, today = f"{day}..{day}", day
    if "meters" in contract:  # usage is billed by calendar months
        last = calendar.monthrange(int(day[:4]), int(day[5:7]))[1]
        period, today = day[:7], f"{day[:7]}-{last}"
    return Office(books=books, git=git, day=day, period=period, today=today, currency=currency)


def hourly(price: str, currency: str, **more: Any) -> dict[str, Any]:
    """A contract by the hour."""
    return {"currency": currency, "rates": [{"hourly": f"{price} {currency}"}], **more}


def metered(prices: Sequence[str], currency: str, **more: Any) -> dict[str, Any]:
    """A contract that has a price for each of some things."""
    meters = [
        {"id": f"m{n}", "name": f"Item {n}", "tiers": [{"price": f"{price} {currency}"}]}
        for n, price in enumerate(prices, 1)
    ]
    return {"currency": currency, "meters": meters, **more}
