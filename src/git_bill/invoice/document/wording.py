"""The words of documents, by key and language, as `tables/wording.toml` holds them. English is always complete."""

from collections.abc import Mapping
from dataclasses import dataclass

from git_bill.problem import Problem
from git_bill.shape import key


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Texts may hold `{names}` of facts. A language without a text gets the English one, and `missing` says so."""

    schema: int = key("version of this file's form", default=1)
    words: Mapping[str, Mapping[str, str]] = key("texts by key and language", default_factory=dict)

    def say(self, name: str, language: str, **facts: object) -> str:
        """A text with its facts filled in. Raises KeyError for a key that is not in the table."""
        texts = self.words[name]
        return texts.get(language.split("-", maxsplit=1)[0], texts["en"]).format(**facts)

    def found(self, name: str, language: str) -> str | None:
        """A text as it stands in the table, None where there is no such key."""
        texts = self.words.get(name, {})
        return texts.get(language.split("-", maxsplit=1)[0], texts.get("en"))

    def missing(self, language: str) -> Problem | None:
        """A warning where documents of a language fall back to English."""
        base = language.split("-", maxsplit=1)[0]
        gaps = [name for name, texts in self.words.items() if base not in texts]
        if not gaps:
            return None
        return Problem(
            rule="missing-wording",
            severity="warning",
            message=f"{len(gaps)} texts of documents are not translated to {base}, the first is {gaps[0]!r}: "
            "they stand in English",
            hint='choose language = "en" for this client, or add them to tables/wording.toml',
        )
