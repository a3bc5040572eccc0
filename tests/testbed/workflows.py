"""Runs workflow files as GitHub would, with its own parser and evaluator, against the testbed's GitHub."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.testbed.accounts import LEVELS, Level
from tests.testbed.events import Event
from tests.testbed.github import Repository
from tests.testbed.tools import FOLDER, HERE, node

Json = dict[str, Any]
Conclusion = Literal["success", "failure", "cancelled", "skipped"]
SCRIPTS = ("json", "workflow", "expressions", "triggers", "steps", "log", "checkout")
LIMIT_SECONDS = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step, those inside composite actions too. `log` as GitHub shows it, secrets masked; `raw` as it was said."""

    id: str
    name: str
    outcome: Conclusion
    conclusion: Conclusion
    outputs: Mapping[str, str]
    log: str
    raw: str
    annotations: tuple[Mapping[str, str], ...]
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job, with what its token was allowed."""

    id: str
    conclusion: Conclusion
    outputs: Mapping[str, str]
    permissions: Mapping[str, Level]
    concurrency: Mapping[str, Any] | None
    steps: tuple[Step, ...]

    def step(self, id: str) -> Step:
        """The first one with an id."""
        return next(step for step in self.steps if step.id == id)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRun:
    """How a run went. `ran` False: the event does not start it. `errors`: why GitHub's parser refuses the file."""

    ran: bool
    errors: tuple[str, ...] = ()
    jobs: tuple[Job, ...] = ()

    @property
    def conclusion(self) -> Conclusion:
        """Of the run as a whole."""
        found = {job.conclusion for job in self.jobs}
        order: tuple[Conclusion, ...] = ("failure", "cancelled", "success", "skipped")
        return "failure" if self.errors else next((one for one in order if one in found), "skipped")

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for job in self.jobs for step in job.steps)

    @property
    def log(self) -> str:
        """What people with access to the run read: secrets are masked."""
        return "".join(f"# {step.name}\n{step.log}" for step in self.steps)

    @property
    def raw(self) -> str:
        """The log before masking, where a secret would show that the program let slip."""
        return "".join(step.raw for step in self.steps)

    @property
    def summary(self) -> str:
        """What the steps wrote for the run's page, in Markdown."""
        return "".join(step.summary for step in self.steps)

    @property
    def annotations(self) -> tuple[Mapping[str, str], ...]:
        """`level`, `message`, and `file`, `line`, `title` where given."""
        return tuple(one for step in self.steps for one in step.annotations)

    @property
    def outputs(self) -> Mapping[str, str]:
        """Of all jobs together."""
        return {name: value for job in self.jobs for name, value in job.outputs.items()}


