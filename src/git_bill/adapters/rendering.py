"""What forges are given to show, fitted to what they take; and what they say, fitted to a terminal."""

import hashlib
import re
import unicodedata

HIDDEN = "<!-- git-bill:"
_UNFOLDED = "\n\n</details>"
_DEEPEST = 3  # of what is folded away in what is folded away


def marked(marker: str, body: str) -> str:
    """A comment's text with its marker, which forges do not show."""
    return f"{opening(marker)}\n{body}"


def opening(marker: str) -> str:
    """What a comment with a marker begins with."""
    return f"{HIDDEN}{marker} -->"


def line(text: str, most: int) -> str:
    """One line of so many characters."""
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def fitting(body: str, most: int, forge: str) -> str:
    """A body of so many characters: a longer one ends at a line, folds nothing away any more, and says so."""
    if len(body) <= most:
        return body
    said = f"\n\n*(cut here: {forge} takes no more; the file of the draft has all of it)*\n"
    room = most - len(said) - _DEEPEST * len(_UNFOLDED)
    end = body.rfind("\n", 0, room)
    kept = body[: end if end > room // 2 else room]
    folded = kept.count("<details>") - kept.count("</details>")
    return kept + _UNFOLDED * min(max(0, folded), _DEEPEST) + said


def plain(words: str) -> str:
    """One line of at most 300 characters that no terminal and no log command of a CI understands."""
    shown = "".join(" " if unicodedata.category(char).startswith("C") else char for char in words)
    return re.sub(r"\s+", " ", shown).strip()[:300].replace("::", ": :")


def blob_id(content: bytes) -> str:
    """The id that git gives to a file with these bytes, in a repository of a forge's (SHA-1)."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
