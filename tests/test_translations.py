"""The words of documents: complete in seven languages, with the same facts, and each of them used."""

import ast
import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from git_bill.adapters.tables import vat_table, wording
from git_bill.invoice.document.catalogue import catalogue_problems, placeholders, read_catalogue

LOCALE = Path(__file__).parents[1] / "src" / "git_bill" / "locale"
SRC = LOCALE.parent
TEMPLATE = (LOCALE / "messages.pot").read_text(encoding="utf-8")
WHOLE = ("de", "es", "fr", "it", "nl", "pl")
# Words of the timesheet as a document of its own.
READY = {
    "sheet_client",
    "sheet_contributor",
    "sheet_total",
    "signature_client",
    "signature_contributor",
    "title_timesheet",
}
REGIONAL = sorted(file.stem for file in LOCALE.glob("*-*.po"))


def catalog(language: str) -> Catalog:
    name = "messages.pot" if language == "en" else f"{language}.po"
    found: Catalog = read_po(io.StringIO((LOCALE / name).read_text(encoding="utf-8")), abort_invalid=True)
    return found


def names(language: str) -> list[str]:
    return [str(message.context) for message in catalog(language) if message.id]


def said() -> Iterator[re.Pattern[str]]:
    """Every text that may name a word: a literal in the code, what an f-string begins with, a row of the law."""
    for country in vat_table().countries.values():
        words = {row.word for row in country.legal.late} | {row.word for row in country.legal.mentions}
        yield from (re.compile(word) for word in words - {""})
    for file in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                yield re.compile(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                parts = (str(p.value) if isinstance(p, ast.Constant) else "\0" for p in node.values)
                text = "".join(parts)
                if re.fullmatch(r"[a-z_]+_\0", text):
                    yield re.compile(re.escape(text).replace("\0", r"\w+"))


def test_seven_languages_ship() -> None:
    assert {file.stem for file in LOCALE.iterdir()} == {*WHOLE, *REGIONAL, "messages"}
    assert {"de-AT", "de-CH", "en-GB", "en-IN", "en-US", "fr-BE", "fr-CH", "nl-BE"} <= set(REGIONAL)
    assert len(names("en")) == len(set(names("en")))


@pytest.mark.parametrize("language", WHOLE)
def test_a_language_is_complete_and_follows_the_english(language: str) -> None:
    assert names(language) == names("en")
    english = read_catalogue(TEMPLATE)
    assert catalogue_problems((LOCALE / f"{language}.po").read_text(encoding="utf-8"), "x.po", english) == ()
    assert wording().missing(language) is None


@pytest.mark.parametrize("language", REGIONAL)
def test_a_country_says_only_what_it_says_in_another_way(language: str) -> None:
    english = read_catalogue(TEMPLATE)
    base = language[:2]
    text = (LOCALE / f"{language}.po").read_text(encoding="utf-8")
    assert catalogue_problems(text, "x.po", english) == ()
    for name, forms in read_catalogue(text).texts.items():
        assert forms != ((wording().found(name, base),)), name
    assert wording().missing(language) is None


@pytest.mark.parametrize("language", ["en", *WHOLE])
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    found, right = catalog(language), get_plural(language)
    assert found.num_plurals == right.num_plurals
    form, expected = gettext.c2py(found.plural_expr), gettext.c2py(right.plural_expr)
    assert [form(n) for n in range(200)] == [expected(n) for n in range(200)]
    assert str(found.locale) == language


@pytest.mark.parametrize("language", ["en", *WHOLE, *REGIONAL])
def test_a_text_stands_as_it_is_shown(language: str) -> None:
    for message in catalog(language):
        texts = message.string or message.id
        for text in (texts,) if isinstance(texts, str) else texts:
            assert not message.id or text == text.strip(), message.context
            assert "  " not in text or not message.id, message.context
            assert not message.id or placeholders(text) is not None, message.context
            assert message.auto_comments or not message.id, f"{message.context} does not say where it stands"


def test_the_code_says_what_is_there_and_all_of_it() -> None:
    known, patterns = set(names("en")), list(said())
    literals = {pattern.pattern for pattern in patterns if "\\" not in pattern.pattern}
    wild = [pattern for pattern in patterns if "\\" in pattern.pattern]
    unused = {name for name in known - literals if not any(pattern.fullmatch(name) for pattern in wild)}
    assert unused <= READY


def test_the_code_says_no_word_that_is_not_there() -> None:
    """Literal names in calls of `say` and `found`."""
    known = set(names("en"))
    for file in (SRC / "invoice").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute | ast.Name):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                if called in {"say", "found"}:
                    branches = [each for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)]
                    is_text = not isinstance(node.args[0], ast.JoinedStr | ast.Compare)
                    for each in branches if is_text else ():
                        assert not isinstance(each.value, str) or each.value in known, f"{file}:{node.lineno}"


def test_what_the_law_wants_said_can_be_said() -> None:
    known = set(names("en"))
    for code, country in vat_table().countries.items():
        words = {row.word for row in country.legal.late} | {row.word for row in country.legal.mentions}
        assert words - {""} <= known, code


def test_what_corrects_an_invoice_is_called_so() -> None:
    """Gutschrift is self-billing (UStG § 14(2)): RD 1619/2012 art. 15 and ustawa o VAT art. 106j name theirs."""
    credit = {language: wording().say("title_credit", language) for language in ("en", *WHOLE, "nl-BE", "fr-BE")}
    assert credit == {
        "en": "Credit note",
        "de": "Rechnungskorrektur",
        "es": "Factura rectificativa",
        "fr": "Avoir",
        "it": "Nota di credito",
        "nl": "Creditfactuur",
        "pl": "Faktura korygująca",
        "nl-BE": "Creditnota",
        "fr-BE": "Note de crédit",
    }
    for language in ("de", "de-AT", "de-CH"):
        assert "gutschrift" not in " ".join(str(message.string).lower() for message in catalog(language))


def test_a_count_takes_its_form() -> None:
    assert wording().say("client_terms", "en", count=1) == "Payable within 1 day of the date of the invoice."
    assert wording().say("client_terms", "en", count=30) == "Payable within 30 days of the date of the invoice."
    assert wording().say("client_terms", "pl", count=1).startswith("Płatność w ciągu 1 dnia")
    assert "commitów" in wording().say("estimate_intro", "pl", count=5, commits="5", range="1 h")
    assert "0 jour à" in wording().say("client_terms", "fr", count=0)
