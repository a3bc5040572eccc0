"""Signs of a page that no font can show: each writing system once, with the font to install."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from git_bill.invoice.document.script import Script, scripts_in
from git_bill.problem import Problem


def missing_glyphs(texts: Iterable[str], page: Mapping[str, Any]) -> tuple[Problem, ...]:
    """A problem for each writing system or other sign in the texts of a page that could not be shown."""
    first: dict[str, str] = {}  # of each writing system; what belongs to none stands for itself
    for character in dict.fromkeys("".join(texts)):
        lacking = _script_of(character, page)
        first.setdefault(lacking.name if lacking else character, character)
    return tuple(_missing_glyph(character, page) for character in first.values())


def _missing_glyph(character: str, page: Mapping[str, Any]) -> Problem:
    name = unicodedata.name(character, "a character without a name")
    place, text = next(_places(character, page, ""), ("the page", character))
    start = max(0, text.find(character) - 20)
    lacking = _script_of(character, page)
    hint = f'Write it in letters there, e.g. "{name.lower()}".'
    if lacking is not None:
        hint = f"Install a font for {lacking.name}: apt install {lacking.apt} (on a Mac: brew install {lacking.brew})."
    return Problem(
        rule="missing-glyph",
        message=f"no font here can show U+{ord(character):04X} ({name}),"
        f" which stands in {place}: {text[start : start + 50]!r}",
        hint=hint,
    )


def _script_of(character: str, page: Mapping[str, Any]) -> Script | None:
    return next(iter(scripts_in(character, str(page.get("language", "")))), None)


def _places(character: str, value: object, path: str) -> Iterator[tuple[str, str]]:
    """Where in the page a character stands: ("lines[2].description", its text)."""
    if isinstance(value, str):
        if character in value:
            yield path, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _places(character, part, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from _places(character, part, f"{path}[{index}]")
