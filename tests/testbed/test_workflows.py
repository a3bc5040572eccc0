"""Workflow files run as on GitHub: filters, permissions, expressions, steps, composite actions, checkout."""

import textwrap
from pathlib import Path

import pytest
from tests.testbed import events
from tests.testbed.conftest import ON_PUSH, Run
from tests.testbed.github import EVE, MIRA, GitHub, Repository
from tests.testbed.workflows import Cancellation, Runner

pytestmark = pytest.mark.testbed

CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"


def test_steps_hand_on_what_the_runner_files_say(run: Run) -> None:
    done = run("""
        - id: say
          env:
            WHO: ${{ github.actor }}
          run: |
            echo "who=$WHO" >> "$GITHUB_OUTPUT"
            printf 'two<<END\\nlines\\nof text\\nEND\\n' >> "$GITHUB_OUTPUT"
            echo "LATER=yes" >> "$GITHUB_ENV"
            mkdir -p bin && printf '#!/bin/sh\\necho tool\\n' > bin/tool && chmod +x bin/tool
            echo "$PWD/bin" >> "$GITHUB_PATH"
            echo "# Collected" >> "$GITHUB_STEP_SUMMARY"
        - id: hear
          run: test "$LATER" = yes && tool && echo "${{ steps.say.outputs.who }} $GITHUB_REF_NAME"
        """)
    assert done.conclusion == "success"
    assert done.jobs[0].step("say").outputs == {"who": "mira", "two": "lines\nof text"}
    assert done.jobs[0].step("hear").log == "tool\nmira main\n"
    assert done.summary == "# Collected\n"


def test_a_failure_skips_what_does_not_ask_for_it(run: Run) -> None:
    done = run("""
        - {id: bad, run: exit 3}
        - {id: skipped, run: echo never}
        - {id: rescue, if: failure(), run: echo saved}
        - {id: always, if: "always() && steps.bad.outcome == 'failure'", run: exit 1, continue-on-error: true}
        """)
    outcomes = {step.id: (step.outcome, step.conclusion) for step in done.steps}
    assert outcomes == {
        "bad": ("failure", "failure"),
        "skipped": ("skipped", "skipped"),
        "rescue": ("success", "success"),
        "always": ("failure", "success"),
    }
    assert done.conclusion == "failure"


def test_annotations_and_masks(run: Run) -> None:
    done = run("""
        - run: |
            echo "::error file=billing/settings.toml,line=3,title=Wrong%2C here::no such key%0Aat all"
            echo "::stop-commands::pause"
            echo "::error::said by a hostile text"
            echo "::pause::"
            echo ${{ secrets.BILLING }}
        """)
    assert done.annotations == (
        {
            "level": "error",
            "file": "billing/settings.toml",
            "line": "3",
            "title": "Wrong, here",
            "message": "no such key\nat all",
        },
    )
    assert "s3cret" in done.raw
    assert "s3cret" not in done.log


def test_broken_runner_files_fail_the_step(run: Run) -> None:
    done = run("- run: echo no assignment >> $GITHUB_ENV")
    assert done.conclusion == "failure"
    assert "Invalid format 'no assignment'" in done.log


def test_the_parser_refuses_what_github_refuses(run: Run) -> None:
    done = run("on: push\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    stepz: []\n")
    assert not done.ran
    assert any("stepz" in error for error in done.errors)


PERMISSIONS = """
    on: [push, pull_request]
    permissions: {{}}
    jobs:
      one:
        runs-on: ubuntu-24.04
        permissions: {permissions}
        steps:
          - env:
              TOKEN: ${{{{ github.token }}}}
            run: |
              curl -s -X POST -H "Authorization: Bearer $TOKEN" -d '{{"state": "success"}}' \\
                "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/statuses/{sha}"
    """


def test_the_token_may_what_the_job_may(run: Run, books: Repository) -> None:
    denied = run(PERMISSIONS.format(permissions="{contents: write}", sha=books.tip()))
    assert "Resource not accessible by integration" in denied.log
    granted = run(PERMISSIONS.format(permissions="{statuses: write}", sha=books.tip()))
    assert '"creator": {"login": "github-actions[bot]"' in granted.log
    assert granted.jobs[0].permissions == {"statuses": "write"}


def test_pull_requests_from_forks_only_read(github: GitHub, tmp_path: Path) -> None:
    shop = github.repository("shop", private=False, files={"README.md": "Shop\n"})
    shop.fork(EVE).commit({"x": "y\n"}, by=EVE)
    event = events.pull_request(shop, shop.open_pull(EVE, "eve:main"), "opened")
    file = tmp_path / "workflow.yml"
    text = textwrap.dedent(PERMISSIONS.format(permissions="{statuses: write}", sha=shop.tip()))
    file.write_text(text + '      - run: test -z "${{ secrets.BILLING }}"\n', encoding="utf-8")
    done = Runner(repository=shop, folder=tmp_path / "runner", secrets={"BILLING": "s3cret"}).run(file, event)
    assert event.fork
    assert done.conclusion == "success"
    assert done.jobs[0].permissions == {"statuses": "read"}
    assert "Resource not accessible by integration" in done.log


