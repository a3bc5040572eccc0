"""Several numbers in a row, of which only the first is whole: `0007/8/9`, `7, 8 und 9`, `0007 bis 0009`."""

from collections.abc import Iterator

from git_bill.receivable.matching.number import Form, Numbers
from git_bill.receivable.matching.remark import CUES, FILLERS, LISTED, RANGED, Remark

_DASHES = frozenset({"-", "–", "—", ".."})
_RANGE = 50  # invoices that "7 to 99" may mean


def siblings(known: Numbers, said: Remark, end: int, form: Form) -> Iterator[int]:
    """After a number: `/8/9`, `, 0008 und 0009`, `-0009`, `bis 9`. Only numbers of the same series that are open."""
    last, mode = form.running, ""
    for at in range(end + 1, len(said.tokens)):
        token, gap = said.tokens[at], said.gaps[at].strip()
        if not token.isdigit():
            if (word := _joins(token, gap, form, mode)) is None:
                return
            mode = word
            continue
        if token in known.years and (form.reversed or "".join(said.tokens[at + 1 : at + 2]).isdigit()):
            if mode == "to" or form.reversed:
                continue
            return  # another number, which is read by itself
        listed = mode or ("to" if gap in _DASHES else "and" if gap and set(gap) <= set("/,+&;") else "")
        whole = len(token) == form.width
        if listed == "new" or _is_longer(token, form) or not (listed or (gap == "" and whole)):
            return
        number = _sibling(known, form, last, token)
        if number is None or (number <= last and (listed == "to" or not whole)):
            return
        meant = range(last + 1, number + 1) if listed == "to" and number - last <= _RANGE else (number,)
        for running in meant:
            yield from known.of_series(form, running)
        last, mode = number, ""


def _is_longer(token: str, form: Form) -> bool:
    """Whether it is too long for a number of this form; one without zeros in front may grow: `INV-9, 10`."""
    grows = len(str(form.running)) == form.width and not token.startswith("0")
    return len(token) > max(form.width, 1) + grows


def _joins(word: str, gap: str, form: Form, mode: str) -> str | None:
    """How a word between two numbers joins them: "and", "to", "new" for a whole number; None where it ends the list."""
    if word == form.series:
        return "to" if mode == "to" or gap in _DASHES else "new"
    if word in LISTED or word in RANGED:
        return "to" if word in RANGED else "and"
    return mode if word in CUES or word in FILLERS else None


def _sibling(known: Numbers, form: Form, last: int, token: str) -> int | None:
    """`8` after 0007 is 8, `19` after 0118 is 119: the end of the number before is replaced where that is open."""
    replaced = int(str(last)[: -len(token)] + token) if len(str(last)) > len(token) else int(token)
    return next((number for number in (replaced, int(token)) if known.of_series(form, number)), None)
