"""A day's sum for a project, told without places: it lies where that project's commits are, and stands for them all."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from git_bill.worklog.interval import merged
from git_bill.worklog.piece import Group
from git_bill.worklog.timeline import Claim, Precedence


def with_day_sums(claims: Iterable[Claim], about: Mapping[str, Group]) -> tuple[Claim, ...]:
    """The claims; a timer's sum of a day knows the estimates of the same client, project and day that it replaces.

    A sum that names no project is of all the client's projects.
    """
    listed = tuple(claims)
    return tuple(_placed(claim, listed, about) if _is_sum(claim) else claim for claim in listed)


def _is_sum(claim: Claim) -> bool:
    return claim.precedence is Precedence.TIMER and claim.interval is None and claim.anchor is None


def _placed(claim: Claim, claims: Iterable[Claim], about: Mapping[str, Group]) -> Claim:
    own = about[claim.entry]
    replaced = [
        other
        for other in claims
        if other.model is not None
        and other.interval is not None
        and (other.contributor, other.day) == (claim.contributor, claim.day)
        and about[other.entry].client == own.client
        and own.project in {"", about[other.entry].project}
    ]
    places = merged(other.interval for other in replaced if other.interval is not None)
    return replace(claim, places=places, instead=frozenset(other.entry for other in replaced))
