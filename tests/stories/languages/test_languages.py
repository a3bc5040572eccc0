"""A client reads its own language: shipped, of the user's own making, or told that there is none."""

import pypdfium2
from tests.stories.freelancer import Freelancer

CLIENT = "billing/clients/acme.toml"


def speaks(mira: Freelancer, language: str) -> None:
    file = mira.books / CLIENT
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('country = "DE"\n', f'country = "DE"\nlanguage = "{language}"\n'), encoding="utf-8")


def own(mira: Freelancer, language: str, text: str) -> None:
    file = mira.books / f"billing/locale/{language}.po"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")


def preview(mira: Freelancer) -> str:
    mira.json("show", "acme-2026-10", "--pdf", str(mira.folder / "draft.pdf"))
    pdf = pypdfium2.PdfDocument(mira.folder / "draft.pdf")
    return " ".join(page.get_textpage().get_text_range() for page in pdf)


def test_a_polish_client_reads_polish(mira: Freelancer) -> None:
    speaks(mira, "pl")
    mira.draft()
    text = preview(mira)
    assert "PROJEKT, to nie jest faktura" in text
    assert "Okres wykonania usługi" in text
    assert "Do zapłaty" in text
    assert "godz." in text
    assert {each["severity"] for each in mira.json("check")["problems"]} <= {"info"}


def test_own_words_go_before_the_shipped_ones(mira: Freelancer) -> None:
    speaks(mira, "de-AT")
    own(mira, "de", 'msgctxt "due"\nmsgid "Total due"\nmsgstr "Honorar gesamt"\n')
    mira.draft()
    text = preview(mira)
    assert "Honorar gesamt" in text
    assert "Leistungszeitraum" in text


def test_a_language_without_a_catalogue_is_told_and_can_be_added(mira: Freelancer) -> None:
    speaks(mira, "cs")
    mira.draft()
    (problem,) = [each for each in mira.json("check")["problems"] if each["rule"] == "missing-wording"]
    assert problem["file"] == CLIENT
    assert "not translated to cs" in problem["message"]
    assert "billing/locale/cs.po" in problem["hint"]
    own(mira, "cs", 'msgctxt "due"\nmsgid "Total due"\nmsgstr "Celkem k úhradě\n')
    ran = mira.bill("check")
    assert ran.returncode == 1
    assert "billing/locale/cs.po:3: error: this line is none of a po file" in ran.stdout + ran.stderr
    own(mira, "cs", 'msgctxt "due"\nmsgid "Total due"\nmsgstr "Celkem k úhradě"\n')
    mira.draft()
    assert "Celkem k úhradě" in preview(mira)
