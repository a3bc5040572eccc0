"""Hooks of a clone: put in place, taken out, looked at. What another put there stays and is called first."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from git_bill.effects import Flow, Plan, SetHook
from git_bill.flows.hook_text import checks, with_check, with_pattern
from git_bill.flows.stated import must
from git_bill.hook import HookName, Hooks, is_ours

State = Literal["installed", "outdated", "missing", "foreign", "elsewhere", "unneeded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HookState:
    """One hook. `foreign`: another's lies there alone; `elsewhere`: git looks in another folder, which does not call
    ours; `unneeded`: it would have nothing to do. `kept`: another's is kept beside it, `calls_kept`: and called first.
    `line`: what calls ours, to be added to the file `caller`; `new_caller`: which is to be made first.
    """

    name: HookName
    state: State
    kept: bool
    calls_kept: bool
    checks: bool
    caller: PurePath | None
    new_caller: bool
    line: str


def install(hooks: Hooks, pattern: str, *, check: bool | None = None) -> Flow[int]:
    """Put in place what is missing or outdated; how many that were. `check` None: trailers as before, else not.

    Stops (exit 4) where nothing can be written, and where two other hooks claim one place.
    """
    effects = []
    for name, place in hooks.places.items():
        text = _wanted(hooks, name, pattern, check)
        if text is None and is_ours(place.text or ""):
            effects.append(SetHook(path=str(place.path), content=None))
        elif text is not None and (text != place.text or not place.runs):
            effects.append(SetHook(path=str(place.path), content=text.encode("utf-8", "surrogateescape")))
    if effects:
        must((yield Plan(why=f"install hooks in {hooks.clone}", effects=tuple(effects))))
    return len(effects)


def uninstall(hooks: Hooks) -> Flow[int]:
    """Take ours out and let back what was kept; how many that were. Stops (exit 4) where that can't be."""
    ours = [p.path for p in hooks.places.values() if p.kept or is_ours(p.text or "")] + list(hooks.left)
    if ours:
        effects = tuple(SetHook(path=str(path), content=None) for path in ours)
        must((yield Plan(why=f"take git-bill's hooks out of {hooks.clone}", effects=effects)))
    return len(ours)


def states(hooks: Hooks, pattern: str) -> Iterator[HookState]:
    """Each hook as it is, against what would be installed now."""
    for name, place in hooks.places.items():
        yield HookState(
            name=name,
            state=_state(hooks, name, pattern),
            kept=place.kept,
            calls_kept=place.kept_runs,
            checks=checks(place.text),
            caller=place.caller,
            new_caller=not place.callable,
            line=_line(name),
        )


def _state(hooks: Hooks, name: HookName, pattern: str) -> State:
    place = hooks.places[name]
    wanted = _wanted(hooks, name, pattern, None)
    if not is_ours(place.text or ""):
        if wanted is None:
            return "unneeded"
        return "missing" if place.text is None else "foreign"
    if wanted != place.text or not place.runs:
        return "outdated"
    return "installed" if hooks.elsewhere is None or place.called else "elsewhere"


def _wanted(hooks: Hooks, name: HookName, pattern: str, check: bool | None) -> str | None:
    """What the hook should say; None for one that would have nothing to do."""
    shipped = hooks.shipped[name]
    if name == "prepare-commit-msg":
        return with_pattern(shipped, pattern)
    if name == "commit-msg":
        check = checks(hooks.places[name].text) if check is None else check
        stamps = with_pattern(hooks.shipped["prepare-commit-msg"], pattern) is not None
        return with_check(shipped, check=check) if stamps or check else None
    return shipped


def _line(name: HookName) -> str:
    """For a hook that is shared: it does nothing in clones of people without git-bill."""
    hook = f'h="$(git rev-parse --git-common-dir)/git-bill/hooks/{name}"'
    return f'{hook}; [ ! -x "$h" ] || "$h" "$@" || exit'
