"""Linear's export and what its API answers; our question is held to its official schema."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.tickets.broken import told

from git_bill.forge import Ticket
from git_bill.sources.tickets.issue import Export
from git_bill.sources.tickets.linear import QUERY, read

BERLIN = ZoneInfo("Europe/Berlin")
SCHEMA = Path(__file__).parents[4] / "shared" / "data" / "specs" / "linear.schema.graphql"
CART = Ticket(
    key="WEB-12",
    title="Keep the cart",
    url="",
    state="closed",
    labels=("shop", "estimate: 3h", "3 points"),
    milestone="Beta",
    estimate=180,
)
NODE: dict[str, Any] = {
    "identifier": "WEB-12",
    "title": "Keep the cart",
    "estimate": 3.0,
    "updatedAt": "2026-10-06T08:00:00.000Z",
    "state": {"name": "Fertig", "type": "completed"},
    "labels": {"nodes": [{"name": "shop"}, {"name": "estimate: 3h"}]},
    "project": {"name": "Web Shop"},
    "projectMilestone": {"name": "Beta"},
}
HEAD = (
    "ID,Team,Title,Description,Status,Estimate,Priority,Project,Labels,Updated,Completed,Canceled,Project Milestone\n"
)
ROW = (
    'WEB-12,Web,Keep the cart,"a\nb",Fertig,3,High,Web Shop,"shop, estimate: 3h",'
    "Tue Oct 06 2026 08:00:00 GMT+0000 (GMT),2026-10-06,,Beta\n"
)


def answer(*nodes: object) -> str:
    return json.dumps({"data": {"issues": {"nodes": nodes, "pageInfo": {"hasNextPage": False, "endCursor": None}}}})


def found(text: str) -> Export:
    export = read(text, "linear", BERLIN)
    assert export.problems == ()
    return export


@pytest.mark.parametrize("text", [answer(NODE), HEAD + ROW, f"[{answer()}, {answer(NODE)}]"])
def test_each_form_tells_the_same_ticket(text: str) -> None:
    (issue,) = found(text).issues
    assert (issue.ticket, issue.project) == (CART, "Web Shop")
    assert issue.changed is not None
    assert issue.changed.isoformat().startswith("2026-10-06T08:00:00")


@pytest.mark.parametrize(
    ("state", "expected"),
    [({"type": "started"}, "open"), ({"type": "canceled"}, "closed"), ({"name": "Done"}, "closed"), (None, "open")],
)
def test_what_is_closed(state: object, expected: str) -> None:
    (issue,) = found(answer({**NODE, "state": state})).issues
    assert issue.ticket.state == expected


def test_a_ticket_without_anything_else_is_one() -> None:
    (issue,) = found(answer({"identifier": "ENG-1"})).issues
    assert (issue.ticket, issue.project) == (Ticket(key="ENG-1", title="", url="", state="open"), "ENG")


BROKEN = [
    ("", 1, "this is no CSV export of Linear"),
    ("ID,Title\n", 1, "this is no CSV export of Linear"),
    ("ID,Title,Status\nx,y,z\n", 2, "'x' is no key of a ticket"),
    ('{"data": }', 1, "this is not JSON"),
    ("[]", 1, "this is no answer of Linear"),
    ('{"errors": [{"message": "Authentication required"}]}', 1, "Linear refused: 'Authentication required'"),
    (answer(5), None, "issue 1 can't be read: it is no object"),
    (answer({**NODE, "updatedAt": "soon"}), None, "issue 1 can't be read: 'soon' is no instant"),
]


@pytest.mark.parametrize(("text", "line", "why"), BROKEN)
def test_a_broken_file_says_where_and_how_it_should_look(text: str, line: int | None, why: str) -> None:
    told(read, text, line, why)


@given(which=st.sampled_from((answer(NODE), HEAD + ROW)), noise=st.text(max_size=40), at=st.integers(0, 400))
def test_nothing_makes_reading_raise(which: str, noise: str, at: int) -> None:
    for text in (noise, which[:at] + noise + which[at:]):
        export = read(text, "x", BERLIN)
        assert all(problem.file == "x" and problem.hint for problem in export.problems)


def test_the_question_fits_linears_own_schema() -> None:
    graphql = pytest.importorskip("graphql")
    if not SCHEMA.exists():
        pytest.skip("Linear's schema lies in ../shared/data, which is not here")
    schema = graphql.build_schema(SCHEMA.read_text(encoding="utf-8"), assume_valid=True)
    question = graphql.parse(QUERY)
    assert graphql.validate(schema, question) == []
    page = {"nodes": [NODE], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    answered = graphql.execute_sync(schema, question, root_value={"issues": page}, variable_values={})
    assert answered.errors is None
    (issue,) = found(json.dumps({"data": answered.data})).issues
    assert issue.ticket == CART
