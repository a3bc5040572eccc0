"""`git bill ci` in a checkout as a job has it: the event's commands run, and GitHub is told in its own words."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.cli.mirasbooks import Books, Ran

from git_bill.cli.ci import SECRETS

PAYLOADS = Path(__file__).parents[1] / "testbed" / "payloads"
RECORDED = [path.stem for path in PAYLOADS.glob("*.json")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a job ended, and the files that GitHub reads of it."""

    ran: Ran
    summary: str
    outputs: Mapping[str, str]

    @property
    def annotations(self) -> list[str]:
        return [line for line in self.ran.stdout.splitlines() if line.startswith("::")]


@dataclass(frozen=True, slots=True)
class Jobs:
    """A forge that is a bare repository, and jobs that check it out with an empty home."""

    folder: Path
    origin: Path
    program: Callable[..., Ran] = field(repr=False)
    git: Callable[..., str] = field(repr=False)

    def checkout(self, ref: str = "main", *, depth: int = 0) -> Path:
        """As actions/checkout leaves it: nothing but a remote, its branches and a HEAD."""
        top = self.folder / f"job-{len(list(self.folder.glob('job-*')))}"
        top.mkdir()
        self.git(top, "init", "-q", "-b", "unborn")
        self.git(top, "remote", "add", "origin", self.origin.as_uri())
        some = (f"--depth={depth}",) if depth else ()
        wanted = (
            (f"+refs/heads/{ref}:refs/remotes/origin/{ref}",) if depth else ("+refs/heads/*:refs/remotes/origin/*",)
        )
        self.git(top, "fetch", "-q", "--no-tags", *some, "origin", *wanted, "+refs/tags/*:refs/tags/*")
        if ref.startswith("refs/"):
            self.git(top, "fetch", "-q", "origin", f"+{ref}:refs/remotes/{ref.removeprefix('refs/')}")
            self.git(top, "checkout", "-q", "--force", f"refs/remotes/{ref.removeprefix('refs/')}")
        else:
            self.git(top, "checkout", "-q", "--force", "-B", ref, f"refs/remotes/origin/{ref}")
        return top

    def run(
        self, event: str, payload: object, top: Path | None = None, env: Mapping[str, str] | None = None, **inputs: str
    ) -> Told:
        """Run the Action's line; `payload`: text as it is, or an object, or the name of a recorded one."""
        top = top or self.checkout()
        place = self.folder / f"{top.name}.files"
        place.mkdir(exist_ok=True)
        if payload in RECORDED:
            payload = (PAYLOADS / f"{payload}.json").read_text()
        (place / "event.json").write_text(payload if isinstance(payload, str) else json.dumps(payload))
        files = {"GITHUB_STEP_SUMMARY": place / "summary", "GITHUB_OUTPUT": place / "output"}
        for file in files.values():
            file.write_text("")
        environment = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(place / "event.json"),
            "RUNNER_TEMP": str(place),
            **{name: str(file) for name, file in files.items()},
        }
        ran = self.program("ci", cwd=top, env={**environment, **(env or {}), **inputs})
        outputs = read_outputs(files["GITHUB_OUTPUT"].read_text())
        return Told(ran=ran, summary=files["GITHUB_STEP_SUMMARY"].read_text(), outputs=outputs)


def read_outputs(text: str) -> dict[str, str]:
    """As the runner reads them: `name<<delimiter`, lines, the delimiter."""
    found: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        name, _, delimiter = line.partition("<<")
        if delimiter:
            value = []
            for each in lines:
                if each == delimiter:
                    break
                value.append(each)
            found[name] = "\n".join(value)
    return found


@pytest.fixture
def jobs(mira: Books, tmp_path: Path, git_bill: Callable[..., Ran], git: Callable[..., str]) -> Jobs:
    """Mira's books on a forge."""
    origin = tmp_path / "origin.git"
    git(mira.top, "add", ".")
    git(mira.top, "commit", "-qm", "Start the books")
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(origin))
    git(mira.top, "remote", "add", "origin", str(origin))
    git(mira.top, "push", "-q", "-u", "origin", "main")
    return Jobs(tmp_path, origin, git_bill, git)


