"""Words of the workspace go before the shipped ones; a catalogue that can't be used says why."""

from dataclasses import replace

import pytest
from tests.twins.books import MemorySnapshot

from git_bill.adapters.tables import wording
from git_bill.flows.own_words import word_problems, worded
from git_bill.invoice.document.wording import Wording
from git_bill.problem import Exit, Stop

FILE = "billing/locale/de.po"
OWN = 'msgctxt "title"\nmsgid "Invoice"\nmsgstr "Honorarnote"\n'


def snapshot(**files: str) -> MemorySnapshot:
    return MemorySnapshot({f"billing/locale/{name}": text.encode() for name, text in files.items()}, None)


def test_without_catalogues_the_shipped_words_stand() -> None:
    shipped = wording()
    assert worded(MemorySnapshot({}, None), shipped) is shipped
    assert worded(snapshot(**{"notes.txt": "not a catalogue"}), shipped) is shipped


def test_the_workspace_s_words_go_first() -> None:
    words = worded(snapshot(**{"de.po": OWN, "cs.po": OWN.replace("Honorarnote", "Faktura")}), wording())
    assert words.say("title", "de-AT") == "Honorarnote"
    assert words.say("title", "cs") == "Faktura"
    assert words.say("due", "de") == "Zahlbetrag"


def test_a_catalogue_that_can_t_be_used_stops_with_its_line() -> None:
    broken = snapshot(**{"de.po": OWN.replace('"Honorarnote"', '"Honorarnote {nummer}"')})
    with pytest.raises(Stop) as stopped:
        worded(broken, wording())
    assert stopped.value.exit_code == Exit.SETTINGS
    (problem,) = stopped.value.problems
    assert (problem.file, problem.line, problem.severity) == (FILE, 2, "error")
    assert list(word_problems(broken, wording())) == [problem]


def test_what_is_not_translated_yet_is_a_warning_and_stands_in_the_next_language() -> None:
    fuzzy = snapshot(**{"de.po": "#, fuzzy\n" + OWN})
    assert [problem.severity for problem in word_problems(fuzzy, wording())] == ["warning"]
    assert worded(fuzzy, wording()).say("title", "de") == "Rechnung"


def test_without_words_there_is_nothing_to_go_before() -> None:
    none = Wording()
    assert worded(snapshot(**{"de.po": OWN}), none) == replace(none)
    assert list(word_problems(snapshot(**{"de.po": "broken"}), none)) == []
