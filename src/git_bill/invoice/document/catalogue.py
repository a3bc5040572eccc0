"""Catalogues of words: po files of gettext, read by Babel. A text's name is its msgctxt, its English its msgid."""

import gettext
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter
from typing import TYPE_CHECKING

from git_bill.problem import Problem, nearest

if TYPE_CHECKING:
    from babel.messages import Catalog, Message

_LINE = re.compile(r'(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d])?)\s+)?"(?:[^"\\]|\\.)*"')
_HEADER = re.compile(r'^msgid ""\nmsgstr ""\n(?:".*"\n)+', re.MULTILINE)
_PLURALS = re.compile(
    r'"Language: (?P<language>[a-z]+)\w*\\n"(?:\n.*)*?nplurals=(?P<number>\d); plural=(?P<rule>[^;]+);'
)
_EXAMPLE = 'write it like: msgctxt "title", below it msgid "Invoice", below it msgstr "…"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One language's words. `texts`: by name, one text, or one for each plural form; `form`: which a number takes."""

    texts: Mapping[str, tuple[str, ...]]
    form: Callable[[int], int]


def read_catalogue(text: str) -> Catalogue:
    """What a po file translates; of a template (pot) the English. What is fuzzy or empty is left out.

    Raises ValueError where it is no such file: `catalogue_problems` says what is wrong, and where.
    """
    found, plural = _parsed(text)
    is_template = not any(any(_forms(message.string)) for message in found if message.id)
    texts = {
        message.context: _forms(message.id if is_template else message.string)
        for message in found
        if message.id and message.context and not message.fuzzy
    }
    whole = {name: forms for name, forms in texts.items() if all(forms)}
    return Catalogue(texts=whole, form=gettext.c2py(plural))


def catalogue_problems(text: str, file: str, english: Catalogue) -> tuple[Problem, ...]:
    """What is wrong with a po file, with its line: as a file, then each text against the English one."""
    broken = tuple(_broken(text, file))
    if broken:
        return broken
    from babel.messages.pofile import PoFileError, read_po

    try:
        found = read_po(text.splitlines(), abort_invalid=True)
        gettext.c2py(found.plural_expr)
    except PoFileError as wrong:
        return (_wrong(file, (wrong.lineno or 0) + 1, f"this is no catalogue: {wrong.args[0]}", _EXAMPLE),)
    except ValueError as wrong:
        line = _line_of(text, '"Plural-Forms:')
        return (_wrong(file, line, f"Plural-Forms can't be read: {wrong}", 'like "nplurals=2; plural=(n != 1);"'),)
    return tuple(
        problem for message in found if message.id for problem in _of_message(message, file, english, found.num_plurals)
    )


def placeholders(text: str) -> frozenset[str] | None:
    """The names in braces of a text; None where they are more than names."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    names = [name for _, name, form, conversion in parts if name is not None and not form and not conversion]
    plain = all(name.isidentifier() for name in names)
    return frozenset(names) if plain and len(names) == sum(part[1] is not None for part in parts) else None


def _parsed(text: str) -> "tuple[Catalog, str]":
    """Babel's catalogue and the rule of its plural forms.

    For its header Babel imports `email`, which takes longer than all else: one that says what Babel knows is left out.
    """
    from babel.messages.plurals import PLURALS
    from babel.messages.pofile import PoFileError, read_po

    header = _HEADER.search(text)
    said = _PLURALS.search(header[0]) if header is not None else None
    known = said is not None and PLURALS.get(said["language"], (0,))[0] == int(said["number"])
    body = text.replace(header[0], "", 1) if header is not None and known else text
    try:
        found = read_po(body.splitlines(), locale=said["language"] if said and known else None, abort_invalid=True)
    except PoFileError as wrong:
        raise ValueError(str(wrong)) from None
    return found, said["rule"] if said is not None else found.plural_expr


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def _broken(text: str, file: str) -> Iterator[Problem]:
    """Lines that are none of a po file, and texts that it holds twice: Babel passes over them."""
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare and not bare.startswith("#") and not _LINE.fullmatch(bare):
            yield _wrong(file, number, "this line is none of a po file, or a quote in it is not closed", _EXAMPLE)
        elif bare.startswith("msgctxt"):
            if bare in seen:
                yield _wrong(file, number, f"{bare} stands in line {seen[bare]}, too", "take one of them out")
            seen.setdefault(bare, number)


def _of_message(message: "Message", file: str, english: Catalogue, plurals: int) -> Iterator[Problem]:
    line, name = message.lineno, message.context
    source = english.texts.get(name or "")
    if source is None:
        near = nearest(name, english.texts) if name else None
        hint = f"did you mean {near}?" if near else _EXAMPLE
        what = f"no document says {name!r}" if name else f"{_forms(message.id)[0]!r} has no msgctxt that names it"
        yield _wrong(file, line, what, hint)
    elif message.fuzzy or not all(_forms(message.string)):
        yield _wrong(file, line, f"{name} is not translated yet", "translate it, and take out `#, fuzzy`", warn=True)
    else:
        if _forms(message.id) != source:
            hint = f"look at the translation again, then write msgid {source[0]!r}"
            yield _wrong(file, line, f"the English of {name} is another one now", hint, warn=True)
        allowed = placeholders(source[-1]) or frozenset()
        for form in _forms(message.string):
            if placeholders(form) != allowed:
                names = ", ".join(f"{{{each}}}" for each in sorted(allowed)) or "no names in braces"
                yield _wrong(file, line, f"{name} must hold {names}, like the English: {form!r}", f"like {source[0]!r}")
        if len(source) > 1 and len(_forms(message.string)) != plurals:
            hint = f'msgstr[0] "…" to msgstr[{plurals - 1}] "…"'
            yield _wrong(file, line, f"{name} needs {plurals} plural forms by its Plural-Forms", hint)


def _wrong(file: str, line: int | None, message: str, hint: str, *, warn: bool = False) -> Problem:
    found = Problem(rule="catalogue", message=message, hint=hint, file=file, line=line)
    return replace(found, severity="warning") if warn else found


def _line_of(text: str, start: str) -> int | None:
    return next((number for number, line in enumerate(text.splitlines(), 1) if line.startswith(start)), None)
