"""What `--dry-run` shows: the first plan of a flow, and what follows it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, assert_never

from git_bill.cli.output import Line, Report, bold
from git_bill.effects import (
    CloseLink,
    Configure,
    Deliver,
    DropBranch,
    Effect,
    EnsureComment,
    EnsureLink,
    EnsurePullRequest,
    FoundRepository,
    Plan,
    PostStatus,
    Publish,
    SetHook,
    Submit,
    WriteFile,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Previewed(Exception):  # noqa: N818  it ends a command early, nothing is wrong
    """The command ends here: its first plan is to be shown, not acted on."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(plan.why)


def preview_report(plan: Plan, pushes: "Callable[[], bool]" = lambda: True) -> Report:
    """The report of a dry run. `pushes`: whether there is a remote to push to."""
    effects = [
        replace(each, push=False) if isinstance(each, Publish) and each.push and not pushes() else each
        for each in plan.effects
    ]
    text: list[Line] = [(bold("Would "), plan.why[:1].lower() + plan.why[1:].rstrip(".") + ":")]
    text += [f"  {line}" for line in plan.details]
    text += [f"  {line}" for effect in effects for line in _lines(effect)]
    if plan.then:
        text.append(f"Then {plan.then}")
    text.append("Nothing was done.")
    return Report(
        data={
            "dry_run": True,
            "plan": {"why": plan.why, "effects": [_data(e) for e in effects], "then": plan.then},
            "details": list(plan.details),
        },
        text=tuple(text),
    )


def _lines(effect: Effect) -> list[str]:  # noqa: C901, PLR0911, PLR0912  one line per effect
    match effect:
        case WriteFile(path=path, content=content):
            return [f"remove {path}" if content is None else f"write {path}"]
        case Publish(branch=branch, files=files, tags=tags, push=push):
            where = f"commit on {branch}{' and push it' if push else ''}"
            named = [f"  {'remove' if content is None else 'write'} {path}" for path, content in files.items()]
            return [where, *named, *(f"  tag {tag}" for tag in tags)]
        case DropBranch(branch=branch):
            return [f"remove branch {branch}"]
        case Configure(name=name, value=value, repository=repository):
            return [f"git {f'-C {repository} ' if repository else ''}config {name} {value}"]
        case Deliver(recipient=recipient, subject=subject):
            return [f"mail {recipient}: {subject}"]
        case Submit(network=network, file=file):
            return [f"hand {file} over to {network}"]
        case FoundRepository(path=path):
            return [f"make a git repository in {path}"]
        case SetHook(path=path, content=content):
            return [f"take the hook {path} out" if content is None else f"put the hook {path} in place"]
        case EnsureLink(number=number, amount=amount):
            return [f"find or make the payment link of {number} over {amount}"]
        case CloseLink(number=number):
            return [f"close the payment link of {number}"]
        case EnsurePullRequest(branch=branch, title=title, repository=repository):
            return [f"open or update the pull request of {branch}{f' in {repository}' if repository else ''}: {title}"]
        case EnsureComment(number=number, repository=repository):
            return [f"write or change our comment below {repository}#{number}"]
        case PostStatus(context=context, state=state, description=description):
            return [f"status {context}: {state}, {description}"]
        case _:
            assert_never(effect)


def _data(effect: Effect) -> "Mapping[str, Any]":
    return {"effect": type(effect).__name__, "key": effect.key, "does": _lines(effect)}
