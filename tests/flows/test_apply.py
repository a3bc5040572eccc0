"""Roles: who may carry out which effect."""

import pytest
from tests.repositories import now
from tests.twins.books import MemoryBooks

from git_bill.effects import Done, Flow, Plan, Publish, Refused
from git_bill.flows import apply
from git_bill.workspace import Role


def published(path: str, role: Role, branch: str = "main") -> bool:
    """Whether a person with a role may publish a file."""

    def flow() -> Flow[bool]:
        effect = Publish(branch=branch, expect=None, files={path: b"x"}, message="m", at=now())
        outcome = (yield Plan(why="a test", effects=(effect,)))[0]
        assert isinstance(outcome, Done | Refused)
        return isinstance(outcome, Done)

    return apply.run(flow(), apply.Actors(books=MemoryBooks(branch="main"), roles=(role,)))


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("billing/invoices/2026/INV-2026-0001/invoice.toml", {"owner", "accountant"}),
        ("billing/drafts/acme-2026-10.toml", {"owner", "approver", "accountant"}),
        ("billing/signoffs/D-aaaaaaaaaaaa/mira.toml", {"owner", "approver"}),
        ("billing/manifest/acme/2026-10.toml", {"owner", "approver", "contributor", "accountant"}),
    ],
)
def test_who_may_publish_what(path: str, may: set[Role]) -> None:
    roles: tuple[Role, ...] = ("owner", "approver", "contributor", "accountant", "auditor")
    assert {role for role in roles if published(path, role)} == may


def test_a_contributor_may_open_a_draft() -> None:
    assert published("billing/drafts/acme-2026-10.toml", "contributor", branch="bill/acme-2026-10")
