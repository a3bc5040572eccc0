"""Sign-offs: a person's word for a content, the blob id of a draft. A changed draft needs a new one.

Who lists SSH keys is believed by signature or by the forge (a review, a merge), not by an e-mail: anyone can write one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from git_bill.shape import key

How = Literal["signature", "review", "record", "merge"]

NAMESPACE = "git-bill"  # of `ssh-keygen -Y sign -n`
SETTINGS = "settings"  # what stands for a draft's id where a settings file is signed off
GHOST = "ghost"  # an account that the forge does not know any more


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """`billing/signoffs/<draft id>/<person>.toml`."""

    schema: int = key("version of this file's form", default=1)
    draft: str = key("id of the draft", example='"D-k3v9q2m7x4ab"')
    blob: str = key("blob id of the draft that was read")
    by: str = key("id of the contributor", example='"mira"')
    at: datetime = key("when it was given")
    note: str | None = key("what the person said", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """Who merged or pushed, and when. `account`: as the forge tells it, None where it does not or none are listed."""

    email: str
    at: datetime
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Somebody whose role allows a sign-off, how that person is known, and the first and last day of the role."""

    id: str
    emails: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    from_: date | None = None
    until: date | None = None

    def serves(self, at: datetime) -> bool:
        """Whether a word of this person counted at an instant. Days are those of the instant's own offset."""
        day = at.date()
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)

    def has_account(self, account: str | None) -> bool:
        """Whether an account of the forge is this person's; login names have no case."""
        return account is not None and account.lower() in (each.lower() for each in self.accounts)

    def may_merge(self, *, on_forge: bool) -> bool:
        """Whether a merge by this person can count: of who lists keys only a forge can tell that it was this person."""
        return not self.keys or (on_forge and bool(self.accounts))

    def is_merger(self, merger: Merger) -> bool:
        """Whether this person merged: by the forge's word, else by the e-mail unless the person lists keys."""
        if not self.serves(merger.at):
            return False
        if merger.account is not None:
            return self.has_account(merger.account)
        return not self.keys and merger.email.lower() in (each.lower() for each in self.emails)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A review. `blob`: of the draft at the commit that was reviewed; None where there is none."""

    account: str
    verdict: Literal["approved", "changes-requested", "commented", "dismissed"]
    blob: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Assent:
    """A sign-off that counts, and how it was given."""

    by: str
    how: How


class Signatures(Protocol):
    """Makes and verifies signatures with SSH keys, in a namespace of ours."""

    def valid(self, text: bytes, signature: bytes, keys: Sequence[str]) -> bool:
        """Whether one of the public keys made this signature over the text."""

    def sign(self, text: bytes, keys: Sequence[str]) -> bytes:
        """An armoured signature by one of the public keys. Raises Stop (exit 3) where none can sign here."""


def signed_text(blob: str) -> bytes:
    """What a signature is made over."""
    return f"{blob}\n".encode()


def signoff_file(subject: str, person: str, suffix: str = "toml") -> str:
    """Path of a person's sign-off: `toml` where it is recorded, `sig` where it is signed. `subject`: the draft's id."""
    return f"billing/signoffs/{subject}/{person}.{suffix}"


def settings_subject(blob: str) -> str:
    """What stands for the draft's id in the path of a settings file's sign-off."""
    return f"{SETTINGS}/{blob}"


def assents(
    blob: str,
    able: Iterable[Signer],
    *,
    recorded: Iterable[SignOff] = (),
    signed: frozenset[str] = frozenset(),
    verdicts: Iterable[Verdict] = (),
    merger: Merger | None = None,
) -> tuple[Assent, ...]:
    """Who of those whose role allows it has signed off this content, each once, by the strongest of the ways.

    `signed`: ids whose signature over it is valid; `verdicts`: the latest of an account counts; `merger`: who merged
    this content.
    """
    written = [record for record in recorded if record.blob == blob]
    approved = [given for given in _latest(verdicts) if given.verdict == "approved" and given.blob == blob]
    found: list[Assent] = []
    for signer in able:
        ways: dict[How, bool] = {
            "signature": signer.id in signed,
            "review": any(signer.has_account(given.account) and signer.serves(given.at) for given in approved),
            "record": not signer.keys and any(one.by == signer.id and signer.serves(one.at) for one in written),
            "merge": merger is not None and signer.is_merger(merger),
        }
        found += [Assent(by=signer.id, how=how) for how, holds in ways.items() if holds][:1]
    return tuple(found)


def _latest(verdicts: Iterable[Verdict]) -> Iterable[Verdict]:
    """The last verdict of each account; a comment is none."""
    spoken = sorted(verdicts, key=lambda given: given.at)
    return {given.account.lower(): given for given in spoken if given.verdict != "commented"}.values()
