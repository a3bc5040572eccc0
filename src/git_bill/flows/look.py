"""How the workspace's documents look: its logo, colour and paper, and templates of its own."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from git_bill.invoice.document.branding import Branding, Look
from git_bill.layout import SETTINGS, TEMPLATES
from git_bill.ports import Snapshot
from git_bill.problem import Exit, Problem, Stop
from git_bill.workspace import Settings

_MOST_LOGO, _MOST_TEMPLATES = 1_000_000, 10_000_000  # bytes
# How files of a kind begin. Git writes a picture's line ends anew where its attributes call it text.
_STARTS = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}
_SPOILT = b"\x89PNG\n\x1a\n"
_MOST_PIXELS = 25_000_000  # a picture of few bytes can unfold into gigabytes
_PACKAGE = re.compile(rb'(?:import|include)\s*"@')  # typst would fetch it from the network


def look_of(snapshot: Snapshot, settings: Settings) -> Look:
    """What pages and typesetting need. Stops (exit 1) where a file of it is missing or can't be used."""
    if problems := look_problems(snapshot, settings):
        raise Stop(Exit.PROBLEMS, problems)
    branding = settings.branding
    files = dict(_templates(snapshot))
    logo = f"branding/{PurePosixPath(branding.logo).name}" if branding.logo else ""
    if branding.logo:
        files[logo] = snapshot.read(branding.logo) or b""
    return Look(
        accent=branding.accent,
        paper={"a4": "a4", "letter": "us-letter", None: None}[branding.paper],
        logo=logo,
        logo_text=branding.logo_text or "",
        files=files,
    )


def look_problems(snapshot: Snapshot, settings: Settings) -> tuple[Problem, ...]:
    """A logo that is missing, too large or no picture, and templates that are too much."""
    return (*_logo_problems(snapshot, settings.branding), *_template_problems(snapshot))


def _templates(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    for path in snapshot.paths(TEMPLATES):
        yield path.removeprefix(f"{TEMPLATES}/"), snapshot.read(path) or b""


def _logo_problems(snapshot: Snapshot, branding: Branding) -> Iterator[Problem]:
    path = branding.logo
    if path is None:
        return
    content = snapshot.read(path)
    if content is None:
        yield _wrong(f"there is no {path}", f"put it there and commit it: git add {path} && git commit -m Logo")
    elif len(content) > _MOST_LOGO:
        size = f"{len(content) / 1_000_000:.1f} MB"
        yield _wrong(f"{path} has {size}, at most 1 MB is allowed", "make it smaller, or take an SVG")
    elif content.startswith(_SPOILT):
        hint = f'add the line "{path} -text" to .gitattributes, then add the original file again'
        yield _wrong(f"git has changed line ends inside {path}, which destroyed it", hint)
    elif not _is_picture(path, content):
        kind = PurePosixPath(path).suffix[1:].upper()
        yield _wrong(f"{path} is no {kind}, whatever its name says", "save it as SVG, PNG or JPEG")
    elif (pixels := _pixels(content)) > _MOST_PIXELS:
        yield _wrong(f"{path} has {pixels / 1_000_000:.0f} million pixels, at most 25 are allowed", "make it smaller")
    elif _inks(content) == 4:
        yield _wrong(f"{path} has colours for printing presses (CMYK)", "save it in RGB, or as SVG")


def _is_picture(path: str, content: bytes) -> bool:
    start = _STARTS.get(PurePosixPath(path).suffix)
    return b"<svg" in content[:4096] if start is None else content.startswith(start)


def _pixels(content: bytes) -> int:
    """Of a PNG (ISO/IEC 15948, 11.2.1) or JPEG; 0 for an SVG."""
    if content.startswith(_STARTS[".png"]):
        return int.from_bytes(content[16:20], "big") * int.from_bytes(content[20:24], "big")
    frame = _frame(content)
    return int.from_bytes(frame[5:7], "big") * int.from_bytes(frame[7:9], "big")


def _inks(content: bytes) -> int:
    """The number of a JPEG's colour components; 0 for what is none."""
    return next(iter(_frame(content)[9:10]), 0)


def _frame(content: bytes) -> bytes:
    """A JPEG's frame from its marker on (ITU-T T.81, B.2.2); nothing for what is none."""
    at = 2 if content.startswith(_STARTS[".jpg"]) else len(content)
    while at + 10 <= len(content):
        if 0xC0 <= content[at + 1] <= 0xC2:  # thumbnails have theirs inside a segment before it
            return content[at:]
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return b""


def _template_problems(snapshot: Snapshot) -> Iterator[Problem]:
    if sum(len(content) for _, content in _templates(snapshot)) > _MOST_TEMPLATES:
        yield Problem(
            rule="template",
            message=f"{TEMPLATES} has more than 10 MB",
            hint="take out what invoice.typ does not read",
            file=f"{TEMPLATES}/invoice.typ",
        )
    for name, content in _templates(snapshot):
        if name.endswith(".typ") and (found := _PACKAGE.search(content)):
            yield Problem(
                rule="template",
                message=f"{TEMPLATES}/{name} wants a package, and nothing is fetched from the network here",
                hint=f'put its files into {TEMPLATES} and write #import "that-file.typ"',
                file=f"{TEMPLATES}/{name}",
                line=content.count(b"\n", 0, found.start()) + 1,
            )


def _wrong(message: str, hint: str) -> Problem:
    return Problem(rule="logo", message=message, hint=hint, file=SETTINGS, at=("branding", "logo"))
