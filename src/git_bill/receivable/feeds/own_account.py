"""Which own account a CSV file is of that does not say it: never one of another bank's than the file's."""

import re
from collections.abc import Sequence

from git_bill.receivable.account import normalized
from git_bill.receivable.feeds.mapping import Account, KnownExport, folded

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_PAIRS = (  # of accounts whose settings don't say it; other IBANs are taken to be in euros
    "CH:CHF LI:CHF GB:GBP GI:GIP PL:PLN CZ:CZK DK:DKK SE:SEK NO:NOK HU:HUF RO:RON IS:ISK TR:TRY RS:RSD AL:ALL MK:MKD"
    " MD:MDL UA:UAH BA:BAM AE:AED SA:SAR IL:ILS BR:BRL PK:PKR"
)
_CURRENCIES = dict(pair.split(":") for pair in _PAIRS.split())


def own_account(export: KnownExport | None, currency: str, own: Sequence[Account]) -> str:
    """The declared account; of a known export without one an account of its own, `revolut/EUR`; else "".

    An export that is not known is of the only account that its currency agrees with.
    """
    agreeing = [each for each in own if _agrees(each, currency)]
    if export is None:
        return agreeing[0].account if len(agreeing) == 1 else ""
    institution = export.institution or export.bank
    named = [each for each in own if _is_named(each, institution, currency)]
    theirs = [each for each in agreeing if _is_theirs(each, export)]
    found = named or theirs
    return found[0].account if len(found) == 1 or named else f"{institution}/{currency}"


def filed(account: str, feed: str, currency: str, exports: Sequence[KnownExport], own: Sequence[Account]) -> str:
    """The account that an entry which was read before is of now that these accounts are declared.

    `feed`: `csv:` and the export's name. Only what was filed without its account, under the export's name or none, is
    filed anew.
    """
    export = next((each for each in exports if feed == f"csv:{each.bank}"), None)
    if export is None:
        return account or own_account(None, currency, own)
    institution = export.institution or export.bank
    if account and account.casefold() != f"{institution}/{currency}".casefold():
        return account
    return own_account(export, currency, own)


def _agrees(account: Account, currency: str) -> bool:
    """Whether it may hold this currency: as declared, else as accounts of its country do."""
    plain = normalized(account.account)
    usual = _CURRENCIES.get(plain[:2], "EUR") if _IBAN.fullmatch(plain) else ""
    return (account.currency or usual or currency) == currency or not currency


def _is_named(account: Account, institution: str, currency: str) -> bool:
    """Whether it is declared by the bank's name, and for this currency."""
    name, _, of = account.account.partition("/")
    known = folded(name).startswith(folded(institution).split(" ")[0])
    return known and (account.currency or of or currency) == currency


def _is_theirs(account: Account, export: KnownExport) -> bool:
    """Whether its IBAN is of this bank; another number is, where the bank's customers have no IBAN."""
    plain = normalized(account.account)
    if not _IBAN.fullmatch(plain):
        return not export.iban
    return bool(export.iban) and re.match(export.iban, plain) is not None
