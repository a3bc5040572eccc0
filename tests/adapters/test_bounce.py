"""Messages that tell of a failure, and those that do not."""

import pytest
from tests.stories.sending.test_sending import BOUNCE

from git_bill.adapters.bounce import read_bounce
from git_bill.problem import Stop

KEY = "INV-2026-0032.D-k3v9q2m7x4ab.2@git-bill"


def test_the_mail_and_the_reason() -> None:
    bounce = read_bounce(BOUNCE.format(key=f"<{KEY}>", action="failed").encode(), "a.eml")
    assert (bounce.key, bounce.because) == (KEY, "5.1.1 there is no such address")


def test_a_strangers_mail_has_no_key() -> None:
    bounce = read_bounce(BOUNCE.format(key="<1@example.net>", action="failed").encode(), "a.eml")
    assert bounce.key is None


def test_the_whole_mail_may_have_come_back() -> None:
    text = BOUNCE.format(key=f"<{KEY}>", action="failed").replace("text/rfc822-headers", "message/rfc822")
    assert read_bounce(text.encode(), "a.eml").key == KEY


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", ""])
def test_what_is_no_failure(action: str) -> None:
    with pytest.raises(Stop) as stopped:
        read_bounce(BOUNCE.format(key=KEY, action=action).encode(), "a.eml")
    assert [p.rule for p in stopped.value.problems] == ["no-bounce"]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\x00", b"Subject: Re: invoice\n\nthanks\n", b"Content-Type: multipart/report\n\n--"]
)
def test_anything_else(content: bytes) -> None:
    with pytest.raises(Stop):
        read_bounce(content, "a.eml")
