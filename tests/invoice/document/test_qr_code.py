"""QR codes as drawings."""

import re

import segno

from git_bill.invoice.document.qr_code import qr_code


def test_the_drawing_has_each_dark_module_once() -> None:
    made = qr_code("INV-2026-0032 · Müller")
    assert made is not None
    dark: set[tuple[int, int]] = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", made.path):
        run = {(int(x) + step, int(y)) for step in range(int(width))}
        assert not run & dark
        dark |= run
    known = segno.make_qr("INV-2026-0032 · Müller", error="m", encoding="utf-8", boost_error=False)
    assert made.side == known.symbol_size(border=0)[0]
    assert dark == {(x, y) for y, row in enumerate(known.matrix) for x, module in enumerate(row) if module}


def test_a_text_that_needs_a_larger_code_has_none() -> None:
    assert qr_code("x" * 331, most=13) is not None
    assert qr_code("x" * 332, most=13) is None
    assert qr_code("x" * 5000) is None
