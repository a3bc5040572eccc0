"""The client's word for a content: who approved it, where that stands, and the hash of what proves it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from git_bill.custody.signoff import signoff_file
from git_bill.shape import key

Way = Literal["comment", "review", "merge", "attachment"]
CLIENT = "client"  # stands for a person's id in the path of a sign-off; no contributor has it
BINARY = "billing/signoffs/** -text"  # what git is told, so that an attachment stays as it came


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientWord:
    """`billing/signoffs/<draft id>/client.toml`. `who`: an account for what the forge tells, else a name."""

    schema: int = key("version of this file's form", default=1)
    draft: str = key("id of the draft", example='"D-k3v9q2m7x4ab"')
    blob: str = key("blob id of the draft that was approved")
    who: str = key("who said it for the client", example='"Anna Schmidt"')
    way: Way = key("how it was said", example='"attachment"')
    ref: str = key("the comment, pull request or file that it stands in", example='"client-reply.eml"')
    sha256: str | None = key("hash of the attachment", default=None)
    recorded_by: str = key("id of the contributor who recorded it; empty for the program", default="")
    at: datetime = key("when it was recorded")


def client_word_file(draft: str) -> str:
    """Path of the client's word for a draft."""
    return signoff_file(draft, CLIENT)


def attachment_file(draft: str, name: str) -> str:
    """Path of what proves it, beside it; of the name only the kind of file is kept."""
    return f"billing/signoffs/{draft}/client-reply.{kind_of_file(name)}"


def kind_of_file(name: str) -> str:
    """The end of a file's name that may be kept: one that is a record's or a signature's, or odd, is `bin`."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    kept = suffix.isascii() and suffix.isalnum() and len(suffix) <= 5 and suffix not in {"toml", "sig"}
    return suffix if kept else "bin"
