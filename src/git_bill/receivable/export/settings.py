"""`[export]` of `billing.toml`: how the books are handed on to bookkeeping and to the tax adviser."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from git_bill.problem import nearest
from git_bill.shape import key

Basis = Literal["supply", "invoice", "payment"]
Relief = Literal["at-once", "later"]
ROLES = (
    "receivable",
    "bank",
    "cash",
    "provider",
    "transfer",
    "private",
    "unassigned",
    "credit",
    "withheld",
    "vat",
    "vat-pending",
    "revenue",
    "discount",
    "difference",
    "fees",
    "bad-debts",
    "exchange",
    "conversion",
)
_NUMBER = re.compile(r"[0-9]{4,9}")
_NAME = re.compile(r"(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+")
_CONSULTANT, _CLIENT = range(1001, 10_000_000), range(1, 100_000)  # what DATEV gives out


@dataclass(frozen=True, slots=True, kw_only=True)
class DatevSettings:
    """`[export.datev]`. The adviser tells both numbers; without them a file has those that mean none."""

    consultant: int = key("Beraternummer", example="29098", default=1001)
    client: int = key("Mandantennummer", example="55003", default=1)
    lock: bool = key("Festschreibung: what was imported can't be changed there", default=False)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """Numbers as DATEV gives them out."""
        if self.consultant not in _CONSULTANT:
            yield "consultant", "is no Beraternummer: they go from 1001 to 9999999", "write it like consultant = 29098"
        if self.client not in _CLIENT:
            yield "client", "is no Mandantennummer: they go from 1 to 99999", "write it like client = 55003"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSettings:
    """`numbers` and `names`: role → account, for DATEV and for journals. A role may say of what: `revenue:S:19`,
    `bank:DE02…`, `provider:stripe`, `receivable:acme`. The most exact one counts.
    """

    vat_due: Basis | None = key(
        "when your VAT falls due: with the supply, the invoice or the payment; by default as in your country",
        example='"payment"',
        default=None,
    )
    bad_debt_relief: Relief | None = key(
        "when what is written off as uncollectable takes its VAT back; by default as in your country",
        example='"later"',
        default=None,
    )
    fiscal_year_start: int = key("first month of your fiscal year", example="1", default=1)
    chart: Literal["generic", "skr03", "skr04"] = key("which account numbers DATEV files have", default="generic")
    numbers: Mapping[str, str] = key(
        "own account numbers by role", example='{ bank = "1210" }', one_line=True, default_factory=dict
    )
    names: Mapping[str, str] = key(
        "own account names by role", example='{ bank = "Assets:N26" }', one_line=True, default_factory=dict
    )
    datev: DatevSettings = key("DATEV", default=DatevSettings())

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A month, known roles, numbers and names that every program takes."""
        if not 1 <= self.fiscal_year_start <= 12:
            yield "fiscal_year_start", "is no month", "write it like fiscal_year_start = 7"
        for what, table in (("numbers", self.numbers), ("names", self.names)):
            for role in table:
                if role.partition(":")[0] not in ROLES:
                    near = nearest(role.partition(":")[0], ROLES)
                    meant = f"did you mean {near}? " if near else ""
                    yield what, f"{role!r} is no role of an account", f"{meant}known: {', '.join(ROLES)}"
        for role, number in self.numbers.items():
            if not _NUMBER.fullmatch(number):
                yield "numbers", f"{number!r} is no account number of DATEV", f'write it like {role} = "1210"'
        for role, name in self.names.items():
            if not _NAME.fullmatch(name):
                hint = f'write it like {role} = "Assets:Bank:Checking": plain letters, each part with a capital'
                yield "names", f"{name!r} is no account name that hledger and beancount both take", hint


_BY_COUNTRY: Mapping[str, Basis] = {"DE": "supply", "FR": "payment"}


def vat_due(settings: ExportSettings, country: str) -> Basis:
    """When VAT falls due: as the settings say, else by the country's general rule for services.

    DE: UStG § 13(1) no. 1 a: the supply; who has leave to account by payments (§ 20) says so. FR: CGI art. 269(2) c:
    the payment. Elsewhere the invoice (Directive 2006/112/EC Art. 66(a)).
    """
    return settings.vat_due or _BY_COUNTRY.get(country, "invoice")


_RELIEF_AT_ONCE = frozenset({"AT", "CH", "DE", "LI"})


def bad_debt_relief(settings: ExportSettings, country: str) -> Relief:
    """When a bad debt takes its tax back: as the settings say, else at once where the law asks for nothing more.

    DE: UStG § 17(2) no. 1. AT: UStG § 16(3) no. 1. CH, LI: MWSTG Art. 41. Elsewhere later: Directive 2006/112/EC
    Art. 90(2) lets states ask for more, as ES (LIVA Art. 80), GB (VATA 1994 s. 36) and PL (Art. 89a) do.
    """
    return settings.bad_debt_relief or ("at-once" if country in _RELIEF_AT_ONCE else "later")


def chosen(table: Mapping[str, str], keys: Iterable[str]) -> str | None:
    """The account of the first key that the table has; `keys`: the most exact first."""
    return next((table[each] for each in keys if each in table), None)
