"""The only place that acts. Drives a flow: shows or executes its plans and sends it the outcomes."""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar, assert_never

from git_bill.effects import (
    CloseLink,
    Configure,
    Deliver,
    Done,
    DropBranch,
    Effect,
    EnsureComment,
    EnsureLink,
    EnsurePullRequest,
    Flow,
    FoundRepository,
    Moved,
    Outcome,
    Plan,
    PostStatus,
    Publish,
    Refused,
    SetHook,
    Submit,
    WriteFile,
)
from git_bill.flows.readers import secret_lines
from git_bill.forge import Forge
from git_bill.layout import DISPUTES, HOLDS, PAYMENTS, PROPOSED, RATES
from git_bill.ports import Books
from git_bill.post import Mailer, Network
from git_bill.problem import Exit, Stop, stop
from git_bill.rail import Rail
from git_bill.workspace import Role

Result = TypeVar("Result")

# What each role may do here. It decides what the program does, not what a clone shows: who can write the
# repository can write these files by hand (the docs say so first).
_ALLOWED: dict[type[Effect], frozenset[Role]] = {
    WriteFile: frozenset({"owner", "approver", "contributor", "accountant"}),
    Publish: frozenset({"owner", "approver", "contributor", "accountant"}),
    DropBranch: frozenset({"owner", "approver", "contributor"}),
    Configure: frozenset({"owner", "approver", "contributor", "accountant", "auditor"}),
    FoundRepository: frozenset({"owner"}),
    SetHook: frozenset({"owner", "approver", "contributor", "accountant", "auditor"}),
    Deliver: frozenset({"owner", "accountant"}),
    Submit: frozenset({"owner", "accountant"}),
    CloseLink: frozenset({"owner", "accountant"}),
    EnsureLink: frozenset({"owner", "accountant"}),
    EnsurePullRequest: frozenset({"owner", "approver", "contributor", "accountant"}),
    EnsureComment: frozenset({"owner", "approver", "contributor", "accountant"}),
    PostStatus: frozenset({"owner", "approver", "contributor", "accountant"}),
}

# Issuing and approving are more than keeping books.
_FOLDERS: dict[str, frozenset[Role]] = {
    "billing/invoices/": frozenset({"owner", "accountant"}),
    "billing/drafts/": frozenset({"owner", "approver", "accountant"}),
    f"{PAYMENTS}/": frozenset({"owner", "accountant"}),
    f"{DISPUTES}/": frozenset({"owner", "approver", "accountant"}),
    HOLDS: frozenset({"owner", "approver", "accountant"}),
    "billing/signoffs/": frozenset({"owner", "approver"}),
    "billing/tax/": frozenset({"owner", "accountant"}),
    RATES: frozenset({"owner", "accountant"}),
}

