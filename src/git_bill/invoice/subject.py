"""From commit subjects to words that a client reads."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from git_bill.invoice.document.text import printable, showable

_MOST_NAME = 100  # characters of a line's name
_MOST_DETAIL = 72  # one line of the page
_READ = 1000  # characters of a text that are looked at; commit messages may have megabytes
_TYPES = "build|chore|ci|deps|docs?|feat|feature|fix|hotfix|i18n|perf|refactor|release|revert|style|tests?|ui|wip"
_PREFIX = re.compile(
    rf"^(?:(?:fixup|squash|amend)! |(?:{_TYPES})!?:|[a-z]+\([^()]*\)!?:|:[a-z0-9_+-]+:)\s*", re.IGNORECASE
)
_GAP = " :,–-"
_PULL_REQUEST = re.compile(r"\s*\((?:[#!]\d+|[A-Z][A-Z0-9]+-\d+)\)$")
# A line names one ticket, its own. Without brackets or a colon it may be a word: `UTF-8 everywhere`.
_TICKET = re.compile(r"^(?:\[[A-Z][A-Z0-9]+-\d+\]|\([A-Z][A-Z0-9]+-\d+\)|[A-Z][A-Z0-9]+-\d+:)\s*(?=\S)")
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
            words = _TICKET.sub("", _without(words, ticket))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a line says: the name of the work (BT-153) and more about it (BT-154)."""

    name: str
    detail: str | None


def describe(texts: Iterable[str], ticket: str | None, fallback: str) -> Described:
    """Texts in order of weight → the first as a name, `WEB-12 Add totals`, and the others: `Fix rounding; Call`.

    Vague ones count only where there is no other; `fallback` is for where there is no text at all.
    """
    chosen = _telling(texts, ticket) or [fallback]
    name = showable(printable(ticket or ""))[:40]
    head = f"{name} " if name else ""
    return Described(name=cut(head + chosen[0], _MOST_NAME), detail=_joined(chosen[1:]))


def listed(texts: Iterable[str]) -> str | None:
    """Texts in order of weight → `Phone call; Search index`, as many as there is room for; None for none."""
    return _joined(_telling(texts, None))


def _telling(texts: Iterable[str], ticket: str | None) -> list[str]:
    """What texts say, each once; vague ones only where there is no other. No more than a line has room for."""
    said: dict[str, bool] = {}
    telling = 0
    for text in texts:
        for part in text[:_READ].split("; "):
            words = showable(readable(part, ticket))
            if words and words not in said:
                said[words] = not is_vague(words)
                telling += len(words) * said[words]
        if telling > _MOST_NAME + _MOST_DETAIL:
            break
    return [words for words, tells in said.items() if tells] or list(said)


def _joined(texts: Sequence[str]) -> str | None:
    """As many whole texts as there is room for, `…` for the rest; None for none."""
    result = ""
    for index, text in enumerate(texts):
        longer = f"{result}; {text}" if result else cut(text, _MOST_DETAIL)
        room = _MOST_DETAIL - (3 if index + 1 < len(texts) else 0)
        if len(longer) > room and result:
            return f"{result}; …"
        result = longer
    return result or None


def cut(text: str, most: int = _MOST_NAME) -> str:
    """A text of at most so many characters, `…` for the rest."""
    return text if len(text) <= most else text[: most - 1].rstrip(" ;,.") + "…"
