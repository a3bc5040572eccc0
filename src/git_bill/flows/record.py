"""Record the books: put what people and `collect` changed below `billing/` onto the books branch, before a draft."""

from collections.abc import Callable, Iterable, Mapping

from git_bill.effects import Flow, Plan, Publish, WriteFile
from git_bill.flows import load
from git_bill.flows.collect import allocated, manifest_files
from git_bill.flows.joining import join
from git_bill.flows.landing import MOST_RACES, busy, landed, newest
from git_bill.flows.readers import secret_problems
from git_bill.layout import ATTRIBUTES, SETTINGS
from git_bill.ports import Books, Clock, Snapshot
from git_bill.problem import Exit, Problem, Stop

# What people and `collect` write. Drafts come by merge, frozen files and the ledger by `issue` alone.
_RECORDED = (
    ATTRIBUTES,
    "billing/billing.toml",
    "billing/clients/",
    "billing/edits/",
    "billing/evidence/",
    "billing/expenses/",
    "billing/manifest/",
    "billing/proofs/",
    "billing/rates.toml",
    "billing/receipts/",
    "billing/tax/",
    "billing/usage/",
)
_READ: Mapping[str, Callable[[Snapshot], object]] = {
    "billing/edits/": load.edits,
    "billing/evidence/": load.evidence,
    "billing/expenses/": load.expenses,
    "billing/manifest/": load.manifests,
    "billing/usage/": load.readings,
}
_FROZEN = ("billing/invoices/", "billing/ledger/", "billing/signoffs/")


def record(books: Books, clock: Clock) -> Flow[tuple[str, ...]]:
    """One commit of everything uncommitted that may be recorded; its paths, none where there is nothing.

    What others recorded meanwhile is joined. Settings that can't be read stop it (exit 3), as does a changed frozen
    file (exit 1), or settings that changed on both sides (exit 4).
    """
    state = books.here()
    if state.read(SETTINGS) is not None:
        stale = manifest_files(state, allocated(state, load.workspace(state)))
        if stale:
            yield Plan(why="bring the manifests up to date with evidence and edits", effects=stale, then="draft")
    for _ in range(MOST_RACES):
        pending = books.pending()
        _refuse_frozen(pending)
        files = {path: content for path, content in pending.items() if path.startswith(_RECORDED)}
        if not files:
            return ()
        _check_readable(books.here(), files)
        tip = newest(books)
        joined = _joined(books, tip, files)
        rewritten = [
            WriteFile(path=path, content=content) for path, content in joined.items() if files.get(path) != content
        ]
        if rewritten:  # the work tree first, so that it can follow the branch
            yield Plan(why="join what others recorded meanwhile", effects=tuple(rewritten), then="record the books")
        count = f"{len(files)} {'file' if len(files) == 1 else 'files'}"
        publish = Publish(
            branch=books.branch,
            expect=tip,
            files=joined,
            message=f"Record the books\n\n{count} changed.",
            at=clock.now(),
        )
        outcome = (yield Plan(why=f"record {count} on {books.branch}", effects=(publish,), then="draft"))[0]
        if landed(books, outcome):
            return tuple(files)
    raise busy(books.branch)


def _check_readable(state: Snapshot, files: Iterable[str]) -> None:
    """Stops (exit 3) at settings, and at a file of the worklog, that can't be read: it would stop everybody else.

    So it does at what looks like a live secret, which a push would show to all readers.
    """
    if secrets := list(secret_problems(state, files)):
        raise Stop(Exit.SETTINGS, secrets)
    load.workspace(state)
    for folder, read in _READ.items():
        if any(path.startswith(folder) for path in files):
            read(state)


def unrecorded(books: Books) -> tuple[Problem, ...]:
    """A warning where settings or entries were changed here and are not on the books branch, which `issue` reads."""
    paths = [path for path in books.pending() if path.startswith(_RECORDED)]
    if not paths:
        return ()
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return (
        Problem(
            rule="unrecorded",
            severity="warning",
            message=f"{paths[0]}{more} changed here and not on {books.branch}: what is issued does not know of it",
            hint="git bill draft records it, or do it yourself: git add billing && git commit",
            file=paths[0],
        ),
    )


def _refuse_frozen(pending: Mapping[str, bytes | None]) -> None:
    changed = [path for path in pending if path.startswith(_FROZEN)]
    if changed:
        raise Stop(
            Exit.PROBLEMS,
            [
                Problem(
                    rule="frozen-file",
                    message="this file is frozen and was changed in the work tree",
                    hint=f"bring it back: git restore --source=HEAD --staged --worktree -- {path}",
                    file=path,
                )
                for path in changed
            ],
        )


def _joined(books: Books, tip: str | None, files: Mapping[str, bytes | None]) -> Mapping[str, bytes | None]:
    local = books.local()
    if tip is None or local is None or tip == local:
        return files
    return join(books.at(local), books.at(tip), files, books.remote)
