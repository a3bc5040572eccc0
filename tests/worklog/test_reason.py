"""Why an entry has its time: people's words, commits and what was lost, each a sentence."""

from datetime import date, datetime
from typing import Any

import pytest
from tests.worklog.workday import BERLIN, ZONES, commit, key, name

from git_bill.worklog.edit import Edit, Part
from git_bill.worklog.entry import Entry, Worked
from git_bill.worklog.reason import Facts, Reason, brief, commit_reason, entry_reason

ENTRY = "W-aaaaaaaaaaaa"
OTHER = "W-bbbbbbbbbbbb"
AT = datetime(2026, 11, 2, 9, tzinfo=BERLIN)


def worked(**over: Any) -> Worked:
    facts: dict[str, Any] = {"day": date(2026, 10, 5), "by": "mira", "minutes": 60, "ticket": "WEB-5", "text": "Totals"}
    return Worked(id=ENTRY, client="acme", entry=Entry(**(facts | over)))


def facts(*edits: Edit, **over: Any) -> Facts:
    made = tuple(("acme", f"E-{number}", edit) for number, edit in enumerate(edits))
    return Facts(**({"evidence": {}, "edits": made, "zones": ZONES, "names": {"mira": "Mira Kovac"}} | over))


def edit(do: Any, entry: str = ENTRY, **over: Any) -> Edit:
    return Edit(do=do, entry=entry, at=AT, by="mira", **over)


def of(reason: Reason, kind: str) -> list[str]:
    return [child.text for child in reason.because if child.kind == kind]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (edit("confirm"), "confirmed it"),
        (edit("set", minutes=45, ticket="WEB-7", text="Sums"), 'set it to 45m, WEB-7, "Sums"'),
        (edit("add", minutes=45, day=date(2026, 10, 5)), "added it: 45m, 2026-10-05"),
        (edit("drop"), "dropped it"),
        (edit("move", to="globex"), "moved it to globex"),
        (edit("merge", entries=(OTHER,)), f"merged {OTHER} into it"),
        (edit("merge", OTHER, entries=(ENTRY,)), f"merged it into {OTHER}"),
        (edit("split", parts=(Part(id="W-c", minutes=20), Part(id="W-d", minutes=40))), "split it into 2"),
        (edit("split", OTHER, parts=(Part(id=ENTRY, minutes=60),)), f"split it off {OTHER}"),
    ],
)
def test_what_people_said_of_it(made: Edit, said: str) -> None:
    assert of(entry_reason(worked(), facts(made)), "edit") == [f"Mira Kovac {said} on 2026-11-02 09:00"]


def test_the_reason_is_repeated_and_other_entries_edits_are_not() -> None:
    found = entry_reason(worked(), facts(edit("drop", because="private\nmatter"), edit("drop", OTHER)))
    assert of(found, "edit") == ['Mira Kovac dropped it on 2026-11-02 09:00: "private matter"']


def test_the_time_of_an_edit_is_that_of_who_made_it() -> None:
    made = Edit(do="drop", entry=ENTRY, at=AT, by="jonas")
    assert of(entry_reason(worked(), facts(made)), "edit") == ["jonas dropped it on 2026-11-02 03:00"]


def test_what_a_document_bills_of_it() -> None:
    assert ": 1h confirmed, " in entry_reason(worked(state="confirmed"), facts(), pinned=60).text
    assert ": 45m of 1h confirmed, " in entry_reason(worked(state="confirmed"), facts(), pinned=45).text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("estimated", "1h not confirmed"),
        ("unproven", "1h unproven, so it is not billed"),
        ("dropped", "Kovac: dropped, so it is not billed"),
    ],
)
def test_its_state(state: str, words: str) -> None:
    assert words in entry_reason(worked(state=state), facts()).text


def test_only_what_a_model_made_is_an_estimate() -> None:
    assert "1h estimated" in entry_reason(worked(model="session-2026.11"), facts()).text


def test_what_was_done_is_told_once() -> None:
    assert entry_reason(worked(text="WEB-5: totals; WEB-5 sums"), facts()).text.endswith("WEB-5 totals; sums")
    assert entry_reason(worked(text="", ticket=None), facts()).text.endswith("development")


def test_a_commit_in_the_contributors_zone() -> None:
    name = f"web-shop:{key('one')[:12]}"
    record = commit("one", "2026-10-05 10:00", "Totals", branch="feature/totals", minutes=45, proven=False)
    found = entry_reason(worked(by="jonas", evidence=(name,)), facts(evidence={name: record}))
    [told] = [child for child in found.because if child.kind == "commit"]
    assert told.text == f'{name}  Mon 2026-10-05 04:00 -0400  "Totals", +80 −20, on feature/totals'
    assert [child.text for child in told.because] == [
        "its message says: Time: 45m",
        "anyone could have made it: author and committer are not the same",
    ]


def test_a_commit_that_is_not_on_file() -> None:
    found = entry_reason(worked(evidence=("web-shop:aaaaaaaaaaaa",)), facts())
    assert of(found, "commit") == ["web-shop:aaaaaaaaaaaa, which is not in the evidence files"]


def test_an_entry_without_commits_was_added() -> None:
    assert of(entry_reason(worked(), facts()), "no-evidence") == ["no commit is behind it: somebody added it"]


def test_brief() -> None:
    assert brief("short") == "short"
    assert brief("one two, three", 9) == "one two…"


def test_an_agent_that_took_part_and_why_nothing_proves_the_person_did() -> None:
    own = commit("help", "2026-10-05 10:00", agent="Claude")
    theirs = commit("theirs", "2026-10-05 11:00", key=f"{key('theirs')}+mira", agent="Copilot", proven=False)
    told = [reason.text for reason in commit_reason(own, name("help"), facts(), "mira").because]
    assert told == ["Claude took part: its author or its message says so"]
    told = [reason.text for reason in commit_reason(theirs, name("theirs"), facts(), "mira").because]
    assert told == [
        "Copilot took part: its author or its message says so",
        "its author is another: nothing proves that they took part",
    ]
