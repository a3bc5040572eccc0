"""What the installed hooks say: the shipped files, with the source's `ticket_pattern` compiled into shell."""

import re
import string
from collections.abc import Iterable, Iterator
from itertools import groupby

from git_bill.worklog.ticket import STANDARDS, Step, Way, first_of, ways
from git_bill.worklog.ticket_cost import LONGEST

_BEGIN = "# >> compiled by `git bill hooks install` from ticket_pattern = "
_COMPILED = re.compile(rf"^{re.escape(_BEGIN)}.*?^# <<\n", re.DOTALL | re.MULTILINE)
_CHECK = re.compile(r"^check=(yes|no)$", re.MULTILINE)
_RUNS = (string.digits, string.ascii_uppercase, string.ascii_lowercase)
_OTHER = r"[!\ -~]*"  # begins with a character beyond ASCII: only `collect` knows whether it is a digit
_INDENT = "    "


def with_pattern(shipped: str, pattern: str) -> str | None:
    """The hook that looks for tickets; None where no glob tells what the pattern does. None needed: as it is."""
    found = ways(pattern)
    if found is None:
        return None
    told = "".join(c if c.isprintable() else "?" for c in pattern)
    section = "".join(f"{line}\n" for line in (f"{_BEGIN}'{told}'", *_functions(found), "# <<"))
    return _COMPILED.sub(lambda _: section, shipped, count=1)


def with_check(shipped: str, *, check: bool) -> str:
    """The hook that looks at messages, with or without checking their trailers."""
    return _CHECK.sub(f"check={'yes' if check else 'no'}", shipped, count=1)


def checks(installed: str | None) -> bool:
    """Whether an installed hook checks trailers."""
    found = _CHECK.search(installed or "")
    return found is not None and found[1] == "yes"


def _functions(found: tuple[Way, ...]) -> Iterator[str]:
    globs = " | ".join(dict.fromkeys(f"*{_glob(way)}*" for way in found))
    yield from ("likely() {", f"    case $1 in {globs}) ;; *) return 1 ;; esac", "}")
    starts = [step for way in found for step in first_of(way)]
    one_of = _inside(frozenset().union(*(step.chars for step in starts)))
    yield "begin() {"
    yield f"    [ ${{#rest}} -le {LONGEST} ] || exit 0"
    if any(step.digit for step in starts):
        yield f"    case $rest in *{_OTHER}) exit 0 ;; esac"
    yield from (f'    rest=${{rest#"${{rest%%[{one_of}]*}}"}}', "}")
    names = [f"match_{number}" for number, _ in enumerate(found, 1)]
    for name, way in zip(names, found, strict=True):
        yield from (f"{name}() {{", "    tail=$rest", *(_INDENT + line for line in _steps(way)), "}")
    yield from ("match() {", f"    {' || '.join(names)}", "}")
    standards = " | ".join("".join(f"[{c}{c.lower()}]" for c in name) for name in STANDARDS)
    yield from ("standard() {", f"    case $1 in {standards}) ;; *) return 1 ;; esac", "}")


def _glob(way: Way) -> str:
    """What every match has, and other texts may have too."""
    parts = []
    for literal, steps in groupby(way, key=_is_literal):
        if literal:
            parts.append(_quoted(steps))
            continue
        for step in steps:
            parts.append(_bracket(step) * step.least + ("" if step.least == step.most else "*"))
    return re.sub(r"\*\*+", "*", "".join(parts)).removesuffix("*")


def _steps(way: Way) -> Iterator[str]:
    for literal, steps in groupby(way, key=_is_literal):
        if literal:
            text = _quoted(steps)
            yield f"case $tail in {text}*) tail=${{tail#{text}}} ;; *) return 1 ;; esac"
        else:
            for step in steps:
                yield from _step(step)


def _step(step: Step) -> Iterator[str]:
    """Takes all it can: what follows begins with another character, so no less would do."""
    one, unless = _bracket(step), f"[!{_inside(step.chars)}]"
    unsure = f" {_OTHER}) exit 0 ;;" if step.digit else ""
    singles = step.least if step.most is not None else step.least - 1
    for _ in range(singles):
        yield f"case $tail in {one}*) tail=${{tail#?}} ;;{unsure} *) return 1 ;; esac"
    if step.most is None:
        run = f'{one}*) tail=${{tail#"${{tail%%{unless}*}}"}} ;;'
        yield f"case $tail in {run}{unsure}{' *) return 1 ;;' if step.least else ''} esac"
    else:
        for _ in range(step.most - step.least):
            yield f"case $tail in {one}*) tail=${{tail#?}} ;; esac"
    if step.digit and step.least != step.most:
        yield f"case $tail in {_OTHER}) exit 0 ;; esac"


def _is_literal(step: Step) -> bool:
    return len(step.chars) == 1 and step.least == step.most == 1


def _quoted(steps: Iterable[Step]) -> str:
    return "'" + "".join(min(step.chars) for step in steps) + "'"


def _bracket(step: Step) -> str:
    return "'" + min(step.chars) + "'" if len(step.chars) == 1 else f"[{_inside(step.chars)}]"


def _inside(chars: frozenset[str]) -> str:
    """Characters as they stand between brackets of a glob: runs by their ends, the dash last."""
    text = ""
    left = set(chars)
    for alphabet in _RUNS:
        for there, group in groupby(alphabet, key=chars.__contains__):
            run = list(group)
            if there:
                text += f"{run[0]}-{run[-1]}" if len(run) > 2 else "".join(run)
                left -= set(run)
    return text + "".join(sorted(left - {"-"})) + ("-" if "-" in left else "")
