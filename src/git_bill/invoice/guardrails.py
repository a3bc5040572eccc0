"""Guardrails: limits that a workspace sets for its own documents. None is on unless it is set."""

from dataclasses import dataclass

from git_bill.shape import Minutes, Percent, key


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrails:
    """Limits that `check` and `issue` hold drafts against. None is on unless it is set."""

    max_hours_per_day: Minutes | None = key("more in one day for one person is flagged", example='"10h"', default=None)
    max_discount: Percent | None = key("a bigger discount needs a sign-off", example='"15%"', default=None)
    sign_off_above: str | None = key(
        "a gross above needs the owner's sign-off",
        example='"5000.00 EUR"',
        pattern=r"\d+(\.\d+)? [A-Z]{3}",
        default=None,
    )
    sign_offs: int = key("how many people must sign off", default=1)
