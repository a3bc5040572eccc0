"""Merging a draft's branch: what is done goes no second time, what is half done goes on."""

from datetime import date

import pytest
from tests.flows.shelf import ACME, SETTINGS
from tests.laws.bureau import VAT, Bureau

from git_bill.adapters.tables import wording
from git_bill.effects import Publish
from git_bill.flows import apply
from git_bill.flows.credit import correction
from git_bill.flows.issue import Issued, issue
from git_bill.flows.merge import merge
from git_bill.invoice.replacing import Wish
from git_bill.layout import draft_file

FIRST, NOTE, SECOND = "INV-2026-0032", "CN-2026-0001", "INV-2026-0033"


class Killed(BaseException):
    """The process is gone: nothing catches it."""


@pytest.fixture
def bureau() -> Bureau:
    """October is billed, and its correction is merged."""
    made = Bureau()
    made.state({"billing/billing.toml": SETTINGS, "billing/clients/acme.toml": ACME})
    made.work(date(2026, 10, 5), 90)
    made.approve(made.draft(date(2026, 10, 5)).made[0].name)
    made.issue()
    wish = Wish(set={"order": "4711"})
    made.approve(made.do(correction(made.books, made.clock, VAT, FIRST, wish, words=wording())).made[0].name)
    return made


def half_issued(bureau: Bureau) -> None:
    """The run that issues the correction is killed when the cancellation is out."""

    def between(step: str) -> None:
        if len(numbers(bureau)) > 1:
            raise Killed

    with pytest.raises(Killed):
        apply.run(issue(bureau.issuing(bureau.books)), apply.Actors(books=bureau.books, between=between))
    assert numbers(bureau) == {FIRST, NOTE}


def numbers(bureau: Bureau) -> set[str]:
    """What is issued."""
    return {item.claim.number for item in bureau.numbered if item.invoice is not None}


def run(bureau: Bureau, name: str) -> Issued:
    """As `git bill issue NAME` does."""
    assert bureau.do(merge(bureau.books, bureau.clock, VAT, name, by="mira")) is None
    return bureau.do(issue(bureau.issuing(bureau.books), name))


def test_a_correction_that_was_removed_by_hand_after_its_cancellation_is_merged_again(bureau: Bureau) -> None:
    name = bureau.open_drafts[0]
    half_issued(bureau)
    files = {draft_file(name): None}
    bureau.books.publish(
        Publish(
            branch=bureau.books.branch, expect=bureau.books.tip(), files=files, message="Oops", at=bureau.clock.now()
        )
    )
    assert [each.invoice.number for each in run(bureau, name).issued] == [SECOND]
    assert numbers(bureau) == {FIRST, NOTE, SECOND}
    new = next(item.invoice for item in bureau.numbered if item.claim.number == SECOND)
    assert new is not None
    assert new.corrects is not None
    assert (new.corrects.number, new.corrects.credit_note) == (FIRST, NOTE)


def test_what_is_issued_is_not_merged_again(bureau: Bureau) -> None:
    name = bureau.open_drafts[0]
    run(bureau, name)
    tip = bureau.books.tip()
    assert run(bureau, name).issued[0].already
    assert bureau.books.tip() == tip
