"""What git is told about files of the books, before it checks them out somewhere."""

from collections.abc import Mapping

from git_bill.layout import ATTRIBUTES
from git_bill.ports import Snapshot


def with_attribute(state: Snapshot, line: str) -> Mapping[str, bytes]:
    """The file of attributes with a line at its end; nothing where it says so already."""
    before = state.read(ATTRIBUTES) or b""
    if line in before.decode("utf-8", "replace").splitlines():
        return {}
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    return {ATTRIBUTES: before + gap + f"{line}\n".encode()}
