"""Work between two tags of the sources: which commits a release or a milestone stands for."""

import re
from collections.abc import Collection, Mapping, Sequence

from git_bill.ports import History
from git_bill.problem import Exit, Problem, Stop, nearest, stop
from git_bill.worklog.entry import evidence_name


def tagged(
    histories: Mapping[str, History | Problem],
    tags: str | None,
    milestone: str | None,
    *,
    milestones: Collection[str] = (),
) -> tuple[frozenset[str], str]:
    """The commits as entries name them (`<source>:<12 characters>`), and a label for the draft.

    `tags`: `A..B`, what B has and A has not; `milestone`: a tag, what it has and the one before has not. `milestones`:
    what the contracts have, which may have been meant. Stops (exit 2) at another form, (exit 1) where no source knows
    the tags.
    """
    first, dots, last = (tags or "").partition("..")
    if tags is not None and not (dots and first and last):
        raise stop(Exit.USAGE, "wrong-tags", f"{tags!r} is no pair of tags", "write it like --tags v1.2.0..v1.3.0")
    found: set[str] = set()
    known = False
    for source, history in histories.items():
        if isinstance(history, Problem):
            continue
        start, end = (first, last) if tags is not None else (history.tag_before(milestone or ""), milestone or "")
        commits = history.between(start, end)
        if commits is not None:
            known = True
            found.update(evidence_name(source, commit) for commit in commits)
    if not known:
        raise _unknown(tags, milestone or "", sorted(milestones))
    return frozenset(found), re.sub(r"[^A-Za-z0-9._]+", "-", milestone or last).strip("-.")


def _unknown(tags: str | None, milestone: str, milestones: Sequence[str]) -> Stop:
    """Tags that no source has; a milestone may be a tag, or the contract's own of nearly that name."""
    fetch = "fetch them: git fetch --tags"
    if tags is not None:
        return stop(Exit.PROBLEMS, "unknown-tag", f"no source has the tags {tags}", fetch)
    message = f"{milestone!r} is no milestone of a contract, and no tag of a source"
    if not milestones:
        hint = f"list it in the contract: [[contracts.milestones]] id, amount; or, where it is a tag, {fetch}"
    elif near := nearest(milestone, milestones):
        hint = f"did you mean {near}? git bill draft --milestone {near}"
    else:
        hint = f"the contracts have {', '.join(milestones)}: git bill draft --milestone {milestones[0]}"
    return stop(Exit.PROBLEMS, "unknown-tag", message, hint)
