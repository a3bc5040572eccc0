"""typst sets a template into a PDF that is archival, accessible and reproducible."""

import functools
import importlib.metadata
import importlib.resources
import json
import re
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from git_bill.invoice.document.missing_glyph import missing_glyphs
from git_bill.invoice.document.script import Script, scripts_in
from git_bill.layout import SETTINGS, TEMPLATES
from git_bill.problem import Exit, Problem, Stop, stop

if TYPE_CHECKING:
    from typst import Fonts

_TEMPLATES = Path(str(importlib.resources.files("git_bill") / "templates"))
_FAMILY = "Inter"
_PACKAGED = re.compile("[\x00-\u052f\u1e00-\u2bff\ufffd]*")  # without writing systems that the packaged fonts lack
_NOTHING: Mapping[str, bytes] = MappingProxyType({})
_EXCESS = "it takes more than"  # how it begins where a limit ended it
_REFUSED_TEXT = re.compile(r'(?:the text|the disallowed codepoint|the codepoint) `"((?:[^"\\]|\\.)+)"`')
_PICTURE = re.compile(f"failed to (parse SVG|decode image)|{_EXCESS}")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
SECONDS = 60  # for what a workspace brings itself
_MEMORY = 2 * 2**30  # bytes, for the same

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


class Typst:
    """The typesetter, with its packaged fonts. The system's are asked for the writing systems that these lack."""

    def __init__(self, text_of: Callable[[bytes], str], fonts: Sequence[Path] | None = None) -> None:
        """`text_of` reads a PDF's text: by another program, so that it can witness what was typeset.

        `fonts`: folders that stand for the system's.
        """
        self._text_of = text_of
        self._folders = fonts

    def text(self, pdf: bytes) -> str:
        """The text that a reader of the PDF sees."""
        return self._text_of(pdf)

    def typeset(
        self,
        template: str,
        page: Mapping[str, Any],
        files: Mapping[str, bytes],
        *,
        at: datetime,
        beside: Mapping[str, bytes] = _NOTHING,
    ) -> bytes:
        """`templates/<template>` filled with `page` (JSON) as PDF/A-3a and PDF/UA-1, with `files` attached.

        `beside`: what the template may read by its path; one of the template's name takes its place. Equal arguments
        give equal bytes (on one machine where its fonts are needed); `at` (with its offset) is the file's date.
        Raises `Stop` with one problem for each writing system or sign that no font can show, or when the template
        refuses the page or, with something beside it, takes too much time or memory.
        """
        if at.tzinfo is None:
            raise ValueError("`at` needs its offset to UTC")
        text = json.dumps(page, ensure_ascii=False)
        needed = () if _PACKAGED.fullmatch(text) else scripts_in(text, str(page.get("language", "")))
        families, folders = self._fonts_for(needed)
        with tempfile.TemporaryDirectory(prefix="git-bill-") as folder:
            source = _lay_out(Path(folder), template, files, beside)
            (source.parent / "page.json").write_text(json.dumps(page), encoding="utf-8")
            (source.parent / "fonts.json").write_text(json.dumps(families), encoding="utf-8")
            made = (_apart if beside else _compiled)(source, folders, at.astimezone(UTC))
            if made.error:
                unseen = [_ESCAPED.sub(_unescape, text) for text in _REFUSED_TEXT.findall(made.error)]
                lacking = missing_glyphs(unseen, page)
                raise Stop(Exit.PROBLEMS, lacking) if lacking else _failure(source, made.error, page, beside)
            if made.warnings:  # such as a layout that did not settle: page numbers or carry-over could be wrong
                raise _failure(source, "; ".join(made.warnings), page, beside)
            return made.pdf

    def _fonts_for(self, scripts: Sequence[Script]) -> tuple[list[str], tuple[str, ...]]:
        """The families to set a text in, one for each script beyond the packaged one, and the folders these are in."""
        families, folders = [_FAMILY], set[str]()
        for script in scripts:
            found = next((family for family in script.families if family in self._system), None)
            if found is not None:
                families.append(found)
                folders |= self._system[found]
        return families, tuple(sorted(folders))

    @functools.cached_property
    def _system(self) -> Mapping[str, AbstractSet[str]]:
        """The folders of the system's fonts by family: of those that are upright, and as light or bold as ours."""
        import typst

        folders = self._folders
        known = typst.Fonts(
            include_system_fonts=folders is None,
            include_embedded_fonts=False,
            font_paths=[str(folder) for folder in folders or ()],
        )
        folders_of: dict[str, set[str]] = {}
        for font in known.fonts():
            if font.path is not None and font.style == "normal" and 400 <= font.weight <= 700:
                folders_of.setdefault(font.family, set()).add(str(Path(font.path).parent))
        return folders_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """What typst made of a source, and what it said."""

    pdf: bytes = b""
    warnings: tuple[str, ...] = ()
    error: str = ""