@dataclass(slots=True)
class Cancellation:
    """Called while a run is under way, it cancels it, as the button on its page does: give it to `faults.meanwhile`."""

    process: "subprocess.Popen[bytes] | None" = None

    def __call__(self) -> None:
        assert self.process is not None, "no run is under way"
        self.process.send_signal(signal.SIGTERM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """A machine that runs jobs of a repository's workflows. `path`: folders with the programs that it has.

    `actions`: where published actions lie on this disk, `{"owner/name": Path}`; any ref of them is taken.
    """

    repository: Repository
    folder: Path
    path: tuple[str, ...] = ()
    actions: Mapping[str, Path] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)

    def run(self, file: Path, event: Event, *, cancellation: Cancellation | None = None) -> WorkflowRun:
        """Run a workflow file for an event, every job of it after the other; each has a workspace of its own."""
        self.folder.mkdir(parents=True, exist_ok=True)
        here = Path(tempfile.mkdtemp(prefix="run-", dir=self.folder))
        spec, said = here / "spec.json", here / "node.log"
        spec.write_text(json.dumps(self._spec(file, event, here)), encoding="utf-8")
        scripts = _scripts()
        command: list[str | Path] = [node(), "--import", scripts / "json.mjs", scripts / "workflow.mjs", spec]
        with said.open("wb") as errors:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
        try:
            return self._follow(process, event, cancellation or Cancellation())
        except ValueError:
            raise RuntimeError(f"the workflow runner failed:\n{said.read_text(encoding='utf-8')}") from None
        finally:
            process.kill()
            process.wait()

    def _follow(self, process: "subprocess.Popen[bytes]", event: Event, cancellation: Cancellation) -> WorkflowRun:
        """Hear of the jobs, give them tokens, hear how they went. Raises ValueError when the program ends early."""
        assert process.stdout is not None
        plan = json.loads(process.stdout.readline())
        if not plan["starts"]:
            return WorkflowRun(ran=False, errors=tuple(plan["errors"]))
        allowed = {job["id"]: _allowed(job["permissions"], event) for job in plan["jobs"]}
        tokens = {job: self._token(permissions) for job, permissions in allowed.items()}
        cancellation.process = process
        rows, _ = process.communicate(json.dumps(tokens).encode(), timeout=LIMIT_SECONDS)
        for token in tokens.values():  # GitHub revokes it when the job ends
            self.repository.github.site.tokens.pop(token)
        return WorkflowRun(ran=True, jobs=tuple(_job(row, allowed[row["id"]]) for row in json.loads(rows)))

    def dispatch(self, event: Event) -> dict[str, WorkflowRun]:
        """Run all workflows that the repository has at the event's commit and that the event starts, by file name."""
        bare = self.repository.hosted.bare
        found = bare.git("ls-tree", "--name-only", event.sha, ".github/workflows/").splitlines()
        runs = {}
        for path in found:
            file = self.folder / "workflows" / event.sha / Path(path).name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(bare.content(bare.blob(event.sha, path) or ""))
            runs[file.name] = self.run(file, event)
        return {name: run for name, run in runs.items() if run.ran or run.errors}

    def _token(self, permissions: Mapping[str, Level]) -> str:
        return self.repository.github.token(kind="job", repository=self.repository, permissions=permissions)

    def _spec(self, file: Path, event: Event, here: Path) -> Json:
        payload, home = here / "event.json", here / "home"
        payload.write_text(json.dumps(event.payload), encoding="utf-8")
        home.mkdir()
        (here / "temp").mkdir()
        git = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": str(home / ".gitconfig")}
        return {
            "workflow": str(file),
            "event": event.name,
            "payload": event.payload,
            "changed": list(event.changed),
            "github": self._context(event, payload),
            "inputs": event.payload.get("inputs", {}),
            "secrets": {} if event.fork else dict(self.secrets),
            "vars": dict(self.variables),
            "actions": {name: str(path) for name, path in self.actions.items()},
            "workspaces": str(here / "work"),
            "temp": str(here / "temp"),
            "path": [*self.path, *os.environ["PATH"].split(":")],
            "host": {"HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC", **git, **self.env},
        }

    def _context(self, event: Event, payload: Path) -> Json:
        github = self.repository.github
        kind = "tag" if event.ref.startswith("refs/tags/") else "branch"
        return {
            "event_name": event.name,
            "event": event.payload,
            "event_path": str(payload),
            "ref": event.ref,
            "ref_name": event.ref.removeprefix("refs/heads/").removeprefix("refs/tags/").removeprefix("refs/pull/"),
            "ref_type": kind,
            "ref_protected": event.ref.removeprefix("refs/heads/") in self.repository.hosted.protection,
            "sha": event.sha,
            "head_ref": event.head_ref,
            "base_ref": event.base_ref,
            "repository": self.repository.full_name,
            "repository_id": "500100200",
            "repository_owner": self.repository.hosted.owner.login,
            "actor": event.actor,
            "triggering_actor": event.actor,
            "run_id": "1",
            "run_number": "1",
            "run_attempt": "1",
            "server_url": github.origin,
            "api_url": github.api,
            "graphql_url": f"{github.origin}/api/graphql",
        }


def _allowed(permissions: Mapping[str, Level], event: Event) -> dict[str, Level]:
    """What the token of a job may do; of a pull request from a fork, at most read."""
    most: Level = "read" if event.fork else "write"
    return {name: min(level, most, key=LEVELS.index) for name, level in permissions.items()}


def _job(row: Json, permissions: Mapping[str, Level]) -> Job:
    steps = tuple(Step(**step | {"annotations": tuple(step["annotations"])}) for step in row["steps"])
    return Job(**row | {"steps": steps, "permissions": permissions})


def _scripts() -> Path:
    """A copy of the scripts beside the packages that they import: node looks for these there."""
    target = FOLDER / "scripts"
    target.mkdir(exist_ok=True)
    for source in _sources():
        copy = target / source.name
        if not copy.exists() or copy.read_bytes() != source.read_bytes():
            with tempfile.NamedTemporaryFile(dir=target, delete=False) as new:
                new.write(source.read_bytes())
            shutil.move(new.name, copy)
    return target


def _sources() -> Iterator[Path]:
    return (HERE / f"{name}.mjs" for name in SCRIPTS)
