"""Which events start a workflow, and what it then knows of them."""

import pytest
from tests.testbed import events
from tests.testbed.conftest import Run
from tests.testbed.github import ANNA, MIRA, Repository
from tests.testbed.workflows import Runner

pytestmark = pytest.mark.testbed


def on(text: str) -> str:
    return f"on: {text}\njobs: {{one: {{runs-on: x, steps: [{{run: echo ran}}]}}}}\n"


@pytest.mark.parametrize(
    ("text", "ran"),
    [
        ("push", True),
        ("[pull_request, push]", True),
        ("{push: {branches: [main]}}", True),
        ("{push: {branches: ['release/**']}}", False),
        ("{push: {branches-ignore: [main]}}", False),
        ("{push: {branches: ['**', '!main']}}", False),
        ("{push: {tags: ['v*']}}", False),
        ("{push: {paths: ['billing/**']}}", True),
        ("{push: {paths: ['*.toml']}}", False),
        ("{push: {paths-ignore: ['billing/**']}}", False),
        ("{pull_request: {}}", False),
    ],
)
def test_filters_of_a_push(run: Run, books: Repository, *, text: str, ran: bool) -> None:
    books.commit({"billing/settings.toml": "a = 1\n"})
    assert run(on(text)).ran is ran


def test_filters_of_other_events(run: Run, books: Repository) -> None:
    assert run(on("{push: {tags: ['v*']}}"), events.tag(books, "v1.4.0")).ran
    assert not run(on("{push: {branches: [main]}}"), events.tag(books, "v1.4.0")).ran
    assert run(on("{schedule: [{cron: '17 4 * * *'}]}"), events.schedule(books, "17 4 * * *")).ran
    assert not run(on("{schedule: [{cron: '17 4 * * *'}]}"), events.schedule(books, "0 0 1 * *")).ran
    assert run(on("{release: {types: [published]}}"), events.release(books, "v1.5.0")).ran


def test_inputs_of_a_dispatch(run: Run, books: Repository) -> None:
    done = run(
        """
        on: {workflow_dispatch: {inputs: {client: {type: string, default: acme}, period: {type: string}}}}
        jobs: {one: {runs-on: x, steps: [{run: "echo ${{ inputs.client }} ${{ github.event.inputs.period }}"}]}}
        """,
        events.dispatch(books, period="2026-10"),
    )
    assert done.steps[0].log == "acme 2026-10\n"


def test_comments_start_workflows_on_main(run: Run, books: Repository) -> None:
    books.admit(ANNA, "read")
    books.commit({"draft.toml": "n = 1\n"}, branch="bill/1")
    number = books.open_pull(MIRA, "bill/1")
    text = """
        on: {issue_comment: {types: [created]}}
        jobs:
          one:
            if: github.event.issue.pull_request
            runs-on: x
            steps: [{run: 'echo "$GITHUB_REF ${{ github.event.comment.user.login }} ${{ github.event.issue.number }}"'}]
        """
    event = events.issue_comment(books, number, "/bill hold", by=ANNA)
    assert run(text, event).steps[0].log == f"refs/heads/main anna {number}\n"
    assert not run(text, events.issue_comment(books, number, "no", by=ANNA, action="edited")).ran
    issue = books.issue("Login fails")
    assert run(text, events.issue_comment(books, issue, "me too", by=MIRA)).conclusion == "skipped"


def test_dispatching_to_the_workflows_of_a_repository(runner: Runner, books: Repository) -> None:
    books.commit({".github/workflows/one.yml": on("push"), ".github/workflows/two.yml": on("release")})
    runs = runner.dispatch(events.push(books))
    assert {name: run.conclusion for name, run in runs.items()} == {"one.yml": "success"}
