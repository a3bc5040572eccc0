"""Logo, colour and paper: what is refused, and which paper a country writes on."""

import pytest

from git_bill.invoice.document.branding import PLAIN, Branding, Look


def problems(**told: str) -> list[str]:
    return [message for _, message, _ in Branding(**told).problems()]  # type: ignore[arg-type]


def test_what_is_right() -> None:
    assert problems() == []
    assert problems(logo="billing/logo.svg", accent="#7A1F5C", paper="letter") == []
    assert problems(logo="billing/pictures/my-logo.JPEG".lower()) == []


@pytest.mark.parametrize(
    "logo", ["logo.svg", "/etc/passwd", "billing/../secret.svg", "billing/logo.gif", "billing/.hidden.svg", "billing/"]
)
def test_a_logo_lies_inside_the_books(logo: str) -> None:
    assert problems(logo=logo) == [f"{logo!r} is no picture inside billing/"]


def test_a_colour_can_be_read_on_white() -> None:
    assert problems(accent="red") == ["'red' is not a colour"]
    assert problems(accent="#ffcc00") == ["#ffcc00 is too light to be read on white (contrast 1.5, at least 4.5)"]
    ((_, _, hint),) = Branding(accent="#ffcc00").problems()
    darker = hint.split('"')[1]
    assert problems(accent=darker) == []


def test_paper_of_the_country_or_as_chosen() -> None:
    assert [PLAIN.paper_for(country) for country in ("US", "CA", "MX", "DE", None)] == ["us-letter"] * 3 + ["a4"] * 2
    assert Look(paper="a4").paper_for("US") == "a4"
