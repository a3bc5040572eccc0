"""What programs that record time left on this machine, or at the address of a calendar."""

from pathlib import Path

from git_bill.cli.session import Session
from git_bill.flows.gather_recorded import Export
from git_bill.ports import Books
from git_bill.problem import Problem
from git_bill.workspace import Source

_PATTERNS = {"timewarrior": ("*.data",), "timeclock": ("*.timeclock",), "timedot": ("*.timedot",), "org": ("*.org",)}
_CALENDARS = ("*.ics", "*.ical")
_TABLES = ("*.csv", "*.json")
_MANIFESTS = "billing/manifest"
_MOST = 256 * 1024 * 1024  # bytes of a file


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
        if not files:
            return _problem(source, f"there is nothing of {source.kind} at {path}")
        if any(file.stat().st_size > _MOST for file in files):
            return _problem(source, f"a file is larger than {_MOST // 1024 // 1024} MB")
        return Export(files=tuple((str(file), file.read_bytes()) for file in sorted(files)))
    except OSError as error:
        return _problem(source, f"{error.filename}: {error.strerror}")


def _inside(source: Source, folder: Path) -> list[Path]:
    """The files of a folder that such a program keeps there; of another workspace its manifests."""
    if source.kind == "busy" and (folder / _MANIFESTS).is_dir():
        return [path for path in (folder / _MANIFESTS).rglob("*.toml") if path.is_file()]
    patterns = _PATTERNS.get(source.kind, _CALENDARS if source.kind in {"calendar", "busy"} else _TABLES)
    found = (path for pattern in patterns for path in folder.glob(pattern))
    named = folder / "frames"
    return [named] if source.kind == "watson" and named.is_file() else [path for path in found if path.is_file()]


def _problem(source: Source, why: str) -> Problem:
    return Problem(
        rule="source-out-of-reach",
        severity="warning",
        message=f"source {source.name} was not read: {why}; what was seen of it before stays",
        hint=f"say where it is: git bill source add PATH --kind {source.kind} --id {source.name}",
        file="billing/billing.toml",
    )