def drafted(jobs: Jobs) -> tuple[str, str]:
    """A draft's branch on the forge: its name and commit."""
    told = jobs.run("workflow_dispatch", "workflow-dispatch-draft", GIT_BILL_CLIENT="acme", GIT_BILL_PERIOD="2026-10")
    assert told.ran.returncode == 0, told.ran.stderr
    name = told.outputs["drafts"]
    return name, jobs.git(jobs.origin, "rev-parse", f"bill/{name}")


def opened(name: str, commit: str, *, fork: bool = False) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads((PAYLOADS / f"pull-request-{'fork' if fork else 'opened'}.json").read_text())
    payload["pull_request"]["head"].update(ref=f"bill/{name}", sha=commit)
    return payload


def test_a_push_collects_records_and_sweeps(mira: Books, jobs: Jobs) -> None:
    (mira.top / "shop.txt").write_text("pay by card\n" * 30)
    jobs.git(mira.top, "commit", "-qam", "WEB-11 pay by card", at="2026-10-12T10:00:00+02:00")
    jobs.git(mira.top, "push", "-q")
    told = jobs.run("push", "push-books")
    assert told.ran.returncode == 0, told.ran.stderr
    assert "1 entry added" in told.ran.stdout
    assert "WEB-11" in jobs.git(jobs.origin, "show", "main:billing/manifest/acme/2026-10.toml")
    assert (
        jobs.git(jobs.origin, "log", "-1", "--format=%cn %ce %s", "main")
        == "git-bill git-bill@localhost Record the books"
    )
    assert told.summary.startswith("### collect\n\nMain moved.\n\n")
    assert "; 1 entry added" in told.summary
    assert "### issue\n\nMain moved: what was merged is issued.\n" in told.summary
    assert told.outputs == {"ok": "true", "number": "", "numbers": "", "drafts": "", "url": ""}
    again = jobs.git(jobs.origin, "rev-parse", "main")
    assert jobs.run("push", "push-books").ran.returncode == 0
    assert jobs.git(jobs.origin, "rev-parse", "main") == again, "twice is once: no loop of pushes"


def test_nothing_to_do_says_why(jobs: Jobs) -> None:
    told = jobs.run("pull_request", "pull-request-labeled")
    assert told.ran.returncode == 0
    assert told.ran.stdout == "Nothing to do: this does not change what the pull request bills.\n"
    assert "This does not change what the pull request bills." in told.summary
    assert told.outputs["ok"] == "true"


def test_a_draft_is_made_then_checked(jobs: Jobs) -> None:
    name, commit = drafted(jobs)
    jobs.git(jobs.origin, "update-ref", "refs/pull/1/merge", commit)
    assert jobs.run("pull_request", opened(name, commit), jobs.checkout("refs/pull/1/merge")).outputs["ok"] == "true"
    top = jobs.checkout("refs/pull/1/merge")
    told = jobs.run("pull_request", opened(name, commit), top, GIT_BILL_STRICT="true")
    assert told.ran.returncode == 1, "the address of Acme is not known yet"
    assert told.outputs["ok"] == "false"
    found = [line for line in told.annotations if "file=billing/clients/acme.toml" in line]
    assert found
    assert all(
        line.startswith(("::error title=git-bill%3A ", "::warning title=git-bill%3A ")) for line in told.annotations
    )
    assert "| ⚠️ warning | billing/clients/acme.toml" in told.summary