def _apart(source: Path, folders: Sequence[str], at: datetime) -> _Made:
    """In a process of its own with limits: what a workspace has put beside the template may have no end."""
    words = [sys.executable, "-P", "-m", __name__, str(source), at.isoformat(), *folders]
    try:
        ran = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return _Made(error=f"{_EXCESS} {SECONDS} seconds")
    if ran.returncode < 0:
        return _Made(error=f"{_EXCESS} {_MEMORY >> 30} GB of memory ({signal.Signals(-ran.returncode).name})")
    if ran.returncode:
        raise RuntimeError(ran.stderr.decode("utf-8", "replace"))
    told, _, pdf = ran.stdout.partition(b"\n")
    said = json.loads(told)
    return _Made(pdf=pdf, warnings=tuple(said["warnings"]), error=said["error"])


def _limited(source: str, at: str, *folders: str) -> None:
    """The other side of `_apart`."""
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))  # not of files in memory: fonts can be large
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    made = _compiled(Path(source), folders, datetime.fromisoformat(at))
    told = json.dumps({"warnings": made.warnings, "error": made.error})
    sys.stdout.buffer.write(told.encode() + b"\n" + made.pdf)


def _compiled(source: Path, folders: Sequence[str], at: datetime) -> _Made:
    import typst

    try:
        pdf, warnings = typst.compile_with_warnings(
            str(source),
            root=str(source.parent),
            format="pdf",
            font_paths=_fonts(tuple(folders)),
            ignore_system_fonts=True,
            pdf_standards=["a-3a", "ua-1"],
            timestamp=at,
            package_path=str(source),  # a file: no package is there, none can be put there
            package_cache_path=str(source),
        )
    except typst.TypstError as error:
        return _Made(error=error.diagnostic)
    return _Made(pdf=pdf, warnings=tuple(warning.message for warning in warnings))


@functools.cache
def _fonts(folders: tuple[str, ...]) -> "Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(_TEMPLATES / "fonts"), *folders])


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


def _lay_out(folder: Path, template: str, files: Mapping[str, bytes], beside: Mapping[str, bytes]) -> Path:
    """All that the template can read, and itself: typst sees no file outside this folder."""
    packaged = {part.name: part.read_bytes() for part in _TEMPLATES.glob("*.typ")}
    for path, content in (packaged | dict(beside)).items():
        place = folder / path
        if not place.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"{path!r} lies outside the template's folder")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    attachments = []
    for index, (name, content) in enumerate(sorted(files.items())):
        stored = f"attachment-{index}"
        kind, relationship = _KINDS.get(PurePosixPath(name).suffix, _OTHER_KIND)
        attachments.append({"name": name, "stored": stored, "kind": kind, "relationship": relationship})
        (folder / stored).write_bytes(content)
    (folder / "attachments.json").write_text(json.dumps(attachments), encoding="utf-8")
    source = folder / template
    source.write_bytes(source.read_bytes() + _ATTACH.encode())
    return source


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else str(match[2])


def _failure(source: Path, reason: str, page: Mapping[str, Any], beside: Collection[str]) -> Stop:
    """typst's first error: of the workspace's logo or template, which it can mend, else of ours, which is a bug."""
    found = re.search(rf"(?s)error: (.+?)┌─ [^\n]*{re.escape(source.parent.name)}/([^\n]+?):([0-9]+):", reason)
    said, file, line = found.groups() if found else (reason, source.name, "0")
    said = " ".join(said.split())
    logo = (page.get("logo") or {}).get("file")
    if logo is not None and (file == logo or (source.name not in beside and _PICTURE.match(said))):
        hint = "save it again in the program that made it, as SVG or PNG"
        problem = Problem(
            rule="logo",
            message=f"the logo can't be drawn: {said}",
            hint=hint,
            file=SETTINGS,
            at=("branding", "logo"),
        )
    elif source.name in beside:
        problem = Problem(
            rule="template",
            message=f"it can't be typeset: {said}",
            hint="mend it and commit it, or take it away to have the packaged one: see docs/pdf.md",
            file=f"{TEMPLATES}/{file}",
            line=int(line) or None,
        )
    else:
        return stop(Exit.INTERNAL, "typesetting", f"templates/{source.name} could not be typeset: {reason.strip()}")
    return Stop(Exit.PROBLEMS, [problem])


if __name__ == "__main__":
    _limited(*sys.argv[1:])
