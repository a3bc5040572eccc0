"""Public holidays of a region, as the library `holidays` has them."""

import functools
from collections.abc import Iterator
from datetime import date


@functools.lru_cache(maxsize=64)
def public_holidays(region: str | None, year: int) -> frozenset[date]:
    """The days of a year of a country (ISO 3166, `FR`) or a part of one (`DE-BE`). Raises ValueError at no region."""
    if region is None:
        return frozenset()
    import holidays

    country, _, part = region.partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
    except NotImplementedError as error:
        raise ValueError(str(error)) from None


def region_problems(region: str | None) -> Iterator[tuple[str, str, str]]:
    """That a setting `holidays` names no region that there is."""
    try:
        public_holidays(region, 2026)
    except ValueError as error:
        yield "holidays", f"{region!r} is no region: {error}", 'write it like holidays = "DE-BE"'
