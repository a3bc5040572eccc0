"""Which commands an event of GitHub asks for. Pure: event, inputs and circumstances → activities, each with its reason.

Events may be lost, doubled and late (D2), so an activity names no state: it is a sweep that finds its work itself.
What strangers write into an event (branch names, tags, comments) becomes one argument of a command or nothing.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date

from git_bill.flows.event import Event, Review
from git_bill.problem import Exit, nearest, stop

AUTO = "auto"
COMMANDS = ("collect", "draft", "check", "issue", "reconcile", "remind", "report", "site")
WRITER = "git-bill@localhost"  # committer of what the jobs themselves record
_GATHERED = ("--clone", "--record")
_REVIEWS = ("pull_request", "pull_request_review")
_CHANGES = frozenset({"opened", "synchronize", "reopened", "ready_for_review", "edited"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the workflow asks of the Action; empty is not said."""

    command: str = AUTO
    client: str = ""
    period: str = ""
    tags: str = ""
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Beside the event: the books branch, today in the issuer's zone, and the commands of this version.

    `home`: `[books] repository` names this one, so the books are here even if it was made by forking another.
    `confirmed`: payments that a merge has confirmed wait on the books branch to be recorded.
    """

    branch: str
    today: date
    built: Collection[str]
    home: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A command and its arguments, never a line for a shell. `because`: what asked for it."""

    command: str
    because: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to run, in order. `nothing`: why, where that is empty. `review`: the pull request of the event."""

    activities: tuple[Activity, ...] = ()
    nothing: str = ""
    review: Review | None = None

    @property
    def fork(self) -> bool:
        """Whether strangers' work is looked at: nothing may then be done with a token."""
        return self.review is not None and self.review.fork


def decide(event: Event, inputs: Inputs, around: Circumstances) -> Decision:
    """The activities of an event. Stops (exit 2) at a command that there is not, and at an event that lacks a key."""
    asked = _asked(event, inputs)
    review = event.review() if event.name in _REVIEWS else None
    chosen = _chosen(asked, event, inputs, around)
    names = {activity.command for activity in chosen.activities}
    if review is not None and review.fork and names - {"check"}:
        chosen = Decision(nothing="the pull request comes from a fork: it is checked, and nothing else is run for it")
    elif event.flag("repository", "fork") and not around.home and names - {"check"}:
        chosen = Decision(nothing="this repository is a fork; if the books are here, say so: [books] repository")
    for missing in sorted(names - set(around.built)):
        raise stop(
            Exit.USAGE,
            "not-in-this-version",
            f"{missing} is planned and not in this version of git-bill",
            "take it out of the workflow, or pin the Action to a newer version",
        )
    return replace(chosen, review=review)


def _asked(event: Event, inputs: Inputs) -> str:
    """The command that is asked for: by the workflow file, else by who started the workflow by hand."""
    asked = inputs.command or AUTO
    if asked == AUTO and event.name == "workflow_dispatch":
        asked = event.text("inputs", "command", default=AUTO) or AUTO
    if asked in {AUTO, *COMMANDS}:
        return asked
    near = nearest(asked, COMMANDS)
    hint = f"write: command: {near}" if near else f"it is one of: {', '.join((AUTO, *COMMANDS))}"
    raise stop(Exit.USAGE, "unknown-command", f"the Action has no command {asked[:60]!r}", hint)


def _chosen(asked: str, event: Event, inputs: Inputs, around: Circumstances) -> Decision:
    if asked == AUTO:
        rule = _RULES.get(event.name)
        return rule(event, inputs, around) if rule else _nothing("this kind of event asks for nothing")
    because = "the workflow asks for it"
    if asked == "check" and event.name in _REVIEWS and (branch := event.review().branch):
        return _run(_check(branch, because, inputs))
    arguments = {"collect": _GATHERED, "draft": _wanted(inputs), "check": _strict(inputs)}
    return _run(Activity(command=asked, because=because, arguments=arguments.get(asked, ())))


def _push(event: Event, inputs: Inputs, around: Circumstances) -> Decision:
    ref = event.text("ref")
    if event.flag("deleted"):
        return _nothing("a branch or tag was deleted")
    if ref.startswith("refs/tags/"):
        return _tag(ref.removeprefix("refs/tags/"), inputs)
    if ref != f"refs/heads/{around.branch}":
        return _nothing(f"the push was not to the books branch {around.branch}")
    landed = [Activity(command="issue", because=f"{around.branch} moved: what was merged is issued")]
    if around.confirmed:  # what a push changed, the event of a job does not tell
        landed.append(Activity(command="reconcile", because="payments were confirmed by a merge"))
    # Collecting a job's own records would push again. Who forges this address puts collecting off until the daily run.
    committers = event.committers()
    own = bool(committers) and all(email == WRITER for email in committers)
    return _run(*landed) if own else _run(_collect(f"{around.branch} moved"), *landed)