# What people say themselves; manifests and drafts repeat what commits and comments show already.
_SAID = ("billing/billing.toml", "billing/clients/", "billing/edits/", "billing/expenses/", "billing/usage/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actors:
    """Who carries effects out, and for whom. `roles` None: nobody is listed yet, so everything is allowed."""

    books: Books | None = None  # None only while there is no workspace yet
    found: Callable[[FoundRepository], Done | Refused] | None = None
    hooks: Callable[[SetHook], Done | Refused] | None = None
    mailer: Mailer | None = None
    network: Network | None = None
    rail: Rail | None = None
    forge: Forge | Callable[[], Forge | None] | None = None  # or how to find it when a plan first needs it
    roles: tuple[Role, ...] | None = None
    masked: Callable[[str], str] = str  # takes out what must not stand on a forge
    between: Callable[[str], None] = lambda step: None  # called with each effect's key before and after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a dry run shows: the first plan."""

    plan: Plan


def run(flow: Flow[Result], actors: Actors) -> Result:
    """Execute a flow to its end and return its result."""
    try:
        plan = next(flow)
        while True:
            _refuse_secrets(plan)
            outcomes = tuple(_act_all(plan, actors))
            if any(isinstance(outcome, Moved) for outcome in outcomes):
                # Twenty issuers who lost the same race must not run the next one in step.
                time.sleep(random.uniform(0.02, 0.4))  # noqa: S311  no secret depends on it
            plan = flow.send(outcomes)
    except StopIteration as finished:
        result: Result = finished.value
        return result


def preview(flow: Flow[Result]) -> Preview | Result:
    """The first plan without acting on it; the result itself where nothing would be done."""
    try:
        plan = next(flow)
        _refuse_secrets(plan)
        return Preview(plan=plan)
    except StopIteration as finished:
        result: Result = finished.value
        return result
    finally:
        flow.close()


def _refuse_secrets(plan: Plan) -> None:
    """Stops (exit 3) before a person's words with a live secret in them are written, and pushed for all to read."""
    files = [(path, content) for effect in plan.effects for path, content in _files(effect) if content is not None]
    said = (each for path, content in files if path.startswith(_SAID) for each in secret_lines(path, content))
    if found := tuple(said):
        raise Stop(Exit.SETTINGS, found)


def _files(effect: Effect) -> Iterable[tuple[str, bytes | None]]:
    match effect:
        case WriteFile():
            return [(effect.path, effect.content)]
        case Publish():
            return effect.files.items()
        case _:
            return ()


def _act_all(plan: Plan, actors: Actors) -> list[Outcome]:
    """Outcomes in the plan's order. After the first refusal or lost race the rest is not tried.

    A plan that holds anything which the role does not allow is not begun.
    """
    for effect in plan.effects:
        if not _may(effect, actors):
            reason = f"your role does not allow this: {effect.key}"
            return [Refused(reason=reason, remedy="ask the owner, or see `git bill whoami`")] * len(plan.effects)
    writes = [effect for effect in plan.effects if isinstance(effect, WriteFile)]
    if writes and len(writes) == len(plan.effects):
        actors.between(f"before:{writes[0].key}")
        return [_books(actors).write_all(writes)] * len(writes)
    outcomes: list[Outcome] = []
    for effect in plan.effects:
        if outcomes and not isinstance(outcomes[-1], Done):
            outcomes.append(Refused(reason="not tried: an earlier step did not take place"))
        else:
            actors.between(f"before:{effect.key}")
            outcomes.append(_act(effect, actors))
            actors.between(f"after:{effect.key}")
    return outcomes


def _books(actors: Actors) -> Books:
    if actors.books is None:
        raise stop(Exit.SETTINGS, "no-workspace", "there is no workspace", "make one with: git bill init")
    return actors.books


def _may(effect: Effect, actors: Actors) -> bool:
    allowed = _ALLOWED[type(effect)]
    if isinstance(effect, DropBranch) and effect.branch.startswith(PROPOSED):
        allowed |= _FOLDERS[f"{PAYMENTS}/"]
    if isinstance(effect, Publish):
        allowed = min(
            (roles for folder, roles in _FOLDERS.items() if _touches(effect, folder)), key=len, default=allowed
        )
    return actors.roles is None or not allowed.isdisjoint(actors.roles)


def _touches(effect: Publish, folder: str) -> bool:
    """Whether a publish changes a folder of the books; a draft's own branch is no approval."""
    return not effect.branch.startswith(("bill/", "pay/")) and any(path.startswith(folder) for path in effect.files)


def _act(effect: Effect, actors: Actors) -> Outcome:  # noqa: C901, PLR0911, PLR0912  one line per effect
    match effect:
        case WriteFile():
            return _books(actors).write_all([effect])
        case Publish():
            return _books(actors).publish(effect)
        case DropBranch():
            return _books(actors).drop(effect)
        case Configure():
            return _books(actors).configure(effect)
        case FoundRepository():
            if actors.found is None:
                return Refused(reason="no repositories are made here")
            return actors.found(effect)
        case SetHook():
            if actors.hooks is None:
                return Refused(reason="no hooks are set here")
            return actors.hooks(effect)
        case Deliver():
            if actors.mailer is None:
                return Refused(reason="no way to send mail is set up", remedy="set [mail] in billing/billing.toml")
            return actors.mailer.deliver(effect)
        case Submit():
            if actors.network is None:
                return Refused(reason=f"no way to {effect.network} is set up", remedy="name a folder: --drop DIR")
            return actors.network.submit(effect)
        case EnsureLink():
            if actors.rail is None:
                return Refused(reason="no payment provider is set up")
            return actors.rail.ensure_link(effect)
        case CloseLink():
            if actors.rail is None:
                return Refused(reason="no payment provider is set up")
            return actors.rail.close_link(effect)
        case EnsurePullRequest():
            effect = replace(effect, title=actors.masked(effect.title), body=actors.masked(effect.body))
            return _there(actors, effect.repository).ensure_pull_request(effect)
        case EnsureComment():
            effect = replace(effect, body=actors.masked(effect.body))
            return _there(actors, effect.repository).ensure_comment(effect)
        case PostStatus():
            return _there(actors).post_status(replace(effect, description=actors.masked(effect.description)))
        case _:
            assert_never(effect)


def _there(actors: Actors, repository: str = "") -> Forge:
    forge = actors.forge() if callable(actors.forge) else actors.forge
    if forge is None:
        raise stop(Exit.FORGE, "no-forge", "the books remote is on no forge", 'set kind = "github" in [forge]')
    return forge.elsewhere(repository) if repository else forge