@pytest.mark.parametrize(
    ("given", "commits", "credentials"),
    [("{fetch-depth: 0, persist-credentials: false}", "3", "none"), ("{}", "1", "kept")],
)
def test_checkout_fetches_the_event(run: Run, books: Repository, *, given: str, commits: str, credentials: str) -> None:
    books.commit({"a.txt": "a\n"})
    books.commit({"b.txt": "b\n"})
    event = events.push(books)
    books.commit({"later.txt": "c\n"})  # what came after the event is not what a job sees
    done = run(
        f"""
        - uses: {CHECKOUT}
          with: {given}
        - run: |
            ls; git rev-list --count HEAD; git branch --show-current
            git config --get-regexp extraheader > /dev/null && echo kept || echo none
        """,
        event,
    )
    assert done.steps[-1].log.split() == ["README.md", "a.txt", "b.txt", commits, "main", credentials]


def test_checkout_of_a_pull_request_is_of_the_merge(run: Run, books: Repository) -> None:
    books.commit({"draft.toml": "n = 1\n"}, branch="bill/1")
    number = books.open_pull(MIRA, "bill/1")
    books.commit({"meanwhile.txt": "x\n"})
    done = run(
        f"""
        on: {{pull_request: {{branches: [main], paths: ["*.toml"]}}}}
        jobs:
          one:
            runs-on: ubuntu-24.04
            permissions: {{contents: read}}
            steps:
              - uses: {CHECKOUT}
              - run: ls; echo "$GITHUB_REF $GITHUB_HEAD_REF $GITHUB_BASE_REF"
        """,
        events.pull_request(books, number, "opened"),
    )
    merge = f"refs/pull/{number}/merge bill/1 main"
    assert done.steps[-1].log == f"README.md\ndraft.toml\nmeanwhile.txt\n{merge}\n"


def test_a_job_can_push_with_its_token(run: Run, books: Repository) -> None:
    done = run(f"""
        on: push
        jobs:
          one:
            runs-on: ubuntu-24.04
            permissions: {{contents: write}}
            steps:
              - uses: {CHECKOUT}
              - run: |
                  git config user.name Bot; git config user.email bot@example.net
                  echo 1 > made.txt; git add .; git commit -q -m Made; git push -q origin HEAD
        """)
    assert done.conclusion == "success", done.log
    assert books.read("made.txt") == "1\n"


@pytest.mark.parametrize("uses", ["./ours", "mira/git-bill@v1"])
def test_composite_actions(runner: Runner, books: Repository, tmp_path: Path, uses: str) -> None:
    action = """
        name: Ours
        description: Says what it is given
        inputs:
          command: {description: What to do, required: true}
          quiet: {description: Say less, default: "no"}
        outputs:
          said: {description: What it said, value: "${{ steps.one.outputs.said }}"}
        runs:
          using: composite
          steps:
            - id: one
              shell: bash
              env:
                COMMAND: ${{ inputs.command }}
              run: |
                echo "said=$COMMAND ${{ inputs.quiet }}" >> "$GITHUB_OUTPUT"
                test -f "$GITHUB_ACTION_PATH/action.yml"
        """
    books.commit({"ours/action.yml": textwrap.dedent(action)})
    published = tmp_path / "published"
    published.mkdir()
    (published / "action.yml").write_text(textwrap.dedent(action), encoding="utf-8")
    known = Runner(repository=books, folder=runner.folder, actions={"mira/git-bill": published})
    file = tmp_path / "workflow.yml"
    steps = f"- uses: {CHECKOUT}\n- id: ours\n  uses: {uses}\n  with: {{command: collect, wrong: 1}}\n"
    file.write_text(ON_PUSH + textwrap.indent(steps, "      "), encoding="utf-8")
    done = known.run(file, events.push(books))
    assert done.jobs[0].step("ours").outputs == {"said": "collect no"}
    assert "Unexpected input(s) 'wrong'" in done.log


def test_needs_and_outputs(run: Run) -> None:
    done = run("""
        on: push
        concurrency: {group: "git-bill-${{ github.repository }}", cancel-in-progress: false}
        jobs:
          last:
            needs: first
            if: needs.first.outputs.found == '7'
            runs-on: ubuntu-24.04
            steps: [{run: "echo ${{ needs.first.outputs.found }}"}]
          never:
            needs: last
            if: github.ref == 'refs/heads/other'
            runs-on: ubuntu-24.04
            steps: [{run: exit 1}]
          first:
            runs-on: ubuntu-24.04
            outputs: {found: "${{ steps.find.outputs.n }}"}
            steps: [{id: find, run: 'echo "n=7" >> "$GITHUB_OUTPUT"'}]
        """)
    assert {job.id: job.conclusion for job in done.jobs} == {"first": "success", "last": "success", "never": "skipped"}
    assert done.jobs[0].concurrency is not None
    assert done.jobs[0].concurrency["group"].startswith("git-bill-mira/books")
    assert done.outputs == {"found": "7"}


def test_a_cancelled_run(run: Run, books: Repository) -> None:
    cancel = Cancellation()
    books.github.faults.meanwhile(cancel, path=f"/{books.full_name}(.git)?/info/refs")
    done = run(
        f"""
        - {{id: fetch, uses: "{CHECKOUT.split(maxsplit=1)[0]}"}}
        - {{id: next, run: sleep 60}}
        - {{id: tidy, if: always(), run: echo tidied}}
        """,
        cancellation=cancel,
    )
    assert done.conclusion == "cancelled"
    assert [step.outcome for step in done.steps] == ["cancelled", "skipped", "success"]
