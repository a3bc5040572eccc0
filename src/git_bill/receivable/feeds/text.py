"""Text of files in whatever encoding: lines with their numbers, a bounded piece at a time."""

import codecs
from collections.abc import Iterator

from git_bill.receivable.feeds.feed import Chunks, Source

LONGEST_LINE = 1_000_000  # bytes; a line of a statement has some hundred
_UTF16_MOST = 4000  # bytes that are looked at for a text without a byte order mark
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding that the first bytes show, "" for one byte a character, and the length of their mark."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    looked = head[:_UTF16_MOST]
    if len(looked) >= 4 and looked[1::2].count(0) > len(looked) * 0.4:
        return "utf-16-le", 0
    if len(looked) >= 4 and looked[0::2].count(0) > len(looked) * 0.4:
        return "utf-16-be", 0
    return "", 0


def decode(raw: bytes, encoding: str = "") -> str:
    """Bytes of one line: UTF-8 where they are, else Windows-1252, which is what banks write otherwise."""
    if encoding:
        return raw.decode(encoding, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def lines(chunks: Chunks, source: Source, encoding: str = "") -> Iterator[tuple[int, str]]:
    """Number and text of each line, without its end. What is no text, or a line without end, is Unreadable."""
    for number, raw in enumerate(_raw_lines(_utf8(chunks, encoding), source), 1):
        text = decode(raw, encoding if encoding and not encoding.startswith("utf-") else "")
        if "\0" in text:
            hint = "open it in a text editor, or download it again"
            raise source.unreadable("not-text", "this is no text: it holds zero bytes", hint, number)
        yield number, text


def _utf8(chunks: Chunks, encoding: str) -> Iterator[bytes]:
    """Chunks in UTF-8 where they were in UTF-16 or UTF-32, else as they are."""
    decoder: codecs.IncrementalDecoder | None = None
    first = True
    for chunk in chunks:
        piece = chunk
        if first and chunk:
            found, length = encoding_of(chunk)
            name = encoding if encoding.startswith(("utf-16", "utf-32")) else found
            piece, first = chunk[length:], False
            decoder = codecs.getincrementaldecoder(name)("replace") if name not in {"", "utf-8"} else None
        yield decoder.decode(piece).encode("utf-8", "replace") if decoder else piece


def _raw_lines(chunks: Chunks, source: Source) -> Iterator[bytes]:
    """Lines that end with LF, CR LF or CR."""
    rest = b""
    number = 0
    for chunk in chunks:
        if rest.endswith(b"\r") or b"\r" in chunk:
            joined = rest + chunk
            held = joined.endswith(b"\r")  # its LF may come with the next chunk
            plain = (joined[:-1] if held else joined).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            *whole, rest = plain.split(b"\n")
            rest += b"\r" if held else b""
        else:
            *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            number += 1
            if len(line) > LONGEST_LINE:
                raise _endless(source, number)
            yield line
        if len(rest) > LONGEST_LINE:
            raise _endless(source, number + 1)
    if rest.strip(b"\r"):
        yield rest.strip(b"\r")


def _endless(source: Source, number: int) -> Exception:
    hint = "a statement has one entry a line: download it again"
    return source.unreadable("not-a-statement", f"a line of more than {LONGEST_LINE:,} bytes", hint, number)
