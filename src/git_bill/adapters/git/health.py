"""What git tells of a clone's fitness as a source, and of the books remote."""

import time
from pathlib import Path

from git_bill.adapters.git.clone import asked
from git_bill.adapters.git.folders import common
from git_bill.adapters.git.refs import HEADS, advertised
from git_bill.adapters.git.run import attempt, version
from git_bill.adapters.git.transport import Transport, as_git_does
from git_bill.clone import Health
from git_bill.problem import Problem, Stop

_DAY = 86400
_MANY = 20_000  # commits: to walk more takes a second and more where each is read


def git_version() -> tuple[int, int] | Problem:
    """Major and minor version of the git program, or why there is none."""
    try:
        return version()
    except Stop as stopped:
        return stopped.problems[0]


def health(clone: Path) -> Health | None:
    """How much of its history a clone has and keeps; None where there is no repository."""
    found = asked(clone, "rev-parse", "--is-shallow-repository", "--is-bare-repository") if clone.is_dir() else None
    if found is None or found.code:
        return None
    shallow, bare = (line == "true" for line in found.out.decode("ascii").split())
    promisor = attempt(clone, "config", "--get-regexp", r"^remote\..*\.promisor$", "^true$")
    logs = attempt(clone, "config", "--type=bool", "--get", "core.logAllRefUpdates")
    return Health(
        path=clone,
        shallow=shallow,
        partial=promisor.code == 0,
        graph=_quick(clone),
        reflog=bare or logs.out.strip() != b"false",
        reflog_days=_days(clone, "gc.reflogExpireUnreachable"),
    )


def _quick(clone: Path) -> bool:
    """Whether a walk through history takes little time: git's own file tells it, or there are not many commits."""
    objects = common(clone) / "objects" / "info"
    if any((objects / name).exists() for name in ("commit-graph", "commit-graphs")):
        return True
    counted = attempt(clone, "rev-list", "--all", "--count", f"--max-count={_MANY}")
    return counted.out.strip() != str(_MANY).encode()


def _days(clone: Path, name: str) -> int | None:
    """How many days git keeps what a setting names; None where it is silent, or says for ever."""
    ran = attempt(clone, "config", "--type=expiry-date", "--get", name)
    moment = ran.out.strip()
    return max(0, int(time.time()) - int(moment)) // _DAY if ran.code == 0 and moment not in {b"", b"0"} else None


def remote_tip(top: Path, remote: str, branch: str, transport: Transport = as_git_does) -> str | Problem | None:
    """The commit of the books branch on the remote now, None where it has none, or why it can't be reached."""
    try:
        return advertised(top, remote, HEADS + branch, transport=transport).get(HEADS + branch)
    except Stop as stopped:
        return stopped.problems[0]
