"""An internal error as a report that can be pasted: where it happened, without anybody's data."""

import os
import platform
import re
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import git_bill
from git_bill.cli.commands import COMMANDS
from git_bill.problem import Problem

# Texts in messages may hold names, addresses and amounts; ids of objects and plain words may stay.
_PRIVATE = re.compile(r"'[^']*'|\"[^\"]*\"|\S+@\S+|\S*://\S+|\S*[/\\]\S+|\d[\d.,:]{2,}\d|[A-Z]{2}\d{2}[A-Z0-9]{8,}")


def crashed(error: Exception, arguments: list[str], masked: Callable[[str], str] = str) -> Problem:
    """Write the report and say where it lies. `masked` takes out what must not be printed."""
    text = masked(report(error, arguments))
    try:
        handle, name = tempfile.mkstemp(prefix="git-bill-report-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        where = f"please paste {name} into an issue; it holds no data of yours"
    except OSError:
        where = text
    return Problem(rule="internal", message=f"a bug in git-bill: {type(error).__name__}", hint=where)


def report(error: Exception, arguments: list[str]) -> str:
    """Versions, the command's name and options without values, and the frames without their values."""
    known = [a.partition("=")[0] if a.startswith("-") else a for a in arguments if a in COMMANDS or a.startswith("-")]
    lines = [
        f"git-bill {git_bill.__version__}, Python {platform.python_version()}, {sys.platform}",
        f"command: git bill {' '.join(known)}",
        "",
    ]
    link: BaseException | None = error
    while link is not None:
        lines += [f"  {_place(f.filename)}:{f.lineno} {f.name}" for f in traceback.extract_tb(link.__traceback__)]
        lines.append(f"{type(link).__name__}: {_PRIVATE.sub('…', str(link))}")
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n".join(lines) + "\n"


def _place(filename: str) -> str:
    parts = Path(filename).parts
    for top in ("git_bill", "site-packages"):
        if top in parts:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(top) :])
    return parts[-1]
