"""The jobs that run git-bill on a forge: the file that says them, written once and never over what a person changed."""

import re
from dataclasses import dataclass
from typing import Literal

from git_bill.effects import Flow, Plan, WriteFile
from git_bill.flows.stated import must
from git_bill.ports import Snapshot
from git_bill.problem import Exit, Problem, stop

Kind = Literal["github", "gitlab"]
ACTION = "git-bill/git-bill"  # where the Action is published
FILES: dict[Kind, str] = {"github": ".github/workflows/git-bill.yml", "gitlab": "git-bill.gitlab-ci.yml"}
TEMPLATES: dict[Kind, str] = {"github": "workflows/git-bill.yml", "gitlab": "workflows/git-bill.gitlab-ci.yml"}
PIPELINE, INCLUDE = ".gitlab-ci.yml", f"include: {FILES['gitlab']}\n"
# What a file pins: the Action's commit, the package's version.
_PINS: dict[Kind, re.Pattern[str]] = {
    "github": re.compile(r"(?<=uses: )(?!actions/)\S+@\S+"),
    "gitlab": re.compile(r'(?<=GIT_BILL_VERSION: ")[^"]+'),
}
_REFERENCE = re.compile(r"(?:[A-Za-z0-9][\w.-]*/[\w.-]+@)?[A-Za-z0-9][\w./+-]*")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_EXAMPLE = f"{ACTION}@{'0123456789' * 4}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """`written`: the file was made or brought up to date. `included`: GitLab's own file names it."""

    file: str
    written: bool
    included: bool = True
    problems: tuple[Problem, ...] = ()


def set_up_jobs(state: Snapshot, kind: Kind, template: str, *, pinned: str, branch: str) -> Flow[Jobs]:
    """Write the file of the jobs. A file that differs in more than what it pins was changed by a person, and stays."""
    file, pipeline = FILES[kind], state.read(PIPELINE)
    wanted, there = rendered(kind, template, pinned, branch), (state.read(file) or b"").decode("utf-8", "replace")
    ours = {rendered(kind, template, found, branch) for found in _PINS[kind].findall(there)}
    problems = (_unpinned(file, pinned),) if kind == "github" and not _COMMIT.search(pinned) else ()
    if there and there not in ours:
        return Jobs(file=file, written=False, problems=(_kept(file),))
    effects = [WriteFile(path=file, content=wanted.encode())] if there != wanted else []
    if kind == "gitlab" and pipeline is None:
        effects.append(WriteFile(path=PIPELINE, content=INCLUDE.encode()))
    if effects:
        must((yield Plan(why=f"write {file}", effects=tuple(effects))))
    included = kind != "gitlab" or pipeline is None or FILES["gitlab"].encode() in pipeline
    return Jobs(file=file, written=bool(effects), included=included, problems=problems)


def rendered(kind: Kind, template: str, pinned: str, branch: str) -> str:
    """The template with the pin and the books branch put in; a JSON string is a YAML one."""
    quoted = '"' + branch.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _PINS[kind].sub(lambda _: pinned, template).replace('branches: ["main"]', f"branches: [{quoted}]")


def pin(action: str) -> str:
    """`OWNER/NAME@REF` of what was asked for. Stops (exit 2) at what is neither that nor a ref."""
    if not _REFERENCE.fullmatch(action):
        raise stop(
            Exit.USAGE,
            "wrong-action-ref",
            f"{action!r} names no version of the Action",
            f"write a commit id, or OWNER/NAME@COMMIT: --action-ref {_EXAMPLE}",
        )
    return action if "@" in action else f"{ACTION}@{action}"


def _unpinned(file: str, action: str) -> Problem:
    return Problem(
        rule="unpinned-action",
        severity="warning",
        message=f"{action} is no commit: who can move this branch or tag decides what runs on your books",
        hint=f"name a commit: git bill init --ci github --action-ref {_EXAMPLE}",
        file=file,
    )


def _kept(file: str) -> Problem:
    return Problem(
        rule="jobs-kept",
        severity="warning",
        message="this file was changed by a person, or is another version's, and stays as it is",
        hint=f"to get this version's, put yours aside and compare: mv {file} {file}.old",
        file=file,
    )
