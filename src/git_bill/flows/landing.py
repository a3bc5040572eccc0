"""How a commit lands on the books branch: computed on the tip, again after every lost race, never forced."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from git_bill.custody.ledger import append, head_of
from git_bill.effects import Done, Flow, Moved, Outcome, Plan
from git_bill.flows import load
from git_bill.layout import ATTRIBUTES, ledger_file
from git_bill.ports import Books, Snapshot
from git_bill.problem import Exit, Stop, stop

MOST_RACES = 400  # with the jitter of `apply` about five minutes


def at_tip(books: Books) -> tuple[str, Snapshot]:
    """The commit that the next one stands on, and its state. Stops (exit 4) while the branch has no commit.

    It is the remote's tip, where there is a remote. Commits that a person made here and did not push yet, such as the
    merge of a draft, go along as far as they touch nothing but the books; code is never pushed: exit 4 says so.
    """
    tip = newest(books)
    if tip is None:
        raise stop(
            Exit.REPOSITORY,
            "no-commits",
            f"the books branch {books.branch} has no commit yet",
            "git bill draft records the books and makes the first one",
        )
    return tip, books.at(tip)


def newest(books: Books) -> str | None:
    """As `at_tip`, the commit alone; None while the branch has none."""
    ahead = books.ahead()
    if ahead is None:
        return books.tip()
    code = [path for path in ahead.paths if not is_books(path)]
    if not code:
        return ahead.commit
    if len(code) == len(ahead.paths):
        return books.tip()
    raise stop(
        Exit.REPOSITORY,
        "unpushed",
        f"{books.branch} here has commits that {books.remote} lacks, with other files than the books: {code[0]}",
        f"push them first: git push {books.remote} {books.branch}",
    )


def is_books(path: str) -> bool:
    """Whether a path belongs to the workspace."""
    return path.startswith("billing/") or path == ATTRIBUTES


def land(books: Books, plan_at: Callable[[str, Snapshot], Plan | None]) -> Flow[bool]:
    """Publish what `plan_at` computes from a tip; it is asked again when the tip moved meanwhile.

    False when it has nothing to do. Stops (exit 5) when the push is refused although the tip did not move, which is a
    matter of permissions, and (exit 4) when the tip never stands still.
    """
    for _ in range(MOST_RACES):
        plan = plan_at(*at_tip(books))
        if plan is None:
            return False
        if landed(books, (yield plan)[0]):
            return True
    raise busy(books.branch)


def landed(books: Books, outcome: Outcome) -> Done | None:
    """What became of a push; None where the branch had moved, and is fetched now. Stops (exit 5) at a refusal."""
    if isinstance(outcome, Done):
        return outcome
    if not isinstance(outcome, Moved):
        raise stop(Exit.FORGE, "push-refused", outcome.reason, outcome.remedy)
    books.fetch()
    return None


def busy(branch: str) -> Stop:
    """The Stop where a branch never stands still."""
    return stop(Exit.REPOSITORY, "busy", f"{branch} kept moving for minutes", "run the command again")


def ledger_line(
    snapshot: Snapshot, *, at: datetime, kind: str, by: str, facts: Mapping[str, object]
) -> dict[str, bytes | None]:
    """The ledger's file with one more line, to be published with what it records."""
    return newest_ledger_file(with_line(load.ledger(snapshot), at=at, kind=kind, by=by, facts=facts))


def with_line(
    ledger: Mapping[int, str], *, at: datetime, kind: str, by: str, facts: Mapping[str, object]
) -> Mapping[int, str]:
    """The ledger's text by year, with one more line."""
    return with_lines(ledger, [(kind, facts)], at=at, by=by)


def with_lines(
    ledger: Mapping[int, str], lines: Iterable[tuple[str, Mapping[str, object]]], *, at: datetime, by: str
) -> Mapping[int, str]:
    """The ledger's text by year, with more lines (kind, facts).

    They go to the newest file: a claim of 31 December that is resumed in January follows the lines of January.
    """
    year = max(at.year, *ledger) if ledger else at.year
    head, grown = head_of(ledger), [ledger.get(year, "")]
    for kind, facts in lines:
        line, head = append("", head, at=at, kind=kind, by=by, facts=facts)
        grown.append(line)
    return {**ledger, year: "".join(grown)}


def newest_ledger_file(ledger: Mapping[int, str]) -> dict[str, bytes | None]:
    """The file that the last line went to, to be published."""
    return {ledger_file(max(ledger)): ledger[max(ledger)].encode()}
