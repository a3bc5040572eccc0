"""What a document of ours is worth in its issuer's country: the invoice, or not yet, or only a copy of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from git_bill.shape import key

Worth = Literal["invoice", "network", "copy", "forbidden"]
Kind = Literal["B2B", "B2C", "foreign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRule:
    """From a day of issue on: what it is worth, to whom, and what it needs beside.

    `invoice`: it is the invoice; `network`: only once it went through the network named; `copy`: the invoice is what
    the authority cleared; `forbidden`: it must not be made with this program.
    """

    from_: date = key("first day of issue", name="from", example="2027-07-01")
    worth: Worth = key("what it is worth", example='"invoice"')
    kinds: tuple[Kind, ...] = key("for which clients", default=("B2B", "B2C", "foreign"))
    form: Literal["person", "company"] | None = key("only for issuers of this legal form", default=None)
    postcodes: tuple[str, ...] = key("only where the issuer's post code begins so", default=())
    needs: str = key("what must be done", default="")
    source: str = key("the provision")

    def fits(self, kind: Kind, form: str, postcode: str | None) -> bool:
        """Whether it is for such an issuer and client."""
        there = not self.postcodes or bool(postcode and postcode.strip().startswith(self.postcodes))
        return kind in self.kinds and self.form in {None, form} and there


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentWorth:
    """What a document is worth on its day of issue, what it needs beside, and the law that says so."""

    worth: Worth
    since: date
    needs: str
    source: str


def standing(
    rules: Iterable[DocumentRule], kind: Kind, day: date, *, form: str = "person", postcode: str | None = None
) -> DocumentWorth | None:
    """The newest rule that fits; None where the table does not know."""
    found = [rule for rule in rules if rule.from_ <= day and rule.fits(kind, form, postcode)]
    if not found:
        return None
    rule = max(found, key=lambda each: (each.from_, bool(each.postcodes)))
    return DocumentWorth(worth=rule.worth, since=rule.from_, needs=rule.needs, source=rule.source)


def coming(
    rules: Iterable[DocumentRule], kind: Kind, day: date, *, form: str = "person", postcode: str | None = None
) -> DocumentRule | None:
    """The next rule that will change what it is worth."""
    found = [rule for rule in rules if rule.from_ > day and rule.fits(kind, form, postcode)]
    return min(found, key=lambda each: each.from_, default=None)
