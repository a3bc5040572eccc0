"""What single values look like in TOML, and how a wrong one is described."""

import re
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

from git_bill.money import Money
from git_bill.period import format_duration, parse_duration
from git_bill.problem import nearest

X = TypeVar("X")
Path: TypeAlias = tuple[str | int, ...]

# Controls, bidi and other invisible characters: a diff of a written file shows all there is. A fixed list:
# `str.isprintable` changes with Python's Unicode version and would change the bytes of a file.
_ESCAPED = re.compile(
    '[\x00-\x1f"\\\\\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb'
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DECIMAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,28})?")
_PERCENT = re.compile(r"(-?[0-9]{1,4}(?:\.[0-9]{1,28})?) ?%")
_SHOWN = 100  # characters that a message repeats of a long value, at each end


def quoted(text: str) -> str:
    """A TOML basic string on one line. TOML has no way to say a lone surrogate: it becomes U+FFFD."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def bare(name: str) -> str:
    """A key, in quotes only where it needs them."""
    return name if _BARE.fullmatch(name) else quoted(name)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return _SHORT.get(match[0]) or (f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}")


def shortened(text: str) -> str:
    """Text for a message: both ends of what is too long."""
    return text if len(text) <= 2 * _SHOWN else f"{text[:_SHOWN]} … {text[-_SHOWN:]}"


@dataclass(frozen=True, slots=True)
class Float:
    """A TOML float as written. It is never a value: binary floats don't hold amounts."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong at a path. `says` continues the path. The hint is the first of these that is not empty:

    `hint`; `example`, TOML text of a right value; `form`, "[{}]" or "[[{}]]" where a table is wanted.
    """

    rule: str
    says: str
    path: Path = ()
    example: str = ""
    form: str = ""
    hint: str = ""

    def under(self, place: str | int, example: str = "") -> "Finding":
        """The same, seen from the enclosing table or array. `example`: for the key itself or its elements."""
        if not example or any(isinstance(part, str) for part in self.path):
            example = self.example
        return replace(self, path=(place, *self.path), example=example)


class Wrong(Exception):  # noqa: N818  what it carries becomes problems, it is not an error itself
    """A value does not fit. Carries everything that is wrong with it."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings)
        self.findings = findings


def wrong_type(expects: str, value: object, example: str = "", form: str = "", hint: str = "") -> Wrong:
    """Another TOML type than expected."""
    says = f" must be {expects}, not {_type_name(value)}"
    return Wrong(Finding(rule="wrong-type", says=says, example=example, form=form, hint=hint))


def wrong_value(message: str, example: str = "", hint: str = "") -> Wrong:
    """The right TOML type, but not one of its values."""
    return Wrong(Finding(rule="wrong-value", says=f": {shortened(message)}", example=example, hint=hint))


def _type_name(value: object) -> str:
    if isinstance(value, datetime):
        return "an instant" if value.tzinfo else "a date and time without offset"
    names: dict[type, str] = {
        str: "text",
        bool: "true or false",
        int: "a whole number",
        Float: "a floating-point number",
        date: "a day",
        time: "a time of day",
        list: "an array",
        dict: "a table",
    }
    return names.get(type(value), type(value).__name__)


@dataclass(frozen=True, slots=True, eq=False)  # equal by identity: `Annotated[…] | None` needs a hash
class Codec(Generic[X]):
    """How a type is a TOML string. `parse` raises ValueError with the message. `schema`: JSON Schema."""

    parse: Callable[[str], X]
    format: Callable[[X], str]
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """One TOML value. `read`: from tomllib's, raises Wrong. `plain`: to what TOML has a literal for."""

    read: Callable[[object], Any]
    plain: Callable[[Any], Any]
    schema: Mapping[str, Any]
    example: str
    form = ""


def _same(value: Any) -> Any:
    return value


def _native(expects: str, example: str, schema: Mapping[str, Any], fits: Callable[[object], bool]) -> Scalar:
    def read(value: object) -> object:
        if fits(value):
            return value
        raise wrong_type(expects, value, example)

    return Scalar(read, _same, schema, example)


def _text(codec: Codec[Any], example: str) -> Scalar:
    """A TOML string."""
    parse = codec.parse

    def read(value: object) -> object:
        if not isinstance(value, str):
            raise wrong_type("text", value, example, hint=_as_text(value, parse))
        try:
            return parse(value)
        except ValueError as error:
            raise wrong_value(str(error), example) from None

    return Scalar(read, codec.format, {"type": "string", **codec.schema}, example)


