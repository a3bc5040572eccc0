"""Sketches: a few bytes that tell which changed lines two commits have in common, also when one of them is gone.

A sketch keeps the smallest hashes of a change's lines (a bottom-k sample): of a small change all lines, of a big one
an even choice, and two sketches choose alike. It holds no text, only 23 bits of each line.
"""

import base64
import heapq
import hmac
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

KNOWN, PARTLY = 0.8, 0.2  # shares of known lines: from the first on it is a repetition, below the other new work
MOST = 128  # lines of a change that are kept
_ALL = 1 << 24
_SHORTEST = 3  # characters: shorter lines, as a closing brace, stand everywhere
_ADDED = ord("+")


class Sketcher:
    """Takes the lines of one patch, `+` or `-` first. With a `secret`, who does not have it can't confirm a guess."""

    __slots__ = ("_hash", "_kept", "_limit")

    def __init__(self, secret: bytes = b"") -> None:
        self._hash: Callable[[bytes], int] = partial(_keyed, secret) if secret else zlib.crc32
        self._kept: set[int] = set()
        self._limit = _ALL

    def add(self, line: bytes) -> None:
        """One changed line. Indentation does not count: it changes when a conflict is solved."""
        text = line[1:].strip()
        if len(text) < _SHORTEST:
            return
        value = self._hash(text) >> 8 & ~1 | (line[0] == _ADDED)
        if value < self._limit:
            self._kept.add(value)
            if len(self._kept) > 4 * MOST:
                self._kept = set(heapq.nsmallest(MOST, self._kept))
                self._limit = max(self._kept) + 1

    def text(self) -> str:
        """Base64, four characters a line; empty without lines that tell something."""
        kept = heapq.nsmallest(MOST, self._kept)
        return base64.b64encode(b"".join(value.to_bytes(3) for value in kept)).decode("ascii")


def _keyed(secret: bytes, text: bytes) -> int:
    return int.from_bytes(hmac.digest(secret, text, "sha256")[:4])


@dataclass(frozen=True, slots=True)
class Sketch:
    """Hashes of lines, odd for added ones; of those below `limit` all that the change has are here."""

    lines: frozenset[int]
    limit: int

    @property
    def telling(self) -> frozenset[int]:
        """The lines that tell what a change is: the added ones, for what is taken out was there for everybody."""
        return frozenset(line for line in self.lines if line & 1) or self.lines

    def like(self, lines: frozenset[int]) -> frozenset[int]:
        """Those of its lines that were added, or taken out, as others were."""
        signs = {line & 1 for line in lines}
        return frozenset(line for line in self.lines if line & 1 in signs)

    def known(self, others: Iterable["Sketch"]) -> float:
        """The share of its telling lines that others have, as far as these tell; 1 where nothing does."""
        some = tuple(others)
        limit = min((other.limit for other in some), default=0)
        lines = [line for line in self.telling if line < limit]
        return sum(any(line in other.lines for other in some) for line in lines) / len(lines) if lines else 1.0


def parse(text: str) -> Sketch:
    """What `Sketcher.text` wrote. Raises ValueError for anything else."""
    content = base64.b64decode(text, validate=True)
    if len(content) % 3:
        raise ValueError("not whole lines")
    lines = frozenset(int.from_bytes(content[at : at + 3]) for at in range(0, len(content), 3))
    return Sketch(lines, max(lines) + 1 if len(lines) >= MOST else _ALL)
