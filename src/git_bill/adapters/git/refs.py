"""Branches and tags: reading them, and moving them all or nothing, here or on a remote, never forced.

Servers word a lost race, a missing permission and a cut line differently, so a failure is judged by where the
refs stand afterwards.
"""

import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from git_bill.adapters.git.run import Ran, attempt, failure, git
from git_bill.adapters.git.transport import Transport, as_git_does
from git_bill.effects import Done, Moved, Refused
from git_bill.problem import Exit, stop

HEADS = "refs/heads/"
TAGS = "refs/tags/"
DRAFTS = "bill/"  # below `refs/heads/`: one branch for each draft
PROPOSALS = "pay/"  # and one for payments that a person is to confirm
REVIEWED = (DRAFTS, PROPOSALS)
# Seconds until the next try where nothing moved: somebody may hold the lock of a ref.
_PAUSES_HERE = (0.1, 0.3, 0.6)
_PAUSES_THERE = (0.4,)
_FETCH = (
    "fetch",
    "--quiet",
    "--prune",
    "--no-prune-tags",
    "--no-write-fetch-head",
    "--no-recurse-submodules",
)
_PUSH = (
    "push",
    "--porcelain",
    "--atomic",
    "--no-verify",
    "--no-signed",
    "--no-follow-tags",
    "--recurse-submodules=no",
)
_EMPTY_WORDS = re.compile(r"error: failed to push|fatal: the remote end hung up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """A branch's step from `old` (None: it is new) to its child `new`; tags (name → object) are made with it."""

    branch: str
    old: str | None
    new: str
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        return HEADS + self.branch

    @property
    def wanted(self) -> Mapping[str, str]:
        """What the refs hold once it is made."""
        return {self.ref: self.new} | {TAGS + name: tag for name, tag in self.tags.items()}


def resolve(repository: Path, ref: str) -> str | None:
    """The id that a full ref name holds (of the tag object, for an annotated tag), or None."""
    ran = attempt(repository, "rev-parse", "--verify", "--quiet", ref)
    return None if ran.code else ran.out.decode("ascii").strip()


def is_ancestor(repository: Path, old: str, new: str) -> bool:
    """Whether a commit is another one or lies in its history; False where this clone lacks one of them."""
    return attempt(repository, "merge-base", "--is-ancestor", old, new).code == 0


def listed(repository: Path, *prefixes: str) -> list[tuple[str, str]]:
    """(ref, commit that it points at) below full prefixes such as `refs/tags/`, sorted by name."""
    out = git(repository, "for-each-ref", "--format=%(refname)%00%(objectname)%00%(*objectname)", *prefixes)
    rows = (line.split("\0") for line in out.decode("utf-8", "surrogateescape").splitlines())
    return [(name, peeled or direct) for name, direct, peeled in rows]


def advertised(repository: Path, remote: str, *refs: str, transport: Transport = as_git_does) -> Mapping[str, str]:
    """The ids that a remote's refs hold now. Raises Stop (exit 4) where it can't be reached."""
    ran = _over(transport, repository, remote, "ls-remote", "--refs", "--quiet", remote, *refs)
    if ran.code:
        raise stop(
            Exit.REPOSITORY,
            "remote-unreachable",
            f"the books remote {remote} can't be reached: {said(ran)}",
            f"nothing was changed here; run this again when `git ls-remote {remote}` works",
        )
    rows = (line.split("\t") for line in ran.out.decode("utf-8", "surrogateescape").splitlines())
    return {name: found for found, name in rows if name in refs}


def newest_below(repository: Path, remote: str | None, folder: str) -> dict[str, str]:
    """Branches below a folder by name → commit: the local one, unless the remote's has what it has and more."""
    places = [HEADS + folder] + ([f"refs/remotes/{remote}/{folder}"] if remote else [])
    found: dict[str, str] = {}
    for ref, commit in listed(repository, *places):
        name = ref.removeprefix(next(place for place in places if ref.startswith(place)))
        if name not in found or is_ancestor(repository, found[name], commit):
            found[name] = commit
    return found


def fetch(repository: Path, remote: str, branch: str, transport: Transport = as_git_does) -> None:
    """Bring a branch, those under review and their tags; forget those gone. Raises Stop (exit 4) where it can't."""
    there = f"refs/remotes/{remote}/"
    specs = [f"+{HEADS}{branch}:{there}{branch}", *(f"+{HEADS}{each}*:{there}{each}*" for each in REVIEWED)]
    ran = _over(transport, repository, remote, *_FETCH, remote, *specs)
    if ran.code:  # unreachable, or no such branch yet
        if not advertised(repository, remote, HEADS + branch, transport=transport):
            delete(repository, there + branch)
            del specs[0]
        ran = _over(transport, repository, remote, *_FETCH, remote, *specs)
        if ran.code:
            raise failure(repository, _FETCH, ran)


def move(repository: Path, step: Advance, why: str) -> Done | Moved | Refused:
    """Make a step of a local branch in one transaction; `why` goes to the reflog."""
    verb = f"create {step.ref} {step.new}" if step.old is None else f"update {step.ref} {step.new} {step.old}"
    tags = (f"create {TAGS}{name} {tag}" for name, tag in step.tags.items())
    script = "\n".join(["start", verb, *tags, "prepare", "commit", ""]).encode("utf-8", "surrogateescape")
    patient = ("-c", "core.filesRefLockTimeout=500")
    outcome = _judged(
        step,
        tried=lambda: attempt(repository, *patient, "update-ref", "-m", why, "--stdin", input=script),
        held=lambda: {name: held for name in step.wanted if (held := resolve(repository, name)) is not None},
        stands=lambda tip: tip == step.old,
        pauses=_PAUSES_HERE,
    )
    if isinstance(outcome, Ran):
        return Refused(
            reason=f"git can't move {step.branch}: {said(outcome)}",
            remedy="look for a .lock file that a killed git left, and at the rights of the .git folder",
        )
    return outcome


def push(repository: Path, remote: str, step: Advance, transport: Transport = as_git_does) -> Done | Moved | Refused:
    """Make a step of a remote's branch by one atomic push. Raises Stop (exit 4) where it can't be reached."""
    # This lease says that the branch must not exist; it permits nothing that a plain push would not.
    lease = (f"--force-with-lease={step.ref}:",) if step.old is None else ()
    specs = [f"{value}:{name}" for name, value in step.wanted.items()]
    outcome = _judged(
        step,
        tried=lambda: _over(transport, repository, remote, *_PUSH, *lease, "--", remote, *specs),
        held=lambda: advertised(repository, remote, *step.wanted, transport=transport),
        stands=lambda tip: tip in (None, step.old) or (step.old is not None and is_ancestor(repository, tip, step.old)),
        pauses=_PAUSES_THERE,
    )
    if isinstance(outcome, Ran):
        return Refused(
            reason=f"{remote} does not take a push to {step.branch}: {said(outcome)}",
            remedy=_may_push(outcome, step.branch),
        )
    return outcome


def remove(
    repository: Path, remote: str, branch: str, old: str, transport: Transport = as_git_does
) -> Done | Moved | Refused:
    """Remove a remote's branch if it is at `old`. Raises Stop (exit 4) where it can't be reached."""
    ref = HEADS + branch
    lease = f"--force-with-lease={ref}:{old}"
    ran = _over(transport, repository, remote, "push", "--no-verify", lease, "--", remote, f":{ref}")
    tip = advertised(repository, remote, ref, transport=transport).get(ref) if ran.code else None
    if tip is None:
        return Done()
    if tip != old:
        return Moved(tip=tip)
    return Refused(
        reason=f"{remote} does not let {branch} go: {said(ran)}",
        remedy=f"remove {branch} on the forge, or let this user or key do it",
    )


def track(repository: Path, ref: str, old: str | None, new: str) -> None:
    """Let a remote-tracking ref know what a push did, where git has not and nobody fetched meanwhile."""
    attempt(repository, "update-ref", ref, new, old or "")


def delete(repository: Path, ref: str, old: str | None = None) -> None:
    """Remove a local ref (if it is still at `old`); nothing where there is none."""
    attempt(repository, "update-ref", "-d", ref, *([old] if old else []))


def said(ran: Ran) -> str:
    """Git's reason in one line that is safe to show: the server's words if there are any; no passwords."""
    lines = [line.strip() for line in ran.err.splitlines()]
    server = [words for line in lines if (words := line.removeprefix("remote:").strip()) and words != line]
    refs = [line.rpartition("\t")[2] for line in ran.out.decode("utf-8", "replace").splitlines() if line[:1] == "!"]
    own = [line for line in lines if line.startswith(("fatal:", "error:")) and not _EMPTY_WORDS.match(line)]
    words = " ".join(server[-3:] or refs[-1:] or own[-1:] or lines[-1:]) or f"git ended with {ran.code}"
    plain = "".join(" " if unicodedata.category(char).startswith("C") else char for char in words)
    return re.sub(r"://[^/@\s]*@", "://", plain)[:300].strip()


def _over(transport: Transport, repository: Path, remote: str, *args: str) -> Ran:
    """Run git while it may speak to a remote."""
    with transport(repository, remote) as environment:
        return attempt(repository, *args, env=environment, network=True)


def _may_push(refused: Ran, branch: str) -> str:
    """What to change, by the words of the server that refused a push."""
    words = refused.err + refused.out.decode("utf-8", "replace")
    if re.search(r"GH006|GH013|[Pp]rotected branch|rule violations", words):
        return (
            f"the branch protection of {branch} forbids it: let its rules be 'no deletion' and 'no force push' alone, "
            "then a job's token may push; or let a write deploy key (secret GIT_BILL_KEY) or an App bypass them; "
            "`git bill doctor --ci` names them"
        )
    if "GitLab:" in words:
        return (
            "let the job token push (Settings › CI/CD › Job token permissions) and its user push to "
            f"{branch}, or add a write deploy key (GIT_BILL_KEY) that may"
        )
    if re.search(r"error: 403|Permission to .* denied|Authentication failed", words):
        return "this user, token or key may not write there: in a workflow it needs `contents: write`"
    return f"if a branch protection forbids it, let this user or key push to {branch} or use a write deploy key"


def _judged(
    step: Advance,
    *,
    tried: Callable[[], Ran],
    held: Callable[[], Mapping[str, str]],
    stands: Callable[[str | None], bool],
    pauses: tuple[float, ...],
) -> Done | Moved | Refused | Ran:
    """Try until the refs tell what happened. The last failure itself, where the branch stands where it stood."""
    for pause in (*pauses, None):
        ran = tried()
        if ran.code == 0:
            up_to_date = all(line.startswith(b"=") for line in ran.out.splitlines() if b"\t" in line)
            return Done(ref=step.new, already=up_to_date and b"\t" in ran.out)
        found = held()
        if found == step.wanted:
            return Done(ref=step.new, already=True)
        tip = found.get(step.ref)
        if tip != step.new and not stands(tip):
            return Moved(tip=tip)
        if pause is not None:
            time.sleep(pause * secrets.SystemRandom().uniform(0.5, 1.5))
    for name, tag in step.tags.items():
        if found.get(TAGS + name, tag) != tag:
            return Refused(
                reason=f"the tag {name} is there already, on something else",
                remedy=f"see what it marks with `git show {name}`; a number is never given twice",
            )
    return ran