def _as_text(value: object, parse: Callable[[str], Any]) -> str:
    """The hint for a number that only lacks its quotes."""
    if not isinstance(value, Float) and type(value) is not int:
        return ""
    number = value.text if isinstance(value, Float) else str(value)
    try:
        parse(number)
    except (ValueError, Wrong):
        return ""
    return f"write {number} as text: {quoted(number)}"


def _coded(codec: Codec[Any]) -> Scalar:
    return _text(codec, quoted(codec.schema.get("examples", ["text"])[0]))


def _matching(pattern: str) -> Scalar:
    whole = re.compile(pattern)

    def parse(text: str) -> str:
        if whole.fullmatch(text):
            return text
        raise ValueError(f"{quoted(text)} is not in the right form")

    return _text(Codec(parse, _same, {"pattern": f"^(?:{pattern})$"}), "")


def _choice(choices: tuple[str, ...]) -> Scalar:
    def parse(text: str) -> str:
        if text in choices:
            return text
        near = nearest(text, choices)
        message = f"{shortened(quoted(text))} is not one of {', '.join(map(quoted, choices))}"
        raise wrong_value(message, quoted(choices[0]), f"did you mean {quoted(near)}?" if near else "")

    return _text(Codec(parse, _same, {"enum": list(choices)}), quoted(choices[0]))


def _instant() -> Scalar:
    example = "2026-10-05T09:10:00+02:00"

    def read(value: object) -> datetime:
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise wrong_type("an instant with its offset", value, example)
        if not 1 < value.year < 9999:  # so that it exists in every zone
            raise wrong_value(f"there is no instant {value.isoformat()} in every time zone", example)
        return value

    return Scalar(read, _same, {"type": "string", "format": "date-time"}, example)


def _parse_decimal(text: str) -> Decimal:
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    raise ValueError(f'{text!r} is not a decimal number; write it like "12.5"')


def _parse_percent(text: str) -> Decimal:
    if match := _PERCENT.fullmatch(text):
        return Decimal(match[1])
    raise ValueError(f'{text!r} is not a percentage; write it like "15%"')


_DECIMALS = Codec(_parse_decimal, "{:zf}".format, {"pattern": f"^{_DECIMAL.pattern}$", "examples": ["12.5"]})
_PERCENTS = Codec(_parse_percent, "{:zf}%".format, {"pattern": f"^{_PERCENT.pattern}$", "examples": ["15%"]})
_AMOUNTS = Codec(Money.parse, str, {"pattern": r"^-?[0-9]{1,15}(?:\.[0-9]{1,8})? [A-Z]{3}$", "examples": ["95.00 EUR"]})
_DURATIONS = Codec(
    parse_duration,
    format_duration,
    {"pattern": "^-?(?:[0-9]+h(?:[0-9]+m)?|[0-9]+m|[0-9]+[.,][0-9]{1,2}h)$", "examples": ["1h30m"]},
)
Minutes: TypeAlias = Annotated[int, _DURATIONS]
Percent: TypeAlias = Annotated[Decimal, _PERCENTS]

_SCALARS: dict[type, Scalar] = {
    str: _coded(Codec(_same, _same, {})),
    bool: _native("true or false", "true", {"type": "boolean"}, lambda v: isinstance(v, bool)),
    int: _native("a whole number", "1", {"type": "integer"}, lambda v: type(v) is int),
    date: _native("a day", "2026-10-05", {"type": "string", "format": "date"}, lambda v: type(v) is date),
    datetime: _instant(),
    Decimal: _coded(_DECIMALS),
    Money: _coded(_AMOUNTS),
}


def scalar(hint: Any, pattern: str | None) -> Scalar | None:
    """The form of a type that is a single TOML value; None where it is not one. `pattern` is for str."""
    if typing.get_origin(hint) is Annotated:
        codec = next((said for said in hint.__metadata__ if isinstance(said, Codec)), None)
        return _coded(codec) if codec else scalar(hint.__origin__, pattern)
    if typing.get_origin(hint) is typing.Literal:
        return _choice(typing.get_args(hint))
    if hint is str and pattern:
        return _matching(pattern)
    return _SCALARS.get(hint) if isinstance(hint, type) else None
