"""A progress bar on standard error, on terminals only; it leaves no line behind."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_WIDTH = 24
_PAUSE = 0.1  # seconds between drawings


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Yields `advance(n)`, to be called with how many more are done. Without a total it counts."""
    stream = sys.stderr
    if not stream.isatty():
        yield lambda n: None
        return
    done, drawn = 0, 0.0

    def advance(n: int) -> None:
        nonlocal done, drawn
        done += n
        if (now := time.monotonic()) - drawn >= _PAUSE:
            drawn = now
            stream.write(f"\r\x1b[K{what} {_bar(done, total)}")
            stream.flush()

    try:
        yield advance
    finally:
        if drawn:
            stream.write("\r\x1b[K")
            stream.flush()


def _bar(done: int, total: int | None) -> str:
    if not total:
        return f"{done:,}"
    full = min(_WIDTH, _WIDTH * done // total)
    return f"{'━' * full}{'─' * (_WIDTH - full)} {min(100, 100 * done // total):3}%  {done:,} of {total:,}"
