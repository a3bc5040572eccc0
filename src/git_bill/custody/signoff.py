"""Sign-offs: a person's word for a content, the blob id of a draft. A changed draft needs a new one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from git_bill.shape import key


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """`billing/signoffs/<draft id>/<person>.toml`."""

    schema: int = key("version of this file's form", default=1)
    draft: str = key("id of the draft", example='"D-k3v9q2m7x4ab"')
    blob: str = key("blob id of the draft that was read")
    by: str = key("id of the contributor", example='"mira"')
    at: datetime = key("when it was given")
    note: str | None = key("what the person said", default=None)


def signoff_file(draft: str, person: str) -> str:
    """Path of a person's sign-off of a draft."""
    return f"billing/signoffs/{draft}/{person}.toml"


def signers(blob: str, given: Iterable[SignOff], merged_by: str | None, able: frozenset[str]) -> frozenset[str]:
    """Who has signed off this content: by file, or by merging it. `able`: ids whose role allows it."""
    people = {signoff.by for signoff in given if signoff.blob == blob}
    return frozenset(people | ({merged_by} if merged_by else set())) & able