def test_a_fork_is_checked_without_any_secret(jobs: Jobs, tmp_path: Path) -> None:
    name, commit = drafted(jobs)
    jobs.git(jobs.origin, "update-ref", "refs/pull/1/merge", commit)
    jobs.git(jobs.origin, "update-ref", "-d", f"refs/heads/bill/{name}")
    before = jobs.git(jobs.origin, "for-each-ref")
    names = ("GITHUB_TOKEN", "GIT_BILL_TOKEN", "GIT_BILL_KEY", "GIT_BILL_APP_KEY", "GIT_BILL_IDENTITY")
    secrets = dict.fromkeys(names, "s3cret")
    top, event = jobs.checkout("refs/pull/1/merge"), opened(name, commit, fork=True)
    told = jobs.run("pull_request", event, top, GIT_BILL_STRICT="true", env=secrets)
    assert told.ran.returncode == 1, "checked like any other"
    assert "### check" in told.summary
    assert jobs.git(jobs.origin, "for-each-ref") == before
    told = jobs.run("pull_request", event, GIT_BILL_COMMAND="issue", env=secrets)
    assert told.ran.returncode == 0
    assert "comes from a fork" in told.ran.stdout


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("GITHUB_TOKEN", True),
        ("GIT_BILL_SOURCES_TOKEN", True),
        ("GIT_BILL_STRIPE_KEY", True),
        ("GIT_BILL_PAYPAL_CLIENT", True),
        ("GIT_BILL_PAYPAL_SECRET", True),
        ("GIT_BILL_CLIENT", False),
        ("GITHUB_REPOSITORY", False),
    ],
)
def test_what_a_look_at_strangers_work_goes_without(name: str, *, is_one: bool) -> None:
    assert bool(SECRETS.fullmatch(name)) == is_one


def test_a_tag_drafts_its_work(mira: Books, jobs: Jobs) -> None:
    jobs.git(mira.top, "tag", "v1.2.0", "HEAD~3")
    jobs.git(mira.top, "tag", "v1.3.0", "HEAD~1")
    jobs.git(mira.top, "push", "-q", "--tags")
    top = jobs.checkout()
    jobs.git(top, "checkout", "-q", "--force", "refs/tags/v1.3.0")
    told = jobs.run("push", "push-tag", top, GIT_BILL_CLIENT="acme")
    assert told.ran.returncode == 0, told.ran.stderr
    assert "v1.3.0" in told.outputs["drafts"]
    assert jobs.git(jobs.origin, "branch", "--list", f"bill/{told.outputs['drafts']}")


def test_settings_that_can_not_be_read_are_annotated_at_their_line(mira: Books, jobs: Jobs) -> None:
    settings = mira.top / "billing" / "billing.toml"
    settings.write_text(settings.read_text().replace("[numbering]", "[numbring]"))
    lines = settings.read_text().splitlines()
    if "[numbring]" not in lines:
        settings.write_text(settings.read_text() + '\n[numbring]\nlast = "x"\n')
        lines = settings.read_text().splitlines()
    jobs.git(mira.top, "commit", "-qam", "Break it")
    jobs.git(mira.top, "push", "-q")
    told = jobs.run("schedule", "schedule")
    assert told.ran.returncode == 3
    line = lines.index("[numbring]") + 1
    (found,) = told.annotations
    assert f",file=billing/billing.toml,line={line}::" in found
    assert "The job could not begin." in told.summary


def test_a_shallow_checkout_is_refused_with_the_line_to_add(mira: Books, jobs: Jobs) -> None:
    told = jobs.run("push", "push-books", jobs.checkout(depth=1))
    assert told.ran.returncode == 4
    assert "fetch-depth: 0" in told.ran.stderr
    assert "fetch-depth: 0" in told.annotations[0]


def test_another_default_branch_is_learned_from_the_event(mira: Books, jobs: Jobs) -> None:
    jobs.git(mira.top, "branch", "-m", "main", "trunk")
    jobs.git(mira.top, "push", "-q", "origin", "trunk")
    jobs.git(jobs.origin, "symbolic-ref", "HEAD", "refs/heads/trunk")
    jobs.git(jobs.origin, "branch", "-D", "main")
    payload = json.loads((PAYLOADS / "push-books.json").read_text())
    payload["ref"] = "refs/heads/trunk"
    payload["repository"]["default_branch"] = "trunk"
    told = jobs.run("push", payload, jobs.checkout("trunk"))
    assert told.ran.returncode == 0, told.ran.stderr
    assert "trunk moved" in told.ran.stdout


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '"push"', "{'ref': 1}", "[" * 200_000, '{"n": ' + "9" * 5000 + "}", "\x00"],
    ids=["empty", "cut", "list", "null", "text", "python", "deep", "number", "nul"],
)
def test_an_event_that_is_no_object_is_one_problem(jobs: Jobs, text: str) -> None:
    told = jobs.run("push", text)
    assert told.ran.returncode == 2
    assert "no JSON object" in told.ran.stderr
    assert "Traceback" not in told.ran.stderr
    assert told.annotations[0].startswith("::error title=git-bill%3A event-malformed::")
    assert told.outputs["ok"] == "false"


