"""The jobs' file: written once, brought up to date while it is ours, never over what a person changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import pytest

from git_bill.effects import Done, WriteFile
from git_bill.flows.workflow import ACTION, FILES, TEMPLATES, Jobs, Kind, pin, rendered, set_up_jobs
from git_bill.problem import Exit, Stop

OLD, NEW = f"{ACTION}@{'a' * 40}", f"{ACTION}@{'b' * 40}"


def template(kind: Kind) -> str:
    return (resources.files("git_bill") / "templates" / TEMPLATES[kind]).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Files:
    """A state that is nothing but files."""

    files: Mapping[str, str]
    revision: str | None = None

    def read(self, path: str) -> bytes | None:
        found = self.files.get(path)
        return None if found is None else found.encode()

    def opened(self, path: str) -> bytes | None:
        return self.read(path)

    def paths(self, folder: str) -> tuple[str, ...]:
        return tuple(sorted(path for path in self.files if path.startswith(f"{folder}/")))


def written(kind: Kind, pinned: str, files: Mapping[str, str], branch: str = "main") -> tuple[Jobs, dict[str, str]]:
    """What came of it, and the files that were written."""
    flow = set_up_jobs(Files(files), kind, template(kind), pinned=pinned, branch=branch)
    try:
        plan = next(flow)
        flow.send(tuple(Done() for _ in plan.effects))
    except StopIteration as ended:
        made = {} if "plan" not in locals() else plan.effects
        found: Jobs = ended.value
        return found, {e.path: (e.content or b"").decode() for e in made if isinstance(e, WriteFile)}
    raise AssertionError("one plan is enough")


def test_the_template_says_everything_but_the_pin_and_the_branch() -> None:
    found = rendered("github", template("github"), NEW, "main")
    assert found.count(NEW) == 3
    assert "0" * 40 not in found
    assert found.replace(NEW, f"{ACTION}@{'0' * 40}") == template("github")


@pytest.mark.parametrize("branch", ["trunk", 'we"ird', "a\\b", "releases/**"])
def test_a_branch_is_quoted(branch: str) -> None:
    yaml = pytest.importorskip("ruamel.yaml")
    document = yaml.YAML(typ="safe").load(rendered("github", template("github"), NEW, branch))
    assert document["on"]["push"]["branches"] == [branch]
    assert document["on"]["pull_request"]["branches"] == [branch]


def test_it_is_written_once_and_its_pin_follows() -> None:
    file = FILES["github"]
    jobs, files = written("github", OLD, {})
    assert jobs == Jobs(file=file, written=True)
    assert written("github", OLD, files) == (Jobs(file=file, written=False), {})
    jobs, newer = written("github", NEW, files)
    assert jobs.written
    assert newer[file] == files[file].replace(OLD, NEW)


def test_what_a_person_changed_stays() -> None:
    file = FILES["github"]
    _, files = written("github", OLD, {})
    jobs, made = written("github", NEW, {file: files[file].replace("17 4 * * *", "5 5 * * *")})
    assert made == {}
    assert [problem.rule for problem in jobs.problems] == ["jobs-kept"]
    assert not jobs.written


def test_a_branch_or_tag_is_said_to_move() -> None:
    jobs, files = written("github", f"{ACTION}@v1", {})
    assert [problem.rule for problem in jobs.problems] == ["unpinned-action"]
    assert f"uses: {ACTION}@v1" in files[FILES["github"]]


@pytest.mark.parametrize(
    ("asked", "pinned"),
    [("a" * 40, OLD), ("v1.2", f"{ACTION}@v1.2"), (f"mira/git-bill@{'b' * 40}", f"mira/git-bill@{'b' * 40}")],
)
def test_a_pin(asked: str, pinned: str) -> None:
    assert pin(asked) == pinned


@pytest.mark.parametrize("asked", ["", "a b", "x\n      run: evil", "a@b@c", "../x@y", "$(id)", "-x", "docker://x"])
def test_what_is_no_pin(asked: str) -> None:
    with pytest.raises(Stop) as stopped:
        pin(asked)
    assert stopped.value.exit_code == Exit.USAGE


def test_gitlab_includes_it_beside_what_is_there() -> None:
    file = FILES["gitlab"]
    jobs, files = written("gitlab", "0.1.0", {})
    assert files[".gitlab-ci.yml"] == f"include: {file}\n"
    assert 'GIT_BILL_VERSION: "0.1.0"' in files[file]
    assert jobs == Jobs(file=file, written=True)
    assert written("gitlab", "0.1.0", files)[1] == {}
    jobs, made = written("gitlab", "0.1.0", {".gitlab-ci.yml": "test: {script: make}\n"})
    assert list(made) == [file]
    assert not jobs.included
