"""Makes commits and tags of bytes, without the user's index, files, hooks or signing. Same input, same ids."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from git_bill.adapters.git.run import git, text
from git_bill.adapters.git.snapshot import listing
from git_bill.adapters.git.worktree import checked, tops
from git_bill.effects import Publish

Identity = tuple[str, str]
"""Name and e-mail that stand as author and committer."""
Entry = tuple[str, str]
"""Mode and blob id, as in a tree and in an index."""
NOBODY: Identity = ("git-bill", "git-bill@localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A commit that no ref names yet, its first line, and its tags: name → tag object."""

    commit: str
    subject: str
    tags: Mapping[str, str]


def make(repository: Path, effect: Publish, identity: Identity) -> Made:
    """The commit and the annotated tags of a publish.

    Its tree is that of `expect` (for a new branch: of the first of `also`, else empty) with the files put in.
    """
    who = tuple(_word(part) or "git-bill" for part in identity)
    when = _stamp(effect.at)
    message = effect.message.replace("\0", "").strip("\n").encode("utf-8", "replace") + b"\n"
    parents = tuple(parent for parent in (effect.expect, *effect.also) if parent is not None)
    tree = _tree(repository, parents[0] if parents else None, effect.files)
    author = tuple(_word(part) or "git-bill" for part in effect.author or identity)
    by = {
        f"GIT_{role}_{part}": value
        for role, person in (("AUTHOR", author), ("COMMITTER", who))
        for part, value in zip(("NAME", "EMAIL", "DATE"), (*person, f"@{when}"), strict=True)
    }
    made = git(
        repository,
        *("-c", "i18n.commitEncoding=UTF-8", "commit-tree", "--no-gpg-sign", tree),
        *(word for parent in parents for word in ("-p", parent)),
        input=message,
        env=by,
    )
    commit = made.decode("ascii").strip()
    subject = message.decode("utf-8").partition("\n")[0]
    tagger = f"{who[0]} <{who[1]}> {when}"
    tags = {name: _tag(repository, name, commit, tagger, subject) for name in effect.tags}
    return Made(commit=commit, subject=subject, tags=tags)


def _tree(repository: Path, base: str | None, files: Mapping[str, bytes | None]) -> str:
    """The tree of a commit with files put in or (None) taken out, made in an index of its own."""
    for path in files:
        checked(path)
    with TemporaryDirectory(prefix="git-bill-") as folder:
        blobs = _blobs(repository, Path(folder), {path: data for path, data in files.items() if data is not None})
        own = {"GIT_INDEX_FILE": f"{folder}/index"}
        git(repository, "-c", "core.splitIndex=false", "read-tree", base or "--empty", env=own)
        kept = _executable(repository, base, blobs) if base else frozenset()
        entries = {path: ("100755" if path in kept else "100644", blob) for path, blob in blobs.items()}
        if base is not None:
            entries |= {path: absent(base) for path, content in files.items() if content is None}
        put_in_index(repository, entries, own)
        return text(repository, "write-tree", env=own)


def put_in_index(repository: Path, entries: Mapping[str, Entry], env: Mapping[str, str] | None = None) -> None:
    """Set the entries of paths in an index. Raises Stop (exit 4) while somebody else writes it."""
    lines = "".join(f"{mode} {blob}\t{path}\0" for path, (mode, blob) in entries.items())
    if lines:
        given = lines.encode("utf-8", "surrogateescape")
        git(repository, "update-index", "-z", "--index-info", input=given, env=env)


def absent(like: str) -> Entry:
    """The entry that takes a path out of an index; `like`: any id, for its length."""
    return "0", "0" * len(like)


def _executable(repository: Path, commit: str, paths: Iterable[str]) -> frozenset[str]:
    """Paths that are executable in a commit: some file systems say so of every file, and it should stay as it is."""
    known = (item for top in tops(paths) for item in listing(repository, commit, top).items())
    return frozenset(path for path, (mode, _) in known if mode == "100755")


def _blobs(repository: Path, folder: Path, contents: Mapping[str, bytes]) -> Mapping[str, str]:
    """Blob ids by path, after the contents were stored by one child."""
    names = []
    for number, content in enumerate(contents.values()):
        names.append(folder / f"{number}.blob")
        names[-1].write_bytes(content)
    listing = "".join(f"{name}\n" for name in names).encode()
    ids = git(repository, "hash-object", "-w", "--no-filters", "--stdin-paths", input=listing) if names else b""
    return dict(zip(contents, ids.decode("ascii").split(), strict=True))


def _tag(repository: Path, name: str, commit: str, tagger: str, subject: str) -> str:
    content = f"object {commit}\ntype commit\ntag {name}\ntagger {tagger}\n\n{subject}\n"
    return git(repository, "mktag", input=content.encode()).decode("ascii").strip()


def _stamp(at: datetime) -> str:
    """Git's raw date: seconds since 1970 and the offset."""
    if at.tzinfo is None:
        raise ValueError("a commit needs an instant with its offset")
    return f"{int(at.timestamp())} {at.strftime('%z')[:5]}"


def _word(part: str) -> str:
    """A name or address without what would end it in a commit's header."""
    return "".join(c for c in part if c not in "<>" and not unicodedata.category(c).startswith("C")).strip()
