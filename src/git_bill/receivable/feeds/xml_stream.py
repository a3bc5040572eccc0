"""XML a piece at a time, in bounded memory. No document type, no entities, nothing is fetched."""

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from git_bill.receivable.feeds.feed import Chunks, Source

_PIECE = 65_536  # bytes that are parsed at once


def pieces(chunks: Chunks) -> Iterator[bytes]:
    """The same bytes in pieces that are not too large."""
    for chunk in chunks:
        if len(chunk) <= _PIECE:
            yield chunk
        else:
            view = memoryview(chunk)
            yield from (bytes(view[at : at + _PIECE]) for at in range(0, len(view), _PIECE))


def elements(chunks: Chunks, names: Iterable[str], source: Source) -> Iterator[tuple[str, Any]]:
    """`start` and `end` of the elements with these local names; what is below one is there at its end only.

    Who is done with an element calls `drop`. What is no XML, or has a document type, is Unreadable.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=["{*}Document", *(f"{{*}}{name}" for name in names)],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    fed = False
    try:
        for piece in pieces(chunks):
            if piece:
                parser.feed(piece)
                fed = True
            for event, element in parser.read_events():
                if element.getparent() is None and event == "start":
                    _without_doctype(element, source)
                yield event, element
        if fed:
            parser.close()
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        told = str(error).split(", line ", maxsplit=1)[0]
        hint = "download the file again; a camt file ends with </Document>"
        line = getattr(error, "lineno", None)
        raise source.unreadable("broken-xml", f"this is not whole XML: {told}", hint, line or None) from None
    yield from parser.read_events()


def _without_doctype(root: Any, source: Source) -> None:
    if root.getroottree().docinfo.doctype:
        hint = "no bank writes one: don't import this file"
        raise source.unreadable("broken-xml", "the file has a document type (<!DOCTYPE), which is never read", hint, 1)


def drop(element: Any) -> None:
    """Free an element that was read, and what stands before it."""
    element.clear()
    parent = element.getparent()
    while element.getprevious() is not None:
        del parent[0]


def name_of(element: Any) -> str:
    """Its name without namespace."""
    return str(etree.QName(element).localname)


def namespace_of(element: Any) -> str:
    """Its namespace."""
    return str(etree.QName(element).namespace or "")
