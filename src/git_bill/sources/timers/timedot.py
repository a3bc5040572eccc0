"""timedot: a day's line, then `acme:web  .... ..` or `1.5h`, `45m`, `1.5` (hledger's manual, "timedot")."""

import re
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

from git_bill.sources.faults import Faults
from git_bill.sources.timers.timed import Timed, Timers, in_order, lines_of, shown, wall, wrong

_DAY = re.compile(r"(?:\*+ +)?([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])\s*(?P<about>.*)")
_ENTRY = re.compile(r"(?P<account>\S+(?: \S+)*)(?:\s{2,}|\t)\s*(?P<much>\S.*)")
_AMOUNT = re.compile(r"([0-9]{1,5}(?:[.,][0-9]{1,4})?)\s*([smhd])?")
_UNITS = {"s": Decimal(1) / 60, "m": Decimal(1), "h": Decimal(60), "d": Decimal(1440)}
_QUARTER = 15  # minutes that a dot stands for
_EXAMPLE = "acme:web-shop  .... ..    (a dot is a quarter of an hour; or 1.5h, 45m)"


def read(text: str, file: str, zone: tzinfo) -> Timers:
    """Durations by day, without a place in it. Org headings that are no day, and all before the first, are comments."""
    times: list[Timed] = []
    faults = Faults()
    day: datetime | None = None
    about = ""
    for number, line in faults.watched(lines_of(text)):
        bare = line.partition(";")[0].rstrip()
        if not bare.strip() or line.startswith("#"):
            continue
        try:
            if match := _DAY.fullmatch(bare):
                day, about = wall(zone, int(match[1]), int(match[2]), int(match[3])), match["about"].strip()
            elif day is not None and not bare.startswith("*"):
                times.append(_timed(bare.strip(), day, about))
        except (ValueError, OverflowError) as error:
            faults.append(wrong(file, number, str(error), _EXAMPLE))
    if day is None and text.strip() and not any(faults):
        return Timers(
            problems=(wrong(file, 1, "this is no timedot file: no line of it is a day", _EXAMPLE, error=True),)
        )
    return in_order(times, faults)


def _timed(line: str, day: datetime, about: str) -> Timed:
    entry = _ENTRY.fullmatch(line)
    if entry is None:
        raise ValueError("this is neither a day nor an account with its time")
    minutes = _minutes(entry["much"].strip())
    return Timed(
        key=f"timedot:{day:%Y-%m-%d}:{entry['account']}",
        begin=day,
        end=day + timedelta(minutes=minutes),
        text=about,
        project=entry["account"],
        placed=False,
    )


def _minutes(much: str) -> int:
    """Dots, or letters that stand for tags, are quarters of an hour; a number without a unit is hours."""
    squeezed = re.sub(r"\s", "", much)
    if re.fullmatch(r"\.+|[a-z]+", squeezed):
        return _QUARTER * len(squeezed)
    match = _AMOUNT.fullmatch(much)
    if match is None:
        raise ValueError(f"{shown(much)} is no time")
    return int(Decimal(match[1].replace(",", ".")) * _UNITS[match[2] or "h"])
