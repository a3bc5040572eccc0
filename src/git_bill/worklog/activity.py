"""What kind of work a commit was, and its subject as a sentence for people."""

import re
from collections.abc import Iterable, Mapping

from git_bill.worklog.entry import Activity

# Types of the Conventional Commits convention and of Angular's list, which it grew from; all others: development.
_OF_TYPE: Mapping[str, Activity] = {
    "doc": "documentation",
    "docs": "documentation",
    "test": "testing",
    "tests": "testing",
    "ci": "operations",
    "build": "operations",
    "ops": "operations",
    "deploy": "operations",
    "infra": "operations",
    "review": "review",
    "support": "support",
    "research": "research",
    "spike": "research",
}
_TYPED = re.compile(r"(?P<type>[A-Za-z]{2,12})(?:\([^()]{0,60}\))?!?:\s+(?P<rest>\S.*)", re.DOTALL)
_FORGE_NUMBER = re.compile(r"\s*\([#!]\d+\)$")
_AUTOSQUASH = re.compile(r"(?:(?:fixup|squash|amend)! )+")
# Controls, lone surrogates, bidi and other invisible characters: a subject is one visible line wherever it goes.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]+"
)
# ECMA-48: control sequences, operating system commands, other escapes.
TERMINAL_ESCAPE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]")
_LONGEST = 200


def activity_of(subject: str) -> Activity:
    """The activity that a Conventional Commit's type names: `docs: …` is documentation."""
    match = _TYPED.match(_AUTOSQUASH.sub("", subject.strip(), count=1))
    return _OF_TYPE.get(match["type"].lower(), "development") if match else "development"


def clean(text: str) -> str:
    """Text on one visible line: no terminal escapes, no control or invisible characters, single spaces."""
    return " ".join(_UNSEEN.sub(" ", TERMINAL_ESCAPE.sub("", text)).split())


def summary(subjects: Iterable[str]) -> str:
    """Subjects as one line without their types and forges' numbers, each once, at most 200 characters."""
    told = dict.fromkeys(filter(None, map(_told, subjects)))
    line = "; ".join(told)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip("; ") + "…"


def _told(subject: str) -> str:
    text = _FORGE_NUMBER.sub("", _AUTOSQUASH.sub("", clean(subject[: 4 * _LONGEST]), count=1))
    match = _TYPED.match(text)
    return match["rest"] if match and match["type"].lower() in _TYPES else text


_TYPES = {*_OF_TYPE, "feat", "fix", "chore", "refactor", "perf", "style", "revert"}
