"""QR codes (ISO/IEC 18004) as drawings: squares to fill, in units of one module."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCode:
    """`side`: modules of its width, without the quiet zone. `path`: its dark modules as SVG path data."""

    side: int
    path: str


def qr_code(text: str, *, most: int = 40) -> QrCode | None:
    """A text in UTF-8 with error correction M; None where it needs a larger version than `most`."""
    import segno

    try:
        made = segno.make_qr(text, error="m", encoding="utf-8", boost_error=False)
    except segno.DataOverflowError:
        return None
    if int(made.version) > most:
        return None
    rows = [[bool(module) for module in row] for row in made.matrix]
    return QrCode(side=len(rows), path="".join(_runs(y, row) for y, row in enumerate(rows)))


def _runs(y: int, row: list[bool]) -> str:
    """The dark runs of one row as rectangles."""
    path, start = "", None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            path += f"M{start} {y}h{x - start}v1h-{x - start}z"
            start = None
    return path
