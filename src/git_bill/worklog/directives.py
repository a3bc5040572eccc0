"""What a commit's message says about itself: subject, people, trailers as `git interpret-trailers` finds them."""

import re
from collections.abc import Iterable, Sequence

Trailers = tuple[tuple[str, str], ...]

_TRAILER = re.compile(r"([A-Za-z0-9-]+)[ \t]*:(.*)", re.DOTALL)
_MADE_BY_GIT = ("Signed-off-by: ", "(cherry picked from commit ")
_SQUASHED = re.compile(r"commit [0-9a-f]{40,64}$")
_AUTHOR = re.compile(r"Author: [^<]*<(?P<email>[^>]*)>$")
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


def sections(message: str) -> tuple[Trailers, ...]:
    """The trailers of each paragraph but the first and the last, where a squash has those of its commits.

    `git merge --squash` indents their messages.
    """
    lines = message.rstrip().split("\n")
    last = -1
    if any(map(_SQUASHED.match, lines)):
        last = len(lines) if lines[-1].startswith("    ") else -1
        lines = [line.removeprefix("    ") for line in lines]
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return tuple(trailers("\n\n" + "\n".join(paragraph)) for paragraph in paragraphs[1:last])


def is_of_commits(message: str) -> bool:
    """Whether a message is put together of those of commits: a forge begins each with a star, git with its id."""
    return any(line.startswith("* ") or _SQUASHED.match(line) for line in message.split("\n"))


def authors(message: str) -> frozenset[str]:
    """The addresses that `git merge --squash` has written into a message."""
    return frozenset(match["email"].strip() for match in map(_AUTHOR.match, message.split("\n")) if match)


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
