"""Killed at any effect, left by the forge at any request, run twice at once: the next run ends where one run ends."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from tests.flows.office import GUARDED, JONAS, NAME, WITH_ACCOUNTS, Office
from tests.flows.reviewdesk import NAME as TALKED
from tests.flows.reviewdesk import ReviewDesk, review_desk

from git_bill.adapters.tables import vat_table
from git_bill.effects import Flow
from git_bill.flows import apply
from git_bill.flows.answer import answer
from git_bill.flows.approve import approve
from git_bill.flows.assent import Witnesses
from git_bill.flows.issue import issue
from git_bill.flows.present import present
from git_bill.layout import draft_branch, draft_file
from git_bill.problem import Exit, Stop

MOST = 200


class Killed(BaseException):
    """The process is gone: nothing catches it."""


@dataclass
class Run:
    """What a job does, and where. `steps`: made anew for each run, as a process would."""

    place: Office | ReviewDesk
    steps: Callable[[], Iterator[Flow[object]]]

    def go(self, kill_at: int | None = None) -> bool:
        """Carry it out; False where it was killed or the forge was away."""
        seen = 0

        def between(step: str) -> None:
            nonlocal seen
            seen += 1
            if seen == kill_at:
                raise Killed

        actors = apply.Actors(books=self.place.books, forge=self.place.forge, between=between)
        try:
            for flow in self.steps():
                apply.run(flow, actors)
        except Killed:
            return False
        except Stop as stopped:
            if stopped.exit_code != Exit.FORGE:
                raise
            return False
        return True

    def state(self) -> object:
        """What is published, without instants."""
        books, hosted = self.place.books, self.place.forge.hosted
        files = {
            branch: {path: _timeless(content) for path, content in books.store.commits[tip].files.items()}
            for branch, tip in books.store.branches.items()
        }
        pulls = {number: replace(pull, head="", merged_as=None) for number, pull in hosted.pulls.items()}
        told = {
            number: [_gist(comment.text) for comment in found if comment.ours]
            for number, found in hosted.comments.items()
        }
        heads = {tip: branch for branch, tip in books.store.branches.items()}
        statuses = {
            (heads[commit], context): (status.state, status.description)
            for (commit, context), status in hosted.statuses.items()
            if commit in heads
        }
        return files, sorted(books.store.tags), pulls, told, statuses


def _gist(text: str) -> str:
    """A reply may be shorter when the run that carried the comment out could not write it."""
    return text.partition("\n")[0] if ":re-" in text else text


def _timeless(content: bytes) -> list[bytes]:
    lines = content.splitlines()
    if lines and lines[0].startswith(b"{"):  # the ledger: how many, not when
        return [b""] * len(lines)
    return [line for line in lines if not line.startswith((b"at = ", b"%PDF", b"[", b"ledger_head"))]


def talk() -> Run:
    """Comments are carried out and answered, then the draft is presented."""
    desk = review_desk()
    for account, text in (
        ("mira", "/bill drop 2 because it was a favour"),
        ("anna", "/bill minutes 1 30m because it was slow"),
        ("mallory", "/bill approve"),
    ):
        desk.say(account, text)
    desk.clock.at = desk.clock.at.replace(day=3)

    def steps() -> Iterator[Flow[object]]:
        yield answer(desk.books, desk.forge, desk.clock, vat_table())
        yield present(desk.books, vat_table(), Witnesses(forge=desk.forge), [TALKED])

    return Run(desk, steps)


def drafted() -> Run:
    """A draft is presented for the first time."""
    office = Office()
    office.bureau.draft(office.bureau.clock.today("UTC").replace(month=10))
    return Run(office, lambda: iter([present(office.books, vat_table(), office.witnesses)]))


def issued() -> Run:
    """A merged draft is signed off, issued, and told so."""
    office = Office(settings=WITH_ACCOUNTS + GUARDED + "sign_offs = 2\n" + JONAS)
    office.drafted()
    office.forge.merge(1)

    def steps() -> Iterator[Flow[object]]:
        yield approve(office.books, office.bureau.clock, NAME, by="jonas", witnesses=office.witnesses)
        yield issue(replace(office.bureau.issuing(office.books), witnesses=office.witnesses))
        yield present(office.books, vat_table(), office.witnesses, [NAME])

    return Run(office, steps)


RUNS = pytest.mark.parametrize("begun", [talk, drafted, issued])


@RUNS
def test_killed_before_or_after_any_effect(begun: Callable[[], Run]) -> None:
    whole = begun()
    assert whole.go()
    kills = 0
    for step in range(1, MOST):
        run = begun()
        if run.go(kill_at=step):
            break
        kills += 1
        again = replace(run, steps=_again(run, begun))
        assert again.go()
        assert run.state() == whole.state(), step
    assert kills >= 4


def _again(run: Run, begun: Callable[[], Run]) -> Callable[[], Iterator[Flow[object]]]:
    """The next run of the same job: what was approved and issued is not there to be approved."""
    if begun is not issued or draft_file(NAME) in run.place.books.store.files:
        return run.steps
    return lambda: (flow for number, flow in enumerate(run.steps()) if number > 0)


@RUNS
def test_the_forge_goes_away_at_any_request(begun: Callable[[], Run]) -> None:
    whole = begun()
    assert whole.go()
    for patience in range(MOST):
        run = begun()
        run.place.forge.patience = patience
        run.go()
        finished = run.place.forge.patience is not None and run.place.forge.patience >= 0
        run.place.forge.patience, run.place.forge.away = None, False
        assert replace(run, steps=_again(run, begun)).go()
        assert run.state() == whole.state(), patience
        if finished:
            break
    assert patience >= 4


@pytest.mark.parametrize("begun", [talk, issued])
def test_two_runs_at_once_are_one(begun: Callable[[], Run]) -> None:
    """Each of the first ones' pushes is overtaken by a whole other run."""
    whole = begun()
    assert whole.go()
    run = begun()
    run.place.books.rivals.append(lambda: replace(run, steps=_again(run, begun)).go())
    run.go()
    assert run.state() == whole.state()


def gone(desk: ReviewDesk) -> None:
    del desk.books.store.branches[draft_branch(TALKED)]


def closed(desk: ReviewDesk) -> None:
    desk.forge.close(desk.number)


def gone_and_closed(desk: ReviewDesk) -> None:
    closed(desk)
    gone(desk)


def forced(desk: ReviewDesk) -> None:
    content = desk.books.store.commits[desk.tip].files[draft_file(TALKED)]
    gone(desk)
    desk.put(draft_branch(TALKED), {draft_file(TALKED): content + b"# anew\n"})


@pytest.mark.parametrize(
    ("happens", "changed", "said"),
    [
        (gone, False, None),
        (closed, False, "This pull request is closed"),
        (gone_and_closed, False, "This pull request is closed"),
        (forced, True, "- Line 2"),
    ],
)
def test_what_becomes_of_a_comment(happens: Callable[[ReviewDesk], None], changed: bool, said: str | None) -> None:
    desk = review_desk()
    desk.say("mira", "/bill drop 2 because it was a favour")
    happens(desk)
    found = desk.answer(number=desk.number).answered
    assert [one.changed for one in found] in ([changed], [] if said is None else [changed])
    assert [reply.startswith(said or "") for reply in desk.replies()] == [True] * len(found)
    assert desk.answer(number=desk.number).answered == ()
