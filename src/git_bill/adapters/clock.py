"""The system's clock, which `--today` and tests can set."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from git_bill.problem import Exit, stop


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemClock:
    """`fixed`: an instant that stands for now; `day`: a date that stands for today (the instant stays the real one)."""

    fixed: datetime | None = None
    day: date | None = None

    def now(self) -> datetime:
        """This instant in UTC, whole seconds."""
        return (self.fixed or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)

    def today(self, timezone: str) -> date:
        """The date there, or the one given."""
        return self.day or self.clock_today(timezone)

    def clock_today(self, timezone: str) -> date:
        """The date there by the clock, whatever was given."""
        return self.now().astimezone(ZoneInfo(timezone)).date()


def instant(text: str) -> datetime:
    """An ISO 8601 instant with offset; a date alone is its noon in UTC. Stops (exit 2) at anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or (found.tzinfo is None and len(text) > 10):
        raise stop(
            Exit.USAGE,
            "wrong-instant",
            f"GIT_BILL_NOW={text} is not an instant",
            "write it like GIT_BILL_NOW=2026-11-02T09:00:00+01:00",
        )
    return found if found.tzinfo else datetime.combine(found.date(), time(12), UTC)
