"""The course of a dispute: a table of states and what leads from each to which. What is not in it is not possible."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

from git_bill.layout import dispute_file
from git_bill.problem import Problem
from git_bill.receivable.dispute.record import Act, Dispute, Step

State = Literal["open", "answered", "escalated", "resolved", "withdrawn"]
MOVES: Mapping[State, Mapping[Act, State]] = {
    "open": {
        "answer": "answered",
        "reply": "open",
        "escalate": "escalated",
        "resolve": "resolved",
        "withdraw": "withdrawn",
    },
    "answered": {
        "answer": "answered",
        "reply": "open",
        "escalate": "escalated",
        "resolve": "resolved",
        "withdraw": "withdrawn",
    },
    "escalated": {
        "answer": "escalated",
        "reply": "escalated",
        "resolve": "resolved",
        "withdraw": "withdrawn",
    },
    "resolved": {},
    "withdrawn": {},
}
LIVE = frozenset({"open", "answered", "escalated"})


def state_of(dispute: Dispute, as_of: date = date.max) -> State:
    """Where it stands at the end of a day. A step that is not possible changes nothing: `broken` tells of it."""
    state: State = "open"
    for step in dispute.steps:
        if step.on <= as_of:
            state = MOVES[state].get(step.do, state)
    return state


def is_live(dispute: Dispute, as_of: date = date.max) -> bool:
    """Whether it was opened by then and not ended."""
    return dispute.on <= as_of and state_of(dispute, as_of) in LIVE


def ending(dispute: Dispute, as_of: date = date.max) -> Step | None:
    """The step that ended it."""
    if state_of(dispute, as_of) in LIVE:
        return None
    return next(step for step in dispute.steps if step.do in {"resolve", "withdraw"})


def moved(dispute: Dispute, step: Step) -> Dispute | Problem:
    """With one more step; a Problem says what is possible instead."""
    state = state_of(dispute)
    if step.do not in MOVES[state]:
        return Problem(
            rule="not-possible",
            message=f"{dispute.id} is {state}: it can't be {_DONE[step.do]} any more"
            if not MOVES[state]
            else f"{dispute.id} is {state}: it can't be {_DONE[step.do]}",
            hint=_possible(dispute, state),
        )
    before = dispute.steps[-1].on if dispute.steps else dispute.on
    if step.on < before:
        message = f"{step.on} is before {before}, the day of what happened last in {dispute.id}"
        return Problem(rule="too-early", message=message, hint=f"name that day or a later one: --on {before}")
    if step.amount is not None and (wrong := _beyond(dispute, step)):
        return wrong
    return replace(dispute, steps=(*dispute.steps, step))


def broken(dispute: Dispute) -> Iterator[Problem]:
    """Steps in the file that could not follow each other, or give up more than is disputed."""
    begun = replace(dispute, steps=())
    for number, step in enumerate(dispute.steps):
        found = moved(begun, step)
        if isinstance(found, Problem):
            at = ("steps", number)
            yield replace(found, rule="dispute-broken", file=dispute_file(dispute.id), at=at)
            return
        begun = found


def _beyond(dispute: Dispute, step: Step) -> Problem | None:
    """Nothing is given up where the client is wrong, all of it where it is right, and something between else."""
    given, disputed = step.amount, dispute.amount
    assert given is not None
    same = given.currency == disputed.currency
    right = {
        "upheld": same and given == disputed,
        "partly": same and 0 < given.amount < disputed.amount and given == given.rounded(),
        "rejected": False,
    }
    if right[step.result or "rejected"]:
        return None
    message = f"{given} is no part of the {disputed} that {dispute.id} is about"
    half = (disputed * Decimal("0.5")).rounded()
    hint = f'a part of it, with tax: --partly "{half}"; all of it: --upheld; nothing: --rejected'
    return Problem(rule="wrong-amount", message=message, hint=hint)


def _possible(dispute: Dispute, state: State) -> str:
    if not MOVES[state]:
        return f"open a new one: git bill dispute open {dispute.invoice} --reason …"
    return "possible now: " + ", ".join(f"git bill dispute {act} {dispute.id}" for act in MOVES[state])


_DONE: Mapping[Act, str] = {
    "answer": "answered",
    "reply": "replied to",
    "escalate": "escalated",
    "resolve": "resolved",
    "withdraw": "withdrawn",
}
