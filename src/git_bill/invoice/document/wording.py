"""The words of documents and mails, by name, in a client's language: the shipped catalogues and the workspace's own."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from git_bill.invoice.document.catalogue import Catalogue
from git_bill.problem import Problem

ENGLISH = "en"


def _none(_: str) -> Catalogue | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """`shipped`: gives a language's packaged catalogue, None where there is none. `own`: the workspace's, before them.

    What `fr-CH` does not say is said as in `fr`, and what that does not say in English.
    """

    shipped: Callable[[str], Catalogue | None] = _none
    own: Mapping[str, Catalogue] = field(default_factory=dict)

    def say(self, name: str, language: str, **facts: object) -> str:
        """A text with its facts filled in; one with plural forms takes that of the fact `count`.

        Raises KeyError for a name that English does not have.
        """
        text = self._text(name, language, facts.get("count", 1))
        if text is None:
            raise KeyError(name)
        return text.format(**facts)

    def found(self, name: str, language: str) -> str | None:
        """A text as it stands in the catalogue, None where there is none of this name."""
        return self._text(name, language, 1)

    def missing(self, language: str) -> Problem | None:
        """A warning where documents of a language fall back to English."""
        english = self.shipped(ENGLISH)
        base = language.partition("-")[0]
        if english is None or base == ENGLISH:
            return None
        translated = {name for catalogue in self._catalogues(language) for name in catalogue.texts}
        gaps = [name for name in english.texts if name not in translated]
        if not gaps:
            return None
        return Problem(
            rule="missing-wording",
            severity="warning",
            message=f"{len(gaps)} texts of documents are not translated to {base}, the first is {gaps[0]!r}: "
            "they stand in English",
            hint=f'translate them in billing/locale/{base}.po, like msgctxt "{gaps[0]}", below it msgid '
            f'"{english.texts[gaps[0]][0]}", below it msgstr "…" (see docs/languages.md); '
            'or choose language = "en" for this client',
        )

    def _text(self, name: str, language: str, count: object) -> str | None:
        for catalogue in self._catalogues(language, ENGLISH):
            forms = catalogue.texts.get(name, ())
            if len(forms) > 1 and isinstance(count, int):
                return forms[min(catalogue.form(count), len(forms) - 1)]
            if forms:
                return forms[0]
        return None

    def _catalogues(self, *languages: str) -> Iterator[Catalogue]:
        """Those of languages, the nearest first; one is read only when those before it lack a text."""
        for tag in dict.fromkeys(part for language in languages for part in (language, language.partition("-")[0])):
            for give in (self.own.get, self.shipped):
                if (catalogue := give(tag)) is not None:
                    yield catalogue
