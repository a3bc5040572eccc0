"""How files of the books are written: computed on the state at hand, and again where somebody else wrote meanwhile."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from git_bill.effects import Done, Flow, Plan, WriteFile
from git_bill.ports import Books, Snapshot
from git_bill.problem import Exit, stop

T = TypeVar("T")
MOST_RACES = 20


def written(
    books: Books, why: Callable[[T], str], computed: Callable[[Snapshot], tuple[T, Sequence[WriteFile]]]
) -> Flow[T]:
    """Write what `computed` wants of a state, and return what it says; nothing wanted, nothing written.

    `why`: what the result is written for, in a few words. Stops (exit 4) where it can't be written.
    """
    refused = None
    for _ in range(MOST_RACES):
        result, effects = computed(books.here())
        if not effects:
            return result
        outcomes = yield Plan(why=why(result), effects=tuple(effects))
        refused = next((outcome for outcome in outcomes if not isinstance(outcome, Done)), None)
        if refused is None:
            return result
    reason, remedy = getattr(refused, "reason", "the books kept moving"), getattr(refused, "remedy", "")
    raise stop(Exit.REPOSITORY, "not-written", reason, remedy or "run the command again")
