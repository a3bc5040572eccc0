"""A number with one slip of the finger, which is not the number of another year."""

from collections.abc import Iterable, Iterator

from git_bill.receivable.matching.number import Form
from git_bill.receivable.matching.spelling import close, looks

_YEARS_BACK = 10  # in which an invoice of the same number may lie


def is_typo(known: Form, words: Iterable[tuple[str, str]]) -> bool:
    """Whether a word is one slip of the finger from a number, in all its characters or in all its digits.

    `words`: as `Naming.words` gives them.
    """
    compact, digits = looks(known.compact), known.digits
    slips = [
        (word, numbers)
        for word, numbers in words
        if (len(compact) >= 6 and close(word, compact)) or (len(digits) >= 6 and close(numbers, digits))
    ]
    others = set(_other_years(known)) if slips else set()
    return any(word not in others and numbers not in others for word, numbers in slips)


def _other_years(known: Form) -> Iterator[str]:
    """The same number of years before and after, which is no slip but another invoice."""
    for year in range(known.year - _YEARS_BACK, known.year + 2) if known.year else ():
        for own, other in ((str(known.year), str(year)), (str(known.year)[2:], str(year)[2:])):
            if year != known.year and own in known.digits:
                yield looks(known.compact.replace(own, other, 1))
                yield known.digits.replace(own, other, 1)
