"""A clone's hooks: looking at them, and putting ours in place without losing another's."""

import os
from contextlib import suppress
from importlib import resources
from pathlib import Path

from git_bill.adapters.git.clone import repository_top
from git_bill.adapters.git.run import attempt, text
from git_bill.adapters.regular_file import MEGABYTE, content
from git_bill.effects import Done, Refused, SetHook
from git_bill.hook import KEPT, NAMES, HookName, Hooks, Place, is_ours

_OWN_FOLDER = Path("git-bill", "hooks")  # in the common git directory, where git does not look by itself


def hooks_of(start: Path) -> Hooks | None:
    """The hooks of the clone around a folder, None where there is none. A folder set by hooksPath is only read."""
    top = repository_top(start)
    if top is None:
        return None
    common = (top / text(top, "rev-parse", "--git-common-dir")).resolve()
    elsewhere = _hooks_path(top)
    if elsewhere == (common / "hooks").resolve():
        elsewhere = None
    folder, other = (common / name for name in (_OWN_FOLDER, "hooks")[:: 1 if elsewhere else -1])
    return Hooks(
        clone=top,
        places={name: _place(folder / name, elsewhere) for name in NAMES},
        shipped={name: _shipped(name) for name in NAMES},
        elsewhere=elsewhere,
        left=tuple(p for p in map(other.joinpath, NAMES) if is_ours(_read(p) or "") or os.path.lexists(_kept(p))),
    )


def set_hook(effect: SetHook) -> Done | Refused:
    """Put a hook of ours in place, keeping another's beside it; or take ours out and let the other one back."""
    path = Path(effect.path)
    try:
        return _install(path, effect.content) if effect.content is not None else _remove(path)
    except OSError as error:
        return Refused(
            reason=f"{path} can't be written: {error.strerror}",
            remedy=f"give this user the right to write there, for example: chmod u+w {path.parent}",
        )


def _hooks_path(top: Path) -> Path | None:
    """The folder that core.hooksPath names in some file, whatever we tell git for ourselves."""
    asked = attempt(top, "config", "--show-scope", "--type=path", "--get-all", "core.hooksPath")
    scoped = (line.partition("\t") for line in os.fsdecode(asked.out).splitlines())
    said = [folder for scope, _, folder in scoped if scope != "command" and folder]
    return (top / said[-1]).resolve() if said else None


def _shipped(name: HookName) -> str:
    return (resources.files("git_bill") / "hooks" / name).read_text(encoding="utf-8")


def _place(path: Path, elsewhere: Path | None) -> Place:
    caller = _callers(elsewhere) / path.name if elsewhere is not None else None
    calling = _read(caller) if caller is not None else None
    kept = _kept(path)
    return Place(
        path=path,
        text=_read(path),
        runs=os.access(path, os.X_OK),
        kept=os.path.lexists(kept),
        kept_runs=kept.is_file() and os.access(kept, os.X_OK),
        caller=caller,
        callable=calling is not None,
        called=f"{_OWN_FOLDER.as_posix()}/{path.name}" in (calling or ""),
    )


def _callers(folder: Path) -> Path:
    """Where the hooks of people lie: husky makes the folder that git looks in anew, from those in its parent."""
    return folder.parent if folder.name == "_" and folder.parent.name == ".husky" else folder


def _install(path: Path, content: bytes) -> Done | Refused:
    now = _read(path)
    if now is not None and now.encode("utf-8", "surrogateescape") == content and os.access(path, os.X_OK):
        return Done(ref=str(path), already=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(path) and not (now is not None and is_ours(now)):
        kept = _kept(path)
        if os.path.lexists(kept):
            return Refused(
                reason=f"{path} is not git-bill's, and another hook is kept in {kept.name} already",
                remedy=f"make one of the two, then install again; to start with: cat {kept} >> {path} && rm {kept}",
            )
        _keep(path, kept)
    new = path.with_name(f"{path.name}.new-{os.getpid()}")
    try:
        new.write_bytes(content)
        new.chmod(0o755)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return Done(ref=str(path))


def _keep(path: Path, kept: Path) -> None:
    """There is a hook at every moment: the other one has two names until ours takes the first of them."""
    try:
        os.link(path, kept, follow_symlinks=False)
    except OSError:  # a file system without links
        path.rename(kept)


def _remove(path: Path) -> Done | Refused:
    now, kept = _read(path), _kept(path)
    if now is not None and not is_ours(now):
        if os.path.lexists(kept):
            return Refused(
                reason=f"{path} is not git-bill's any more, so {kept.name} was not put back",
                remedy=f"if it should come back: mv {kept} {path}",
            )
        return Done(ref=str(path), already=True)
    if os.path.lexists(kept):
        kept.replace(path)
        return Done(ref=str(path))
    with suppress(FileNotFoundError):
        path.unlink()
        return Done(ref=str(path))
    return Done(ref=str(path), already=True)


def _kept(path: Path) -> Path:
    return path.with_name(path.name + KEPT)


def _read(path: Path) -> str | None:
    """A hook's text; whatever is no readable file is another's, and holds nothing that we know."""
    try:
        return content(path, MEGABYTE).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return "" if os.path.lexists(path) else None
    except OSError:
        return ""