def _release(event: Event, inputs: Inputs, around: Circumstances) -> Decision:
    if event.text("action") != "published":
        return _nothing("only the publication of a release is billed")
    return _tag(event.text("release", "tag_name"), inputs)


def _tag(tag: str, inputs: Inputs) -> Decision:
    if not tag.startswith("v"):
        return _nothing("only tags that begin with v mark a release")
    arguments = _wanted(inputs) if inputs.tags else (*_wanted(inputs), f"--milestone={tag}")
    drafting = Activity(command="draft", because="a release was tagged: its work is drafted", arguments=arguments)
    return _run(_collect("a release was tagged"), drafting)


def _schedule(event: Event, inputs: Inputs, around: Circumstances) -> Decision:
    """Every run sweeps. Drafts are made on the first day of the month, and by a cron line that names days."""
    fields = event.text("schedule", default="").split()
    by_line = len(fields) == 5 and not fields[2].startswith(("*", "?"))
    swept = _swept("the daily run: what an event missed")
    if not by_line and around.today.day != 1:
        return _run(*swept)
    because = "the cron line names the day" if by_line else "it is the first day of the month"
    return _run(*swept, Activity(command="draft", because=because, arguments=_wanted(inputs)))


def _by_hand(event: Event, inputs: Inputs, around: Circumstances) -> Decision:
    return _run(*_swept("somebody started the workflow by hand"))


def _pull_request(event: Event, inputs: Inputs, around: Circumstances) -> Decision:
    action = event.text("action")
    if action in _CHANGES:
        what = "a draft is" if event.review().proposal is None else "payments to confirm are"
        return _reviewed(event, inputs, f"{what} under review")
    if action != "closed":
        return _nothing("this does not change what the pull request bills")
    if not event.flag("pull_request", "merged"):
        return _nothing("the pull request was closed without a merge: what its branch held is free again")
    if event.text("pull_request", "base", "ref") != around.branch:
        return _nothing(f"it was merged into another branch than {around.branch}")
    if event.review().proposal is not None:
        return _run(Activity(command="reconcile", because="payments were confirmed by a merge"))
    return _run(Activity(command="issue", because="a pull request was merged"))


def _verdict(event: Event, inputs: Inputs, around: Circumstances) -> Decision:
    if event.text("action") not in {"submitted", "dismissed"}:
        return _nothing("only a verdict that is given or dismissed counts")
    return _reviewed(event, inputs, "a review was given")


def _reviewed(event: Event, inputs: Inputs, because: str) -> Decision:
    branch = event.review().branch
    if branch is None:
        return _nothing("its branch is not called bill/… after a draft, nor pay/… after payments to confirm")
    return _run(_check(branch, because, inputs))


def _comment(event: Event, inputs: Inputs, around: Circumstances) -> Decision:
    if event.text("action") != "created":
        return _nothing("a comment counts as it was first written: edited and deleted ones change nothing")
    number = event.number("issue", "number")
    if event.look("issue", "pull_request") is None:
        return _nothing("it stands below an issue, not below a pull request")
    if event.look("comment", "user", "type") == "Bot":
        return _nothing("a program wrote it")
    because = "somebody commented on a pull request"
    return _run(Activity(command="answer", because=because, arguments=(f"--pull-request={number}",)))


_RULES: dict[str, Callable[[Event, Inputs, Circumstances], Decision]] = {
    "push": _push,
    "schedule": _schedule,
    "release": _release,
    "pull_request": _pull_request,
    "pull_request_review": _verdict,
    "issue_comment": _comment,
    "workflow_dispatch": _by_hand,
}


def _run(*activities: Activity) -> Decision:
    return Decision(activities=activities)


def _nothing(why: str) -> Decision:
    return Decision(nothing=why)


def _swept(because: str) -> tuple[Activity, ...]:
    """Everything that finds its own work."""
    return _collect(because), *(Activity(command=name, because=because) for name in ("answer", "issue", "reconcile"))


def _collect(because: str) -> Activity:
    return Activity(command="collect", because=because, arguments=_GATHERED)


def _check(branch: str, because: str, inputs: Inputs) -> Activity:
    return Activity(command="check", because=because, arguments=(*_strict(inputs), branch.removeprefix("bill/")))


def _strict(inputs: Inputs) -> tuple[str, ...]:
    return ("--strict",) if inputs.strict else ()


def _wanted(inputs: Inputs) -> tuple[str, ...]:
    wanted = {"client": inputs.client, "period": inputs.period, "tags": inputs.tags}
    return tuple(f"--{name}={value}" for name, value in wanted.items() if value)
