"""Catalogues: po files as translators write them, and what is wrong with one, by file and line."""

import pytest

from git_bill.adapters.tables import wording
from git_bill.invoice.document.catalogue import Catalogue, catalogue_problems, placeholders, read_catalogue

HEAD = 'msgid ""\nmsgstr ""\n"Language: cs\\n"\n"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n<5 ? 1 : 2);\\n"\n\n'


def english() -> Catalogue:
    found = wording().shipped("en")
    assert found is not None
    return found


def entry(name: str, source: str, text: str) -> str:
    return f'msgctxt "{name}"\nmsgid "{source}"\nmsgstr "{text}"\n'


def test_a_catalogue_is_read() -> None:
    text = (
        HEAD
        + entry("title", "Invoice", "Faktura")
        + '\nmsgctxt "client_terms"\nmsgid "Payable within {count} day of the date of the invoice."\n'
        'msgid_plural "Payable within {count} days of the date of the invoice."\n'
        'msgstr[0] "Do {count} dne."\nmsgstr[1] "Do {count} dnů."\nmsgstr[2] "Do {count} dní."\n'
        + "\n#, fuzzy\n"
        + entry("due", "Total due", "Celkem")
        + "\n"
        + entry("net", "Net amount", "")
    )
    found = read_catalogue(text)
    assert found.texts["title"] == ("Faktura",)
    assert len(found.texts["client_terms"]) == 3
    assert [found.form(n) for n in (1, 2, 5)] == [0, 1, 2]
    assert {"due", "net"}.isdisjoint(found.texts)
    assert [(p.line, p.severity) for p in catalogue_problems(text, "cs.po", english())] == [
        (19, "warning"),
        (23, "warning"),
    ]


@pytest.mark.parametrize("language", ["cs", "zz", "cs_CZ", "eo"])
def test_plural_forms_are_those_of_the_file(language: str) -> None:
    """Known to Babel with so many forms, with others, or not at all."""
    text = HEAD.replace("Language: cs", f"Language: {language}") + (
        'msgctxt "client_terms"\nmsgid "Payable within {count} day of the date of the invoice."\n'
        'msgid_plural "Payable within {count} days of the date of the invoice."\n'
        'msgstr[0] "Do {count} dne."\nmsgstr[1] "Do {count} dnů."\nmsgstr[2] "Do {count} dní."\n'
    )
    found = read_catalogue(text)
    assert found.texts["client_terms"] == ("Do {count} dne.", "Do {count} dnů.", "Do {count} dní.")
    assert [found.form(n) for n in (1, 2, 5)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('msgctxt "title"\nmsgid "Invoice"\nmsgstr "Faktura\n', 3, "a quote in it is not closed"),
        ('msgctxt "title"\nmsgid "Invoice" "x"\nmsgstr "Faktura"\n', 2, "none of a po file"),
        ("title = Faktura\n", 1, "none of a po file"),
        ("<?xml version='1.0'?>\n", 1, "none of a po file"),
        ('msgctxt "title"\nmsgid "Invoice"\n', 2, "missing msgstr"),
        (entry("title", "Invoice", "A") + "\n" + entry("title", "Invoice", "B"), 5, "stands in line 1, too"),
        (HEAD.replace("n<5", "n<"), 4, "Plural-Forms can't be read"),
        (HEAD + entry("titel", "Invoice", "Faktura"), 7, "no document says 'titel'"),
        (HEAD + 'msgid "Invoice"\nmsgstr "Faktura"\n', 6, "has no msgctxt that names it"),
        (HEAD + entry("title", "Bill", "Faktura"), 7, "the English of title is another one now"),
        (HEAD + entry("tax_of", "{tax} on {base}", "{tax}"), 7, "tax_of must hold {base}, {tax}"),
        (HEAD + entry("tax_of", "{tax} on {base}", "{tax.__class__} {base}"), 7, "tax_of must hold"),
        (HEAD + entry("tax_of", "{tax} on {base}", "{tax!r} {base}"), 7, "tax_of must hold"),
        (HEAD + entry("tax_of", "{tax} on {base}", "{tax} {base"), 7, "tax_of must hold"),
        (HEAD + entry("title", "Invoice", "Faktura {number}"), 7, "title must hold no names in braces"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, message: str) -> None:
    problem = catalogue_problems(text, "billing/locale/cs.po", english())[0]
    assert (problem.file, problem.line) == ("billing/locale/cs.po", line)
    assert message in problem.message
    assert problem.hint


def test_names_in_braces_are_those_of_today_whatever_english_was_translated() -> None:
    """Else the first document in that language would end with a KeyError, or say what is inside an object."""
    text = HEAD + entry("page", "Page {page}", "Strana {page.__class__} z {pages}")
    found = catalogue_problems(text, "cs.po", english())
    assert [problem.severity for problem in found] == ["warning", "error"]
    assert "page must hold {page}, {pages}" in found[1].message


def test_too_few_plural_forms_are_told() -> None:
    text = (
        HEAD + 'msgctxt "client_terms"\nmsgid "Payable within {count} day of the date of the invoice."\n'
        'msgid_plural "Payable within {count} days of the date of the invoice."\n'
        'msgstr[0] "Splatné do {count} dne."\nmsgstr[1] "Splatné do {count} dnů."\n'
    )
    problems = catalogue_problems(text, "cs.po", english())
    assert any("plural forms" in problem.message or "not translated" in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("text", "found"),
    [("a", set()), ("{a} {b}", {"a", "b"}), ("{}", None), ("{a:>9}", None), ("{a[0]}", None), ("{", None)],
)
def test_placeholders_are_names(text: str, found: set[str] | None) -> None:
    assert placeholders(text) == found


@pytest.mark.parametrize("text", ["title = x\n", 'msgid "a"\nmsgid "b"\n'])
def test_what_is_no_catalogue_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"on \d"):
        read_catalogue(text)
