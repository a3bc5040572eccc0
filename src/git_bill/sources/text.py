"""The text of an export, or why it is none: refused before anything is made of it that memory could not hold."""

import codecs
import shlex
from pathlib import PurePath

from git_bill.problem import Problem

_VALUES = 10_000_000  # of a file: a line, a cell, a member of a list each
_LINES = 1_000_000  # of a file of lines
_WIDE = {
    codecs.BOM_UTF32_LE: "UTF-32",  # before UTF-16's, which it begins with
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_BEGINNING = 4096  # bytes


def text_of(content: bytes, file: str) -> str | Problem:
    """UTF-8. A few characters of another encoding are replaced, what is no such text at all is refused."""
    wide = next((name for mark, name in _WIDE.items() if content.startswith(mark)), "") or _without_mark(content)
    if wide:
        name = shlex.quote(PurePath(file).name)
        return _refused(
            file, f"it is {wide}, not UTF-8", f"convert it: iconv -f {wide} -t UTF-8 {name} > converted.csv"
        )
    text = content.decode("utf-8", "replace")
    if "\0" in text or text.count("\ufffd") * 10 > len(text):
        return _refused(file, "it is no text", "give the file that the program exports: see docs/sources.md")
    values = sum(text.count(mark) for mark in "\n,{[<")
    lines = 0 if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["} else text.count("\n")
    if values > _VALUES or lines > _LINES:
        most = f"{_VALUES:,} values" if values > _VALUES else f"{_LINES:,} lines"
        return _refused(file, f"it holds more than {most}", "export a shorter period, or several of them into a folder")
    return text


def _without_mark(content: bytes) -> str:
    """UTF-16 that does not say so has a zero in every second byte of plain words."""
    beginning = content[:_BEGINNING]
    return "UTF-16LE" if _zeros(beginning, 1) else "UTF-16BE" if _zeros(beginning, 0) else ""


def _zeros(beginning: bytes, first: int) -> bool:
    half, other = beginning[first::2], beginning[1 - first :: 2]
    return half.count(0) * 10 > len(half) * 9 and other.count(0) == 0 and len(half) > 1


def _refused(file: str, why: str, hint: str) -> Problem:
    message = f"{why}: nothing of it is counted"
    return Problem(rule="unreadable-export", message=message, hint=hint, file=file, line=1)
