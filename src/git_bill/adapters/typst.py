"""typst sets a template of this package into a PDF that is archival, accessible and reproducible."""

import functools
import importlib.metadata
import importlib.resources
import json
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from git_bill.problem import Exit, Problem, Stop, stop

if TYPE_CHECKING:
    from typst import Fonts

_TEMPLATES = Path(str(importlib.resources.files("git_bill") / "templates"))

# Follows every template, so that none can forget what belongs to the file.
_ATTACH = """
#for file in json("attachments.json") {
  pdf.attach(
    file.name,
    read(file.stored, encoding: none),
    relationship: file.relationship,
    mime-type: file.kind,
    description: file.name,
  )
}
"""
# By suffix: media type and relationship to the document (ISO 19005-3, 6.8; Factur-X: "alternative").
_KINDS = {
    ".csv": ("text/csv", "supplement"),
    ".json": ("application/json", "data"),
    ".toml": ("application/toml", "source"),
    ".xml": ("text/xml", "alternative"),
}
_OTHER_KIND = ("application/octet-stream", "supplement")

_REFUSED_TEXT = re.compile(r'(?:the text|the disallowed codepoint|the codepoint) `"((?:[^"\\]|\\.)+)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")


class Typst:
    """The typesetter, with its packaged fonts and those inside typst; the system's are never used."""

    def __init__(self, text_of: Callable[[bytes], str]) -> None:
        """`text_of` reads a PDF's text: by another program, so that it can witness what was typeset."""
        self._text_of = text_of

    def text(self, pdf: bytes) -> str:
        """The text that a reader of the PDF sees."""
        return self._text_of(pdf)

    def typeset(self, template: str, page: Mapping[str, Any], files: Mapping[str, bytes], *, at: datetime) -> bytes:
        """`templates/<template>` filled with `page` (JSON) as PDF/A-3a and PDF/UA-1, with `files` attached.

        Equal arguments give equal bytes; `at` (with its offset) is the file's date. Raises `Stop` with one
        problem for each character that no font can show, or when the template refuses the page.
        """
        if at.tzinfo is None:
            raise ValueError("`at` needs its offset to UTC")
        with tempfile.TemporaryDirectory(prefix="git-bill-") as folder:
            source = _lay_out(Path(folder), template, page, files)
            return self._compile(source, page, at.astimezone(UTC))

    def _compile(self, source: Path, page: Mapping[str, Any], at: datetime) -> bytes:
        import typst

        try:
            pdf, warnings = typst.compile_with_warnings(
                str(source),
                root=str(source.parent),
                format="pdf",
                font_paths=self._fonts,
                ignore_system_fonts=True,
                pdf_standards=["a-3a", "ua-1"],
                timestamp=at,
            )
        except typst.TypstError as error:
            raise _refusal(source.name, error.diagnostic, page) from error
        if warnings:  # such as a layout that did not settle: page numbers or carry-over could be wrong
            raise _failure(source.name, "; ".join(warning.message for warning in warnings))
        return pdf

    @functools.cached_property
    def _fonts(self) -> "Fonts":
        import typst

        return typst.Fonts(include_system_fonts=False, font_paths=[str(_TEMPLATES / "fonts")])


def version() -> str | None:
    """The typesetter's version, None where it can't be loaded."""
    try:
        import typst
    except ImportError:
        return None
    return importlib.metadata.version(typst.__name__)


def packaged_fonts() -> tuple[Path, ...]:
    """The font files that come with this package."""
    return tuple(sorted(path for path in (_TEMPLATES / "fonts").rglob("*") if path.suffix in {".otf", ".ttf"}))


def _lay_out(folder: Path, template: str, page: Mapping[str, Any], files: Mapping[str, bytes]) -> Path:
    """All that the template can read, and itself: typst sees no file outside this folder."""
    attachments = []
    for index, (name, content) in enumerate(sorted(files.items())):
        stored = f"attachment-{index}"
        kind, relationship = _KINDS.get(PurePosixPath(name).suffix, _OTHER_KIND)
        attachments.append({"name": name, "stored": stored, "kind": kind, "relationship": relationship})
        (folder / stored).write_bytes(content)
    (folder / "attachments.json").write_text(json.dumps(attachments), encoding="utf-8")
    (folder / "page.json").write_text(json.dumps(page), encoding="utf-8")
    source = folder / template
    source.write_bytes((_TEMPLATES / template).read_bytes() + _ATTACH.encode())
    return source


def _refusal(template: str, diagnostic: str, page: Mapping[str, Any]) -> Stop:
    """typst's errors as problems: each character that it could not show, else its own words."""
    texts = [_ESCAPED.sub(_unescape, text) for text in _REFUSED_TEXT.findall(diagnostic)]
    if not texts:
        return _failure(template, diagnostic.strip())
    characters = dict.fromkeys("".join(texts))
    return Stop(Exit.PROBLEMS, [_missing_glyph(character, page) for character in characters])


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else str(match[2])


def _failure(template: str, reason: str) -> Stop:
    return stop(Exit.INTERNAL, "typesetting", f"templates/{template} could not be typeset: {reason}")


def _missing_glyph(character: str, page: Mapping[str, Any]) -> Problem:
    name = unicodedata.name(character, "a character without a name")
    place, text = next(_places(character, page, ""), ("the page", character))
    start = max(0, text.find(character) - 20)
    return Problem(
        rule="missing-glyph",
        message=f"no packaged font can show U+{ord(character):04X} ({name}),"
        f" which stands in {place}: {text[start : start + 50]!r}",
        hint=f'Write it in letters there, e.g. "{name.lower()}".'
        " The fonts have Latin, Greek and Cyrillic letters and common symbols.",
    )


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
