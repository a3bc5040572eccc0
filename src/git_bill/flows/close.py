"""Close a draft: its branch goes, here and on the books remote, and its entries are free again."""

from git_bill.effects import Done, DropBranch, Flow, Plan
from git_bill.layout import draft_branch
from git_bill.ports import Books
from git_bill.problem import Exit, Stop, stop
from git_bill.workspace import unknown_draft


def close(books: Books, name: str) -> Flow[None]:
    """Stops (exit 1) where no such draft is open, (exit 4) where its branch can't be removed."""
    books.settle()
    books.fetch()
    branches = {branch.name: branch for branch in books.drafts()}
    if name not in branches:
        raise Stop(Exit.PROBLEMS, [unknown_draft(name, branches)])
    drop = DropBranch(branch=draft_branch(name), expect=branches[name].commit)
    outcome = (yield Plan(why=f"close {name}", effects=(drop,)))[0]
    if not isinstance(outcome, Done):
        reason = getattr(outcome, "reason", f"{draft_branch(name)} moved meanwhile")
        raise stop(Exit.REPOSITORY, "not-closed", reason, getattr(outcome, "remedy", "run the command again"))
