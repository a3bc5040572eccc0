"""Addresses and the mail server: what is wrong is told with an example, and nothing goes over a network in clear."""

import pytest

from git_bill.contract.mail import MailAddresses, MailSettings, is_address


@pytest.mark.parametrize("text", ["ap@acme.example", "jörg@müller.example", "a+b.c@x"])
def test_one_plain_address(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text", ["", "acme", "a@b, c@d", "<a@b>", "a@b\r\nBcc: c@d", "a b@c", "a@b@c", 'a"@b', "a@b\u202e"]
)
def test_what_is_none(text: str) -> None:
    assert not is_address(text)
    assert [name for name, *_ in MailAddresses(invoices=text).problems()] == ["invoices"]
    assert [name for name, *_ in MailAddresses(cc=("a@b", text)).problems()] == ["cc"]


@pytest.mark.parametrize(
    ("settings", "secured", "port"),
    [
        (MailSettings(server="a.example"), "starttls", 587),
        (MailSettings(server="a.example", port=465), "tls", 465),
        (MailSettings(server="a.example", security="tls"), "tls", 465),
        (MailSettings(server="127.0.0.1", security="none"), "none", 25),
        (MailSettings(server="a.example", port=2525), "starttls", 2525),
    ],
)
def test_what_is_not_said_follows(settings: MailSettings, secured: str, port: int) -> None:
    assert (settings.secured, settings.at_port) == (secured, port)
    assert list(settings.problems()) == []


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        (MailSettings(server="smtp://a.example"), "server"),
        (MailSettings(server="a.example:587"), "server"),
        (MailSettings(server="a.example", security="none"), "security"),
        (MailSettings(server="a.example", port=0), "port"),
        (MailSettings(user="mira"), "server"),
        (MailSettings(from_="Mira <mira@example.net>"), "from"),
    ],
)
def test_what_is_wrong_is_told_with_an_example(settings: MailSettings, key: str) -> None:
    ((name, _, hint),) = settings.problems()
    assert (name, "=" in hint) == (key, True)
