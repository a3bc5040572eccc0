"""Why a person's correction can't be applied, each with what to do instead."""

from collections.abc import Collection, Mapping
from datetime import date

from git_bill.problem import Problem, nearest
from git_bill.worklog.edit import Edit, Made
from git_bill.worklog.entry import Worked

REPLACED = {"split": "was split into others", "merged": "was merged into another"}


def objection(
    made: Made,
    worked: Mapping[str, Worked],
    billed: Mapping[str, tuple[str, date]],
    clients: Collection[str],
) -> Problem | None:
    """The first thing that stands against it, None if nothing does. `billed`: entry → number and issue date."""
    client, edit_id, edit = made
    for entry in edit.subjects:
        found = (
            _unknown(client, edit_id, entry, worked)
            or _billed(edit_id, edit, entry, billed)
            or _replaced(edit_id, worked[entry])
        )
        if found:
            return found
    return (
        _wrong_move(edit_id, edit, clients)
        or _wrong_split(edit_id, edit, worked)
        or _wrong_merge(edit_id, edit, worked)
    )


def _unknown(client: str, edit_id: str, entry: str, worked: Mapping[str, Worked]) -> Problem | None:
    if entry in worked:
        return None
    return Problem(
        rule="unknown-entry",
        message=f"edit {edit_id} is about {entry}, which does not exist",
        hint=f"see the entries with `git bill log`, or remove the edit from billing/edits/{client}/",
    )


def _billed(edit_id: str, edit: Edit, entry: str, billed: Mapping[str, tuple[str, date]]) -> Problem | None:
    if entry not in billed:
        return None
    number, issued = billed[entry]
    swallowed = edit.do == "split" or (edit.do == "merge" and entry != edit.entry)
    if not swallowed and edit.at.date() <= issued:
        return None
    return Problem(
        rule="billed-entry",
        severity="warning",
        message=f"edit {edit_id} changes {entry}, which is billed on {number}; it has no effect",
        hint="what is billed is corrected by a credit note",
    )


def _replaced(edit_id: str, worked: Worked) -> Problem | None:
    gone = next((REPLACED[flag] for flag in worked.entry.flags if flag in REPLACED), None)
    if gone is None:
        return None
    return Problem(
        rule="replaced-entry",
        message=f"edit {edit_id} is about {worked.id}, which {gone}",
        hint="edit the new entry instead; see `git bill log`",
    )


def _wrong_move(edit_id: str, edit: Edit, clients: Collection[str]) -> Problem | None:
    if edit.do != "move" or edit.to in clients:
        return None
    meant = nearest(edit.to or "", clients) or min(clients, default="acme")
    return Problem(
        rule="unknown-client",
        message=f"edit {edit_id} moves {edit.entry} to {edit.to!r}, which is no client",
        hint=f'write it like to = "{meant}"',
    )


def _wrong_split(edit_id: str, edit: Edit, worked: Mapping[str, Worked]) -> Problem | None:
    ids = [part.id for part in edit.parts]
    if edit.do != "split" or (ids and len(set(ids)) == len(ids) and not set(ids) & worked.keys()):
        return None
    return Problem(
        rule="wrong-split",
        message=f"edit {edit_id} splits {edit.entry} without a new id for each part",
        hint='write it like parts = [{ id = "W-…", minutes = "30m" }, { id = "W-…", minutes = "15m" }]',
    )


def _wrong_merge(edit_id: str, edit: Edit, worked: Mapping[str, Worked]) -> Problem | None:
    people = sorted({worked[entry].entry.by for entry in edit.subjects})
    if edit.do != "merge" or len(people) < 2:
        return None
    return Problem(
        rule="wrong-merge",
        message=f"edit {edit_id} merges the work of {' and '.join(people)}",
        hint="an entry is one person's work; merge each person's entries apart",
    )
