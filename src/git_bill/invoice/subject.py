"""From commit subjects to words that a client reads."""

import re
from collections.abc import Iterable

from git_bill.invoice.document.text import printable

_MOST = 160  # characters of a description
_READ = 1000  # characters of a text that are looked at; commit messages may have megabytes
_TYPES = "build|chore|ci|deps|docs?|feat|feature|fix|hotfix|i18n|perf|refactor|release|revert|style|tests?|ui|wip"
_PREFIX = re.compile(
    rf"^(?:(?:fixup|squash|amend)! |(?:{_TYPES})!?:|[a-z]+\([^()]*\)!?:|:[a-z0-9_+-]+:)\s*", re.IGNORECASE
)
_GAP = " :,–-"
_PULL_REQUEST = re.compile(r"\s*\((?:[#!]\d+|[A-Z][A-Z0-9]+-\d+)\)$")
_WORD = re.compile(r"[^\W\d_]+")
# Words that say nothing by themselves to somebody who was not there.
_EMPTY = frozenset(
    """again all and branch bug bugs change changed changes checkpoint clean cleanup code commit do done edit edits
    final fix fixed fixes for hotfix in initial into it main master merge merged minor misc more new of on pull ready
    request review save several small some stuff temp the thing things this tmp todo try typo typos up update updated
    updates various version wip with work working""".split()  # noqa: SIM905
)


def readable(text: str, ticket: str | None = None) -> str:
    """One subject without its technical parts: `feat(cart)!: WEB-5 add totals (#12)` → `Add totals`."""
    words = printable(text[:_READ])
    before = None
    while words != before:
        before = words
        words = _PULL_REQUEST.sub("", _PREFIX.sub("", words))
        if ticket:
            words = _without(words, ticket)
    words = words.strip(" .;:,-–") if not words.endswith("…") else words.strip()
    first = words.split(" ", maxsplit=1)[0]
    return words[:1].upper() + words[1:] if first.islower() else words


def _without(words: str, ticket: str) -> str:
    """`WEB-5: add totals`, `[WEB-5] add totals`, `add totals - WEB-5` → `add totals`."""
    for name in (ticket, f"[{ticket}]", f"({ticket})"):
        if words.startswith(name) and words[len(name) : len(name) + 1] in _GAP:
            words = words[len(name) :].lstrip(_GAP)
        if words.endswith(name) and words[: -len(name)][-1:] in _GAP:
            words = words[: -len(name)].rstrip(_GAP)
    return words


def is_vague(text: str) -> bool:
    """Whether a text has no word that tells a client what was done."""
    return not any(word not in _EMPTY and (len(word) > 2 or not word.isascii()) for word in _WORD.findall(text.lower()))


def describe(texts: Iterable[str], ticket: str | None, fallback: str) -> str:
    """A description of at most 160 characters from texts in order of weight: `WEB-12 Add totals; Fix rounding`.

    Vague ones count only where there is no other; `fallback` is for where there is no text at all.
    """
    said: dict[str, bool] = {}
    telling = 0
    for text in texts:
        for part in text[:_READ].split("; "):
            words = readable(part, ticket)
            if words and words not in said:
                said[words] = not is_vague(words)
                telling += len(words) * said[words]
        if telling > _MOST:
            break
    chosen = [words for words, tells in said.items() if tells] or list(said) or [fallback]
    head = f"{printable(ticket)[:40]} " if ticket else ""
    result = head + chosen[0]
    if len(result) > _MOST:
        return result[: _MOST - 1].rstrip() + "…"
    for index, text in enumerate(chosen[1:], 1):
        longer = f"{result}; {text}"
        if len(longer) + (3 if index + 1 < len(chosen) else 0) > _MOST:
            return f"{result}; …"
        result = longer
    return result
