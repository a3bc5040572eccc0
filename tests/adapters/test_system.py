"""Guesses about the machine's owner."""

from pathlib import Path

import pytest

from git_bill.adapters.system import country, currency, time_zone


@pytest.mark.parametrize(
    ("told", "link", "zone"),
    [
        ("America/New_York", "Europe/Berlin", "America/New_York"),
        (":Asia/Tokyo", "Europe/Berlin", "Asia/Tokyo"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Berlin", "Europe/Berlin"),
        ("../../etc/passwd", "Europe/Berlin", "Europe/Berlin"),
        ("", "Etc/UTC", "UTC"),
        ("", "Nowhere/At_All", "UTC"),
    ],
)
def test_time_zone(tmp_path: Path, told: str, link: str, zone: str) -> None:
    localtime = tmp_path / "localtime"
    localtime.symlink_to(Path("/usr/share/zoneinfo") / link)
    assert time_zone({"TZ": told}, localtime) == zone


@pytest.mark.parametrize(
    ("zone", "environment", "code"),
    [
        ("Europe/Berlin", {"LANG": "en_US.UTF-8"}, "DE"),
        ("America/Los_Angeles", {}, "US"),
        ("UTC", {"LANG": "de_AT.UTF-8@euro"}, "AT"),
        ("UTC", {"LC_ALL": "C", "LANG": "de_AT"}, None),
        ("UTC", {"LANG": "C.UTF-8"}, None),
    ],
)
def test_country(zone: str, environment: dict[str, str], code: str | None) -> None:
    assert country(zone, environment) == code


def test_currency() -> None:
    assert [currency(c) for c in ("DE", "BG", "US", "CH", "PL", "ZZ")] == ["EUR", "EUR", "USD", "CHF", "PLN", None]
