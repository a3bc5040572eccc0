"""What programs that record time left on this machine, or at the address of a calendar."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from git_bill.adapters.archive import Refused, is_archive, unpacked
from git_bill.cli.session import Session
from git_bill.flows.gather_recorded import Export
from git_bill.ports import Books
from git_bill.problem import Problem
from git_bill.workspace import Source

_CALENDARS = ("*.ics", "*.ical")
_TABLES = ("*.csv", "*.json")
_TRACKERS = ("*.csv", "*.json", "*.xml")
_PATTERNS = {
    "timewarrior": ("*.data",),
    "timeclock": ("*.timeclock",),
    "timedot": ("*.timedot",),
    "org": ("*.org",),
    "calendar": _CALENDARS,
    "busy": _CALENDARS,
    "slack": ("*.json", "*/*.json"),
    "jira": _TRACKERS,
    "linear": _TRACKERS,
}
_MANIFESTS = "billing/manifest"
_MOST = 256 * 1024 * 1024  # bytes of a source


def exports(session: Session, sources: tuple[Source, ...], *, offline: bool = False) -> dict[str, Export | Problem]:
    """Source → what lies there, or a warning that says why nothing can be read. Repositories are not among them."""
    found: dict[str, Export | Problem] = {}
    for source in sources:
        if source.is_repository:
            continue
        place = place_of(session.books, source)
        if place is None:
            found[source.name] = _problem(source, "where it lies is not known on this machine")
        elif "://" in place:
            if not offline:
                found[source.name] = _fetched(session, source, place)
        else:
            found[source.name] = _read(source, session.books.top / Path(place).expanduser())
    return found


def place_of(books: Books, source: Source) -> str | None:
    """Where a source lies for this machine: a path or an address in git's configuration, else the settings' address."""
    return books.configured(f"bill.source.{source.name}.path") or source.url or None


def _fetched(session: Session, source: Source, url: str) -> Export | Problem:
    from git_bill.adapters.feed import fetch

    private = session.books.configured("bill.privateHosts") == "true"
    content = fetch(url, source.name, private=private)
    return content if isinstance(content, Problem) else Export(files=((f"calendar of {source.name}", content),))


def _read(source: Source, path: Path) -> Export | Problem:
    try:
        files = [path] if path.is_file() else _inside(source, path) if path.is_dir() else []
        kept = [file for file in files if path.is_file() or file.resolve().is_relative_to(path.resolve())]
        contents = tuple(_contents(source, sorted(kept)))
        led = tuple(_leads_out(source, file) for file in sorted(set(files) - set(kept)))
        if not contents and not led:
            return _problem(source, f"there is nothing of {source.kind} at {path}")
        return Export(files=contents, problems=led)
    except Refused as refused:
        return _problem(source, str(refused))
    except OSError as error:
        return _problem(source, f"{error.filename}: {error.strerror}")


def _contents(source: Source, files: list[Path]) -> Iterator[tuple[str, bytes]]:
    """What files hold; of an archive the files in it that such a program writes, wherever they lie in it.

    Raises Refused where all of them are larger than the memory that they may have.
    """
    room = _MOST - sum(file.stat().st_size for file in files)
    if room < 0:
        raise Refused(f"it is larger than {_MOST // 1024 // 1024} MB")
    names = {pattern.rpartition("/")[2] for pattern in _patterns(source)}
    for file in files:
        content = file.read_bytes()
        if not is_archive(content):
            yield str(file), content
            continue
        for name, part in unpacked(content, str(file), lambda member: _is_one(member, names), room):
            room -= len(part)
            yield name, part


def _is_one(member: PurePosixPath, names: set[str]) -> bool:
    """Whether it is of such a name, and nothing that a system hides beside it."""
    return not member.name.startswith(".") and any(member.match(name) for name in names)


def _inside(source: Source, folder: Path) -> list[Path]:
    """The files of a folder that such a program keeps there; of another workspace its manifests."""
    if source.kind == "busy" and (folder / _MANIFESTS).is_dir():
        return [path for path in (folder / _MANIFESTS).rglob("*.toml") if path.is_file()]
    found = (path for pattern in _patterns(source) for path in folder.glob(pattern))
    named = folder / "frames"
    return [named] if source.kind == "watson" and named.is_file() else [path for path in found if path.is_file()]


def _leads_out(source: Source, file: Path) -> Problem:
    """A link in a folder that others may have made is not followed to the rest of the machine."""
    return Problem(
        rule="leads-out",
        severity="warning",
        message=f"source {source.name} leaves it out: it is a link that leads out of the folder",
        hint=f"where that is meant, copy the file, or name it: git bill source add PATH --kind {source.kind}",
        file=str(file),
    )


def _patterns(source: Source) -> tuple[str, ...]:
    return _PATTERNS.get(source.kind, _TABLES)


def _problem(source: Source, why: str) -> Problem:
    return Problem(
        rule="source-out-of-reach",
        severity="warning",
        message=f"source {source.name} was not read: {why}; what was seen of it before stays",
        hint=f"say where it is: git bill source add PATH --kind {source.kind} --id {source.name}",
        file="billing/billing.toml",
    )
