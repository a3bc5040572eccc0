"""Close a draft: its branch goes, here and on the books remote, and its entries are free again."""

from git_bill.effects import Done, DropBranch, Flow, Plan
from git_bill.ports import Books
from git_bill.problem import Exit, nearest, stop
from git_bill.workspace import draft_branch


def close(books: Books, name: str) -> Flow[None]:
    """Stops (exit 1) where no such draft is open, (exit 4) where its branch can't be removed."""
    books.settle()
    books.fetch()
    branches = {branch.name: branch for branch in books.drafts()}
    if name not in branches:
        close_to = nearest(name, branches)
        raise stop(
            Exit.PROBLEMS,
            "no-draft",
            f"there is no open draft {name!r}",
            f"did you mean {close_to!r}?" if close_to else "see them with: git bill show --open",
        )
    drop = DropBranch(branch=draft_branch(name), expect=branches[name].commit)
    outcome = (yield Plan(why=f"close {name}", effects=(drop,)))[0]
    if not isinstance(outcome, Done):
        reason = getattr(outcome, "reason", f"{draft_branch(name)} moved meanwhile")
        raise stop(Exit.REPOSITORY, "not-closed", reason, getattr(outcome, "remedy", "run the command again"))
