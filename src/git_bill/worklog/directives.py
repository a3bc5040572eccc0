"""What a commit's message says about itself: subject, people, trailers as `git interpret-trailers` finds them."""

import re
from collections.abc import Iterable, Sequence

Trailers = tuple[tuple[str, str], ...]

_TRAILER = re.compile(r"([A-Za-z0-9-]+)[ \t]*:(.*)", re.DOTALL)
_MADE_BY_GIT = ("Signed-off-by: ", "(cherry picked from commit ")
_PERSON = re.compile(r"(?P<name>[^<]*)<(?P<email>[^>]*)>")


def subject(message: str) -> str:
    """A message's first paragraph on one line, as `%s` of git shows it; at most 500 characters."""
    lines: list[str] = []
    for line in message[:4000].split("\n"):
        if line.strip():
            lines.append(line.strip())
        elif lines:
            break
    return " ".join(lines)[:500]


def trailers(message: str) -> Trailers:
    """Key and value of each trailer, in order; a value that goes on in indented lines is joined by spaces.

    The rule is git's: the last paragraph, never the first, if all of it is trailers, or a quarter of it and one
    of these is git's own (`Signed-off-by`, `cherry picked from`).
    """
    found: list[tuple[str, list[str]]] = []
    lines: list[str] | None = None  # of the trailer that an indented line would go on
    for line in _last_paragraph(message):
        if line[:1].isspace():
            if lines is not None:
                lines.append(line)
        elif match := _TRAILER.match(line):
            lines = [match[2]]
            found.append((match[1], lines))
        else:
            lines = None
    return tuple((name, " ".join(line.strip() for line in value).strip()) for name, value in found)


def values(found: Trailers, name: str) -> tuple[str, ...]:
    """The values of a trailer; names are compared without case."""
    return tuple(value for key, value in found if key.lower() == name.lower())


def people(found: Trailers) -> tuple[tuple[str, str], ...]:
    """Name and e-mail of each `Co-authored-by`."""
    matches = (_PERSON.match(value) for value in values(found, "Co-authored-by"))
    return tuple((match["name"].strip(), match["email"].strip()) for match in matches if match)


def _last_paragraph(message: str) -> Sequence[str]:
    lines = message.rstrip().split("\n")
    start = next((at for at in range(len(lines) - 1, -1, -1) if not lines[at].strip()), None)
    if start is None:
        return ()
    block = [line for line in lines[start + 1 :] if not line.startswith("#")]
    return block if _are_trailers(block) else ()


def _are_trailers(block: Iterable[str]) -> bool:
    """Counts as git does; indented lines go with the trailer before them."""
    good = bad = 0
    ours = continued = False
    for line in block:
        if line.startswith(_MADE_BY_GIT):
            good, ours, continued = good + 1, True, True
        elif line[:1].isspace():
            bad += not continued
        elif _TRAILER.match(line):
            good, continued = good + 1, True
        else:
            bad, continued = bad + 1, False
    return good > 0 and (bad == 0 or (ours and good * 3 >= bad))
