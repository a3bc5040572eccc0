"""Text of commits, tickets and people inside Markdown: shown as it is, and nothing more than text."""

import re

from git_bill.invoice.document.text import printable

_BREAK = "\u200b"  # a zero-width space (`printable` left none): forges look for mentions in the rendered text
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ACTIVE = re.compile(r"([\\`*\[\]|~$]|(?<![^\W_])_|_(?![^\W_]))")  # `_` between letters is plain
_LINE_START = re.compile(r"^(?:(\d{1,9})([.)])(?=\s|$)|([-+=#:/]))")
_REFERENCE = re.compile(r"(?<=[@#!$%^])(?=[\w\"'])|(?<=\bG[HL]-)(?=\d)|(?<=&amp;)(?=\d)|(?<=&)(?=\d)", re.IGNORECASE)
_LONG = re.compile(r"\S{16,}")
_JOINT = re.compile(r"(?<=[/_.=-])(?=\w)|(?<=\w{20})(?=\w)")
_ADDRESS = re.compile(r"(?<=[a-z]:)(?=//)|(?<=\bwww)(?=\.)|(?<=\bmailto:)(?=\w)", re.IGNORECASE)


def markdown(text: str) -> str:
    """One line of escaped text for prose, table cells, lists and `<summary>` on GitHub, GitLab and in mail.

    Markdown and HTML are escaped; @mentions, #123, !45, GH-1 and addresses are not linked; controls, bidi
    and other invisible characters are gone. Never put it between backticks: there nothing is escaped.
    """
    words = printable(text).translate(_HTML)
    words = _ACTIVE.sub(r"\\\1", words)
    words = _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", words)
    words = _REFERENCE.sub(_BREAK, words)
    return _ADDRESS.sub(_BREAK, words).replace(_BREAK, "&#8203;")


def narrow(escaped: str) -> str:
    """Escaped text with places to break in long words, so that a table of it is no wider than a phone."""
    return _LONG.sub(lambda m: _JOINT.sub("&#8203;", m[0]), escaped)


def plain(text: str) -> str:
    """One line where forges read no Markdown, as a title: nothing is escaped, and nothing mentions or links."""
    return _ADDRESS.sub(_BREAK, _REFERENCE.sub(_BREAK, printable(text)))
