"""Words of the workspace: catalogues below `billing/locale` that go before the shipped ones."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from git_bill.flows import load
from git_bill.invoice.document.catalogue import Catalogue, catalogue_problems, read_catalogue
from git_bill.invoice.document.wording import ENGLISH, Wording
from git_bill.ports import Snapshot
from git_bill.problem import Exit, Problem, Stop, errors

_FOLDER = "billing/locale"


def worded(snapshot: Snapshot, shipped: Wording) -> Wording:
    """The shipped words with the workspace's own before them. Stops (exit 3) at a catalogue that can't be used."""
    found = {file: text for file, _, text in _files(snapshot)}
    if not found or shipped.shipped(ENGLISH) is None:
        return shipped
    problems = errors(word_problems(snapshot, shipped))
    if problems:
        raise Stop(Exit.SETTINGS, problems)
    own: dict[str, Catalogue] = {language: read_catalogue(text) for _, language, text in _files(snapshot)}
    return replace(shipped, own=own)


def word_problems(snapshot: Snapshot, shipped: Wording) -> Iterator[Problem]:
    """What is wrong with the workspace's catalogues, against the English words."""
    english = shipped.shipped(ENGLISH)
    if english is not None:
        for file, _, text in _files(snapshot):
            yield from catalogue_problems(text, file, english)


def _files(snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    """Each catalogue's file, language and text."""
    for file in snapshot.paths(_FOLDER):
        text = load.text_of(snapshot, file) if file.endswith(".po") else None
        if text is not None:
            yield file, PurePosixPath(file).stem, text
