"""Where text of commits, tickets and people enters a document."""

import re
import unicodedata

from git_bill.worklog.activity import TERMINAL_ESCAPE

_LINE_OR_TAB = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")
_SPACES = re.compile(r" {2,}")
# Latin, Greek and Cyrillic letters, punctuation, common symbols: what the packaged fonts show for certain.
FONTS = (
    "\x20-\x7e\xa0-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u04ff\u1e00-\u1eff\u2010-\u2027"
    "\u2030-\u205e\u2070\u2071\u2074-\u208e\u20a0-\u20c0\u2100-\u2122\u2150-\u2186\u2190-\u22ff\u2500-\u25ff\ufffd"
)
# Emoji: what no font here shows for certain. Of the rest only typesetting can tell, on the machine with the fonts.
NO_FONT = "\U0001f300-\U0001f64f\U0001f680-\U0001f6d0\U0001f900-\U0001f9ff"
_NO_FONT = re.compile(f"[{NO_FONT}]")
_WITHOUT_FONT = re.compile(f"[^{FONTS}]+")
_MOST_MARKS = 3  # accents on one letter; more would be drawn over the lines above and below


def printable(text: str) -> str:
    """One line of text that is safe to show: what hides, reorders or overprints text is taken out.

    NFC; line ends, tabs and runs of spaces become one space; terminal escapes, control, bidi and other invisible
    characters go; private-use characters, lone surrogates and noncharacters become U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip(" ")
    line = _LINE_OR_TAB.sub(" ", TERMINAL_ESCAPE.sub("", text))
    visible = unicodedata.normalize("NFC", "".join(_shown(character) for character in line))
    return _SPACES.sub(" ", _with_few_marks(visible)).strip(" ")


def showable(text: str) -> str:
    """Printable text without what no packaged font shows: emoji go, `…` stands for words of other scripts.

    For text of commits alone: nobody chose these characters for an invoice. Where a person did, typesetting names them.
    """
    kept = _WITHOUT_FONT.sub(lambda m: "…" if any(map(str.isalnum, m[0])) else "", text)
    return _SPACES.sub(" ", kept).strip(" ") if any(map(str.isalnum, kept)) else ""


def unshowable(text: str) -> str | None:
    """The first character that no font shows, as far as that is known without typesetting."""
    found = _NO_FONT.search(text)
    return found[0] if found else None


def _shown(character: str) -> str:
    category, code = unicodedata.category(character), ord(character)
    if category in {"Cc", "Cf"} or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:  # variation selectors
        return ""
    # Noncharacters by number, not by category Cn: that depends on the Unicode version of the Python at hand.
    if category in {"Co", "Cs"} or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE:
        return "\ufffd"
    return character


def _with_few_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)
