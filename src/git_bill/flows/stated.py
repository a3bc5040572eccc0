"""Settings that a person wrote stay as they are: what is asked for joins in where nothing is stated, and only there."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from git_bill.effects import Done, Outcome, WriteFile
from git_bill.flows import load
from git_bill.ports import Snapshot
from git_bill.problem import Exit, Problem, Stop, stop
from git_bill.shape import Read, read, write
from git_bill.shape_amend import Unamendable, amend

T = TypeVar("T")
R = TypeVar("R")
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated(Generic[T]):
    """One settings file as it is. `kept` collects what was asked for and is stated otherwise."""

    path: str
    shape: type[T]
    text: str | None
    found: Read[T]
    kept: list[Problem] = field(default_factory=list)

    @property
    def value(self) -> T | None:
        """The record, None where there is no file."""
        return self.found.value

    def joined(self, old: R | None, cls: type[R], where: Path, asked: Mapping[str, Any], **guesses: Any) -> R:
        """A record of the file with what is asked for and not stated yet; a new one also takes the guesses."""
        asked = {name: value for name, value in asked.items() if value is not None}
        if old is None:
            return cls(**{**guesses, **asked})
        changes = {}
        for name, value in asked.items():
            if getattr(old, name) == value:
                continue
            if (*where, name) in self.found.where:
                self.keep((*where, name), getattr(old, name), value)
            else:
                changes[name] = value
        return dataclasses.replace(old, **changes)  # type: ignore[type-var]

    def keep(self, where: Path, stated: object, asked: object) -> None:
        """Note that a stated value stays."""
        names = ".".join(str(part) for part in where if isinstance(part, str))
        self.kept.append(
            Problem(
                rule="kept",
                severity="warning",
                message=f"{names} stays {stated}; {asked} was not written",
                hint="change it there by hand if you mean it; issued invoices never change",
                file=self.path,
                line=self.found.where.get(where),
            )
        )

    def changed_to(self, new: T) -> tuple[WriteFile, ...]:
        """The effect that makes the file say `new`; none where it does. Stops (exit 2) at values it may not have."""
        if new == self.value:
            return ()
        try:
            text = write(new)
            problems = read(self.shape, text, self.path).problems
            if not problems and self.text is not None and self.value is not None:
                text = amend(self.text, self.value, new)
        except Unamendable as unamendable:
            raise stop(
                Exit.SETTINGS,
                "unamendable",
                "this file is laid out in a way that nothing can be added to it",
                f"add these lines by hand:\n{unamendable.lines}",
                self.path,
            ) from None
        except ValueError as error:
            raise stop(Exit.USAGE, "wrong-value", str(error)) from None
        if problems:  # nothing is written that would not load
            raise Stop(Exit.USAGE, (dataclasses.replace(p, file=None, line=None) for p in problems))
        return (WriteFile(path=self.path, content=text.encode()),)


def stated(state: Snapshot, path: str, shape: type[T]) -> Stated[T]:
    """A settings file as it is. Stops (exit 3) where it is broken."""
    text = load.text_of(state, path)
    if text is None:
        return Stated(path=path, shape=shape, text=None, found=Read(value=None, problems=(), where={}))
    found = read(shape, text, path)
    if found.value is None:
        raise Stop(Exit.SETTINGS, found.problems)
    return Stated(path=path, shape=shape, text=text, found=found)


def must(outcomes: tuple[Outcome, ...]) -> None:
    """Stops (exit 4) at the first effect that did not take place."""
    for outcome in outcomes:
        if not isinstance(outcome, Done):
            reason, remedy = getattr(outcome, "reason", "the books moved"), getattr(outcome, "remedy", "")
            raise stop(Exit.REPOSITORY, "refused", reason, remedy or "run the command again")
