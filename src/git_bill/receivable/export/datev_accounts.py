"""Account numbers of DATEV's standard charts SKR03 and SKR04, 2026, for what an invoice and its payment touch.

Income, discounts, reductions and losses at 19 % and 7 % are automatic accounts there: DATEV takes the tax out of the
gross amount by itself, at once or with the payment, as the client's file is set up. So no tax key is written.
Source: DATEV-Kontenrahmen SKR 03 and SKR 04, document numbers 11174 and 11175.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from git_bill.problem import Problem
from git_bill.receivable.export.entry import Account
from git_bill.receivable.export.settings import ExportSettings, chosen

Area = Literal["home", "eu", "third"]
LEAST = 4  # digits of an account; a client's has one more
_BOTH: Mapping[str, tuple[str, str]] = {  # role → SKR03, SKR04
    "bank": ("1200", "1800"),
    "cash": ("1000", "1600"),
    "provider": ("1360", "1460"),  # Geldtransit: until it is paid out
    "transfer": ("1360", "1460"),
    "private": ("1890", "2180"),
    "unassigned": ("1590", "1370"),
    "fees": ("4970", "6855"),
    "exchange:gain": ("2660", "4840"),
    "exchange:loss": ("2150", "6880"),
    "revenue:S:19": ("8400", "4400"),
    "revenue:S:7": ("8300", "4300"),
    "revenue:AE:home": ("8337", "4337"),  # § 13b UStG
    "revenue:AE:eu": ("8336", "4336"),
    "revenue:AE:third": ("8338", "4338"),
    "revenue:O:third": ("8338", "4338"),
    "revenue:O:eu": ("8339", "4339"),
    "revenue:G": ("8120", "4120"),
    "revenue:K": ("8125", "4125"),
    "revenue:E:small": ("8195", "4185"),  # § 19 UStG
    "discount:S:19": ("8736", "4736"),
    "discount:S:7": ("8731", "4731"),
    "discount:AE:home": ("8741", "4741"),
    "discount:AE:eu": ("8742", "4742"),
    "discount:K": ("8743", "4743"),
    "discount": ("8730", "4730"),
    "difference:S:19": ("8720", "4720"),
    "difference:S:7": ("8710", "4710"),
    "difference": ("8700", "4700"),
    "bad-debts:S:19": ("2406", "6936"),
    "bad-debts:S:7": ("2401", "6931"),
    "bad-debts": ("2400", "6930"),
}
_NAMED = 3  # of those that share an account
_DEBTOR = "1"  # and zeros: the account of clients who have none of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The accounts of one issuer. `small`: who charges no tax by § 19 UStG."""

    settings: ExportSettings
    small: bool = False

    @property
    def code(self) -> str:
        """How DATEV calls the chart: `03`."""
        return self.settings.chart[-2:] if self.settings.chart != "generic" else ""

    @property
    def length(self) -> int:
        """Digits of an account that is no client's."""
        told = [len(number) for role, number in self.settings.numbers.items() if not _is_client(role)]
        clients = [len(number) - 1 for role, number in self.settings.numbers.items() if _is_client(role)]
        return min(8, max([LEAST, *told, *clients]))

    def number(self, account: Account, area: Area, *, gain: bool = False) -> str | Problem:
        """The number of an account, or a problem that says how to name one.

        Where a tax rate counts, only an account of that rate does: the tax that DATEV takes out would be wrong.
        """
        if _is_client(account.role):
            own = chosen(self.settings.numbers, (*account.keys, *Account(role="receivable", of=account.of).keys))
            return (own or _DEBTOR).ljust(self.length + 1, "0")
        keys = list(account.keys)
        if account.role == "exchange":
            keys.insert(0, f"exchange:{'gain' if gain else 'loss'}")
        if (own := chosen(self.settings.numbers, keys)) is not None:
            return own.ljust(self.length, "0")
        standard = {} if not self.code else {role: pair[self.code == "04"] for role, pair in _BOTH.items()}
        if account.of[:1] == ("S",) and account.role != "vat":
            keys = [each for each in keys if each.count(":") > 1]
        elif len(account.of) > 1:
            keys.insert(len(keys) - 2, f"{account.role}:{account.of[0]}:{'small' if self.small else area}")
            keys.insert(len(keys) - 2, f"{account.role}:{account.of[0]}:{area}")
        found = chosen(standard, keys)
        return _unknown(account) if found is None else found.ljust(self.length, "0")


def shared(chart: Chart, accounts: Iterable[Account]) -> Iterator[Problem]:
    """A warning for each number that several clients, or several own accounts or providers, are booked to."""
    by_number: dict[str, dict[tuple[str, ...], Account]] = {}
    for each in accounts:
        if each.of and (_is_client(each.role) or each.role in {"bank", "provider"}):
            number = chart.number(each, "home")
            if isinstance(number, str):
                by_number.setdefault(number, {}).setdefault(each.of, each)
    for number, found in sorted(by_number.items()):
        if len(found) > 1:
            yield _shared(number, [found[of] for of in sorted(found)], chart.length)


def _shared(number: str, accounts: Sequence[Account], length: int) -> Problem:
    clients = any(_is_client(each.role) for each in accounts)
    names = [":".join(("receivable" if _is_client(each.role) else each.role, *each.of)) for each in accounts]
    first = int(_DEBTOR.ljust(length + 1, "0")) if clients else int(number)
    example = ", ".join(f'"{name}" = "{first + at}"' for at, name in enumerate(names[:_NAMED], 1 if clients else 0))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    who = ", ".join(each.of[0] for each in accounts[:_NAMED]) + more
    return Problem(
        rule="shared-account",
        severity="warning",
        message=f"{who} share the account {number} in DATEV",
        hint=f"ask your adviser for their numbers and write below [export]: numbers = {{ {example} }}",
        file="billing/billing.toml",
        at=("export", "numbers"),
    )


def _is_client(role: str) -> bool:
    return role.partition(":")[0] in {"receivable", "credit"}


def _unknown(account: Account) -> Problem:
    role = ":".join((account.role, *account.of[:2]))
    return Problem(
        rule="no-account",
        message=f"no account number is known for {role}",
        hint='ask your adviser for it and write it below [export]: numbers = { "' + role + '" = "8340" }',
        file="billing/billing.toml",
        at=("export", "numbers"),
    )
