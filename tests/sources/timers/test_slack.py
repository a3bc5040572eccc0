"""Slack's export: when somebody wrote, by channel; never what."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_bill.sources.recorded import Recording, appended, timed
from git_bill.sources.timers.slack import read
from git_bill.sources.timers.timed import Timers
from git_bill.worklog.evidence import Evidence, to_line

BERLIN = ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 10, 5, 9, 10, tzinfo=BERLIN)
USERS = json.dumps(
    [
        {"id": "U1", "name": "mk", "profile": {"real_name": "Mira Kovac", "email": "Mira@example.net"}},
        {"id": "U2", "name": "rita", "real_name": "Rita Acme", "profile": {}},
    ]
)
RECORDING = Recording(
    source="slack",
    kind="slack",
    contributor="mira",
    zone=BERLIN,
    now=MORNING + timedelta(days=9),
    people={"mira@example.net": "mira", "mira kovac": "mira"},
    client="acme",
)


def message(user: str, minute: int, **more: object) -> dict[str, object]:
    stamp = f"{(MORNING + timedelta(minutes=minute)).timestamp():.6f}"
    return {"type": "message", "user": user, "ts": stamp, "text": "the token is hunter2", **more}


def export(*messages: object, channel: str = "acme-support", users: str = USERS) -> Timers:
    day = (f"export/{channel}/2026-10-05.json", json.dumps(messages))
    return read([("export/users.json", users), ("export/channels.json", "[{}]"), day], BERLIN)


def told(found: Timers) -> list[Evidence]:
    seen, problems = timed([found], RECORDING)
    assert problems == ()
    return list(appended(seen, RECORDING, known=(), mine=()).evidence)


def test_messages_close_together_are_one_conversation() -> None:
    (first, second) = told(export(message("U1", 0), message("U2", 3), message("U1", 10), message("U1", 60)))
    assert (first.at, first.until) == (MORNING - timedelta(minutes=2), MORNING + timedelta(minutes=10))
    assert (second.at, second.until) == (MORNING + timedelta(minutes=58), MORNING + timedelta(minutes=60))
    assert (first.kind, first.project, first.text, first.labels) == (
        "heartbeat",
        "acme-support",
        "#acme-support",
        ("support",),
    )
    assert "hunter2" not in to_line(first)


def test_a_conversation_stays_the_same_in_a_later_export() -> None:
    before = told(export(message("U1", 0)))
    later = export(message("U2", 1), message("U1", 0), message("U1", 200))
    seen, _ = timed([later], RECORDING)
    assert len(appended(seen, RECORDING, known=before, mine=before).evidence) == 1


@pytest.mark.parametrize(
    "notice",
    [
        message("U1", 0, subtype="channel_join"),
        message("U1", 0, subtype="bot_message"),
        message("U1", 0, bot_id="B1"),
        {"type": "message", "ts": "1791184200.0"},
    ],
)
def test_what_nobody_wrote_is_no_work(notice: object) -> None:
    assert told(export(notice, message("U1", 100)))[0].at == MORNING + timedelta(minutes=98)


def test_others_messages_are_nobodys_work_here() -> None:
    seen, (problem,) = timed([export(message("U2", 0))], RECORDING)
    assert [each.records for each in seen] == [()]
    assert (problem.rule, problem.severity) == ("others-time", "info")
    assert "Rita Acme" in problem.message


def test_one_channel_by_itself_names_its_writers() -> None:
    own = message("U9", 0, user_profile={"real_name": "Mira Kovac"})
    found = read([("support.json", json.dumps({"messages": [own], "ok": True}))], BERLIN)
    (record,) = told(found)
    assert record.project == "support"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ('[{"type": "message"},\n{]', 2, "this is not JSON"),
        ('{"ok": false}', 1, "this is no list of messages"),
        ("[7]", None, "message 1 can't be read: it is no object"),
        ('[{"type": "message", "user": "U1", "ts": "soon"}]', None, "message 1 can't be read: 'soon' is no instant"),
        ('[{"type": "message", "user": "U1", "ts": "12.5"}]', None, "message 1 can't be read: it is of the year 1969"),
    ],
)
def test_a_broken_file_says_where_and_how_it_should_look(text: str, line: int | None, why: str) -> None:
    found = read([("x/general/2026-10-05.json", text)], BERLIN)
    (problem,) = found.problems
    assert (problem.file, problem.line) == ("x/general/2026-10-05.json", line)
    assert problem.message.startswith(why)
    assert '"ts": "1791184200.000200"' in problem.hint


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(("messages", "type", "user", "ts", "subtype", "user_profile", "id", "profile")),
            inner | st.just("message"),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(value=VALUES, users=VALUES, noise=st.text(max_size=30))
def test_nothing_makes_reading_raise(value: object, users: object, noise: str) -> None:
    for text in (json.dumps(value), noise):
        files = {"x/users.json": json.dumps(users), "x/general/2026-10-05.json": text}
        assert {problem.file for problem in read(tuple(files.items()), BERLIN).problems} <= set(files)
