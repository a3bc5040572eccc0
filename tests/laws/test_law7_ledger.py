"""Law 7: relative to an anchor, any edit, removal or reordering of the ledger up to it is found."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from git_bill.custody.ledger import START, append, continues, head_of, heads, read

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
NAME = {2025: "billing/ledger/2025.jsonl", 2026: "billing/ledger/2026.jsonl"}


def chain(facts: list[str], start_year: int = 2026) -> tuple[dict[int, str], list[str]]:
    """A ledger with one line per fact (the first third in 2025) and its head after each line."""
    files: dict[int, str] = {}
    all_heads = []
    head = START
    for index, fact in enumerate(facts):
        year = 2025 if index < len(facts) // 3 else start_year
        files[year], head = append(files.get(year, ""), head, at=AT, kind="issue", by="mira", facts={"number": fact})
        all_heads.append(head)
    return files, all_heads


def test_a_line_names_the_hash_of_the_line_before() -> None:
    """Two lines: the second names the SHA-256 of the first."""
    files, found = chain(["INV-2026-0032", "INV-2026-0033"])
    records, problems = read(files, NAME)
    assert problems == ()
    assert [r.prev for r in records] == [START, found[0]]
    assert head_of(files) == found[-1] == records[-1].hash


facts = st.lists(st.text(max_size=12), min_size=2, max_size=9)


@given(facts, st.data())
def test_any_change_up_to_an_anchor_is_found(numbers: list[str], data: st.DataObject) -> None:
    files, found = chain(numbers)
    anchor = data.draw(st.integers(0, len(numbers) - 1))
    lines = [(year, line) for year in sorted(files) for line in files[year].splitlines()]
    what = data.draw(st.sampled_from(["edit", "remove", "swap", "cut"]))
    index = data.draw(st.integers(0, anchor))
    changed = list(lines)
    if what == "edit":
        year, line = changed[index]
        changed[index] = (year, line.replace('"kind":"issue"', '"kind":"credit"'))
    elif what == "remove":
        del changed[index]
    elif what == "swap" and index > 0 and changed[index][0] == changed[index - 1][0]:
        changed[index], changed[index - 1] = changed[index - 1], changed[index]
    else:
        changed = changed[:anchor]
    forged = {year: "".join(line + "\n" for y, line in changed if y == year) for year in sorted(files)}
    records, problems = read(forged, NAME)
    assert problems or found[anchor] not in heads(records)


@given(facts)
def test_recomputing_every_hash_still_misses_the_anchor(numbers: list[str]) -> None:
    _, found = chain(numbers)
    forged, _ = chain([*numbers[:-1], numbers[-1] + "!"])
    records, problems = read(forged, NAME)
    assert problems == ()  # the chain alone looks right: this is why a head leaves the house
    assert found[-1] not in heads(records)


@given(facts)
def test_each_version_continues_the_one_before(numbers: list[str]) -> None:
    text = ""
    head = START
    for number in numbers:
        longer, head = append(text, head, at=AT, kind="issue", by="mira", facts={"number": number})
        assert continues(text, longer)
        assert not continues(longer, text)
        text = longer
    assert not continues(text[:-1], text + "x")


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    _, problems = read({2026: text}, NAME)
    assert text == "" or problems


def test_a_cut_last_line_is_named_with_its_line() -> None:
    files, _ = chain(["a", "b", "c"])
    _, problems = read({2026: files[2026][:-9]}, NAME)
    assert (problems[0].file, problems[0].line) == (NAME[2026], 2)
