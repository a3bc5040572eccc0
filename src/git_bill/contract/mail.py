"""Where a client's mail goes, and how the issuer's leaves."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from ipaddress import ip_address
from typing import Literal

from git_bill.custody.sealing import is_sealed
from git_bill.shape import key

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
_SUBMISSIONS = 465  # RFC 8314: TLS from the first byte


def is_address(text: str) -> bool:
    """Whether a text is one plain address, `ap@acme.example`, that can't be taken for a header or a list."""
    return _ADDRESS.fullmatch(text) is not None and text.isprintable()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAddresses:
    """Addresses of a client for one purpose each, where they are not its `email`."""

    invoices: str | None = key("where invoices go", example='"ap@acme.example"', default=None)
    cc: tuple[str, ...] = key("who gets a copy of each", example='["pm@acme.example"]', default=())
    reminders: str | None = key("where reminders go", example='"ap@acme.example"', default=None)
    contact: str | None = key("whom you write to about the work", example='"anna@acme.example"', default=None)

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """One plain address each."""
        for name in (each.name for each in fields(self)):
            value = getattr(self, name)
            for text in value if isinstance(value, tuple) else [value] * (value is not None):
                if not is_sealed(text) and not is_address(text):
                    example = '["pm@acme.example"]' if name == "cc" else '"ap@acme.example"'
                    yield name, f"{text!r} is no address", f"write it like {name} = {example}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """How mail leaves. Without `server` each mail is a file in a folder outside the repository, to be sent by hand.

    The password never stands here: `GIT_BILL_SMTP_PASSWORD`, or what git's credential helper knows of `smtp://server`.
    """

    server: str | None = key("host of the mail server", example='"smtp.example.net"', default=None)
    port: int | None = key("its port; 587, or 465 with tls", example="587", default=None)
    user: str | None = key("who signs in there", example='"mira@example.net"', default=None)
    security: Literal["starttls", "tls", "none"] | None = key(
        "how the way there is secured; none for this machine alone", example='"starttls"', default=None
    )
    from_: str | None = key(
        "the sender, if not the issuer's `email`", name="from", example='"bill@example.net"', default=None
    )
    on_issue: bool = key("mail an invoice when it is issued", default=False)
    thank: bool = key("mail a receipt with thanks when an invoice is paid in full", default=False)
    signature: str | None = key("last lines of a mail, after your name", example='"Mira Kovac Software"', default=None)

    @property
    def secured(self) -> Literal["starttls", "tls", "none"]:
        """As said, else as the port says (RFC 8314)."""
        return self.security or ("tls" if self.port == _SUBMISSIONS else "starttls")

    @property
    def at_port(self) -> int:
        """As said, else as the security says (RFC 6409, RFC 8314)."""
        return self.port or {"tls": _SUBMISSIONS, "starttls": 587, "none": 25}[self.secured]

    def problems(self) -> Iterable[tuple[str, str, str]]:
        """A host alone, a port, an address; no password or invoice goes over a network in clear."""
        if self.server is not None and not re.fullmatch(r"[A-Za-z0-9.-]+|[0-9A-Fa-f:]+", self.server):
            yield "server", f"{self.server!r} is no host", 'write it alone, like server = "smtp.example.net"'
        elif self.server is not None and self.secured == "none" and not _is_here(self.server):
            hint = 'write security = "starttls" (port 587) or "tls" (port 465)'
            yield "security", f"none would send mail in clear to {self.server}", hint
        if self.port is not None and not 0 < self.port < 65536:
            yield "port", f"{self.port} is no port", "write it like port = 587"
        if self.server is None and (self.user or self.port or self.security):
            yield "server", "is missing", 'write it like server = "smtp.example.net"'
        if self.from_ is not None and not is_address(self.from_):
            yield "from", f"{self.from_!r} is no address", 'write it like from = "mira@example.net"'


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
