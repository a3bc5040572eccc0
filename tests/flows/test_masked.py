"""What goes onto a forge has no secret in it, whichever flow wants it there."""

from tests.twins.forge import MemoryForge

from git_bill.custody.redaction import MASK, masked
from git_bill.effects import Done, EnsureComment, EnsurePullRequest, Flow, Plan, PostStatus
from git_bill.flows import apply

IBAN = "DE02120300000000202051"


def wanted() -> Flow[None]:
    effects = (
        EnsurePullRequest(branch="bill/a", base="main", title=f"Pay {IBAN}", body=f"**{IBAN}**"),
        EnsureComment(number=1, marker="review", body=f"to DE02 1203 0000 0000 2020 51 or {IBAN}"),
        PostStatus(commit="a" * 40, context="git-bill/check", state="success", description=f"pays to {IBAN}"),
    )
    outcomes = yield Plan(why="show it", effects=effects)
    assert all(isinstance(outcome, Done) for outcome in outcomes), outcomes


def test_titles_bodies_comments_and_statuses() -> None:
    forge = MemoryForge(head=lambda branch: "a" * 40)
    apply.run(wanted(), apply.Actors(forge=lambda: forge, masked=lambda text: masked(text, {IBAN})))
    [pull] = forge.hosted.pulls.values()
    [status] = forge.hosted.statuses.values()
    assert (pull.title, forge.hosted.bodies[pull.number]) == (f"Pay {MASK}", f"**{MASK}**")
    assert forge.ours(pull.number) == [f"to {MASK} or {MASK}"]
    assert status.description == f"pays to {MASK}"