def test_a_huge_event_is_not_read(jobs: Jobs) -> None:
    told = jobs.run("push", '{"ref": "' + "a" * 33_000_000 + '"}')
    assert told.ran.returncode == 2
    assert "at most 32 MB" in told.ran.stderr


def test_an_event_without_end_is_not_read(mira: Books) -> None:
    env = {"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": "/dev/zero", "GITHUB_ACTIONS": "true"}
    ran = mira.program("ci", cwd=mira.top, env=env)
    assert ran.returncode == 2
    assert "the event in /dev/zero can't be read" in ran.stderr


def test_outside_of_a_job(mira: Books) -> None:
    ran = mira.program("ci", cwd=mira.top)
    assert ran.returncode == 2
    assert "this is no job of GitHub" in ran.stderr


def test_json_is_one_object(jobs: Jobs, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text((PAYLOADS / "schedule.json").read_text())
    env = {"GITHUB_EVENT_NAME": "schedule", "GITHUB_EVENT_PATH": str(event), "GITHUB_ACTIONS": "true"}
    ran = jobs.program("ci", "--json", cwd=jobs.checkout(), env=env)
    answer = json.loads(ran.stdout)
    assert answer["ok"]
    assert [(one["command"], one["exit_code"]) for one in answer["activities"]] == [
        ("collect", 0),
        ("answer", 0),
        ("issue", 0),
        ("reconcile", 0),
    ]
    assert not answer["numbers"]


def test_a_dry_run_changes_nothing(mira: Books, jobs: Jobs, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text((PAYLOADS / "workflow-dispatch-draft.json").read_text())
    env = {"GITHUB_EVENT_NAME": "workflow_dispatch", "GITHUB_EVENT_PATH": str(event), "GITHUB_ACTIONS": "true"}
    before = jobs.git(jobs.origin, "for-each-ref")
    ran = jobs.program("ci", "--dry-run", cwd=jobs.checkout(), env=env)
    assert ran.returncode == 0, ran.stderr
    assert "Nothing was done." in ran.stdout
    assert jobs.git(jobs.origin, "for-each-ref") == before


def test_of_several_people_nobody_is_meant_and_nothing_is_signed_off(mira: Books, jobs: Jobs) -> None:
    with (mira.top / "billing" / "billing.toml").open("a") as file:
        file.write(
            '\n[[contributors]]\nid = "ivo"\nname = "Ivo"\nemails = ["ivo@example.net"]\ntimezone = "Europe/Berlin"\n'
        )
    jobs.git(mira.top, "commit", "-qam", "Ivo works here too")
    jobs.git(mira.top, "push", "-q")
    name, _ = drafted(jobs)
    told = jobs.run("schedule", "schedule")
    assert told.ran.returncode == 0, told.ran.stderr
    assert "unknown-caller" not in told.ran.stderr
    refused = jobs.program("approve", name, "--yes", cwd=jobs.checkout(), env={"GITHUB_ACTIONS": "true"})
    assert refused.returncode != 0
    assert "your role does not allow this" in refused.stderr


def test_commands_of_later_are_refused_in_one_sentence(jobs: Jobs) -> None:
    told = jobs.run("schedule", "schedule", GIT_BILL_COMMAND="remind")
    assert told.ran.returncode == 2
    assert "remind is planned and not in this version of git-bill" in told.ran.stderr


def test_hostile_inputs_are_values(jobs: Jobs) -> None:
    for value in ("--yes", "$(touch pwned)", "acme\n::error::x", "a" * 5000):
        top = jobs.checkout()
        told = jobs.run("schedule", "schedule", top, GIT_BILL_COMMAND="draft", GIT_BILL_CLIENT=value)
        assert told.ran.returncode in {1, 2}
        assert "Traceback" not in told.ran.stderr
        assert not list(top.rglob("pwned"))
        assert all(line.startswith("::error title=git-bill") for line in told.annotations)
