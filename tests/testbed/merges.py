"""Merging as GitHub's buttons do it, by real git: merge commit, squash, rebase."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from tests.testbed.accounts import Account
from tests.testbed.bare import Bare, Commit, Person

Method = Literal["merge", "squash", "rebase"]


def merged_tree(bare: Bare, base: str, head: str) -> str | None:
    """The tree of a merge of two commits; None on a conflict."""
    try:
        return bare.git("merge-tree", "--write-tree", "--no-messages", base, head).splitlines()[0]
    except LookupError:
        return None


def own_commits(bare: Bare, base: str, head: str) -> tuple[Commit, ...]:
    """Commits of the head that the base lacks, oldest first."""
    return bare.commits("--reverse", "--topo-order", head, f"^{base}")


def test_merge(bare: Bare, base: str, head: str, at: datetime) -> str | None:
    """The commit that GitHub keeps at refs/pull/N/merge, which `pull_request` workflows check out."""
    tree = merged_tree(bare, base, head)
    if tree is None:
        return None
    return bare.write_commit(tree, (base, head), f"Merge {head} into {base}", Person.web(at))


def merge_commit(bare: Bare, base: str, head: str, message: str, *, by: Account, at: datetime) -> str | None:
    """`Create a merge commit`: the author is who merged, the committer GitHub."""
    tree = merged_tree(bare, base, head)
    return tree and bare.write_commit(tree, (base, head), message, Person.of(by, at), Person.web(at))


def squash(bare: Bare, base: str, head: str, message: str, *, author: Account, at: datetime) -> str | None:
    """`Squash and merge`: one commit whose author is the author of the pull request."""
    tree = merged_tree(bare, base, head)
    if tree is None:
        return None
    emails = {author.email, author.noreply}
    others = {
        f"{commit.author.name} <{commit.author.email}>": None
        for commit in own_commits(bare, base, head)
        if commit.author.email not in emails
    }
    trailers = "".join(f"\nCo-authored-by: {other}" for other in others)
    text = f"{message}\n{trailers}" if trailers else message
    return bare.write_commit(tree, (base,), text, Person.of(author, at), Person.web(at))


def rebase(bare: Bare, base: str, head: str, by: Account, at: datetime) -> str | None:
    """`Rebase and merge`: each commit anew, with its author and date; the committer is who merged."""
    tip = base
    for commit in own_commits(bare, base, head):
        if len(commit.parents) != 1:
            return None
        # A commit with the new parent's tree on the old parent makes git take the old parent as merge base.
        stand_in = bare.write_commit(f"{tip}^{{tree}}", commit.parents, "stand-in", commit.author)
        tree = merged_tree(bare, stand_in, commit.sha)
        if tree is None:
            return None
        tip = bare.write_commit(tree, (tip,), commit.message, commit.author, Person.of(by, at))
    return tip


def default_message(method: Method, number: int, title: str, head_label: str, commits: Sequence[Commit]) -> str:
    """What GitHub writes when nobody edits the message."""
    if method == "merge":
        return f"Merge pull request #{number} from {head_label.replace(':', '/')}\n\n{title}"
    if len(commits) == 1:
        subject, _, body = commits[0].message.partition("\n")
        return f"{subject} (#{number})\n\n{body.strip()}".strip()
    return f"{title} (#{number})\n\n" + "\n\n".join(f"* {commit.message}" for commit in commits)
