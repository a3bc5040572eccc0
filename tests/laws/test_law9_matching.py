"""Law 9, the part of matching: shares stay within remittance and invoice, manual matches and crafted references."""

import json
from datetime import date, timedelta
from decimal import Decimal
from importlib import resources

from hypothesis import given, settings
from hypothesis import strategies as st

from git_bill.contract.exchange import none_known
from git_bill.contract.terms import EarlyPayment
from git_bill.money import Money
from git_bill.receivable.matching.match import Applied, Match, Outcome, Proposed
from git_bill.receivable.matching.open import Open
from git_bill.receivable.matching.propose import propose
from git_bill.receivable.matching.score import weights
from git_bill.receivable.remittance import Remittance

MODEL = weights(json.loads((resources.files("git_bill.tables") / "models/matching.json").read_text(encoding="utf-8")))
NAMES = ("Acme GmbH", "Nordwind Müller KG", "Initech LLC")
FIRST = date(2026, 10, 1)
# Few amounts, so that they meet: equal ones, sums of two, less a fee, a cent.
AMOUNTS = ("500.00", "500.00", "700.00", "1200.00", "690.00", "490.00", "0.01", "1190.00", "3.00")


@st.composite
def invoices(draw: st.DrawFn) -> list[Open]:
    """Up to eight of three clients; some are paid."""
    made = []
    for running in range(1, draw(st.integers(1, 8)) + 1):
        client = draw(st.integers(0, 2))
        amount = Money(Decimal(draw(st.sampled_from((*AMOUNTS, "0.00")))), "EUR")
        issued = FIRST + timedelta(days=draw(st.integers(0, 20)))
        made.append(
            Open(
                number=f"INV-2026-{running:04}",
                client=f"c{client}",
                names=(NAMES[client],),
                accounts=(f"DE0212030000000020205{client}",) if client else (),
                open=amount,
                gross=amount,
                issued=issued,
                due=issued + timedelta(days=14),
                early=EarlyPayment(percent=Decimal(2), days=10) if draw(st.booleans()) else None,
            )
        )
    return made


@st.composite
def remittances(draw: st.DrawFn) -> list[Remittance]:
    """Up to six, from clients or strangers, naming nothing, one or two numbers, or nonsense."""
    made = []
    for at in range(draw(st.integers(1, 6))):
        named = draw(st.lists(st.integers(1, 9), max_size=2))
        text = " ".join(f"INV-2026-{n:04}" for n in named) or draw(st.sampled_from(("", "Danke", "Rechnung 3", "0004")))
        made.append(
            Remittance(
                id=f"R-aaaaaaaaaaa{'abcdefgh'[at]}",
                rail="bank",
                booked=FIRST + timedelta(days=draw(st.integers(0, 40))),
                amount=Money(Decimal(draw(st.sampled_from((*AMOUNTS, "-500.00", "1000.00", "1400.00")))), "EUR"),
                payer=draw(st.sampled_from((*NAMES, "Mallory", ""))),
                payer_account=draw(st.sampled_from(("", "DE02120300000000202051", "DE89370400440532013000"))),
                text=text,
            )
        )
    return made


def run(given_ones: list[Remittance], opens: list[Open], decided: frozenset[str] = frozenset()) -> tuple[Outcome, ...]:
    """With the shipped weights, and no rates."""
    return propose(given_ones, opens, weights=MODEL, quotes=none_known, habits={}, decided=decided)


def applied(outcomes: tuple[Outcome, ...]) -> list[Match]:
    """Matches that were applied."""
    return [each.match for each in outcomes if isinstance(each, Applied)]


@settings(max_examples=150, deadline=None)
@given(remittances(), invoices())
def test_shares_never_exceed_remittance_or_invoice(paid: list[Remittance], opens: list[Open]) -> None:
    received = {each.id: each.amount.amount for each in paid}
    left = {each.number: each.open.amount for each in opens}
    outcomes = run(paid, opens)
    for match in (each.match for each in outcomes if isinstance(each, Applied | Proposed)):
        assert sum(share.amount.amount for share in match.shares) <= max(Decimal(0), received[match.remittance])
        assert all(0 <= share.settles.amount <= left[share.invoice] for share in match.shares)
    for match in applied(outcomes):
        for share in match.shares:
            left[share.invoice] -= share.settles.amount
    assert min(left.values()) >= 0


@settings(max_examples=150, deadline=None)
@given(remittances(), invoices(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_changes_nothing(paid: list[Remittance], opens: list[Open], rng: object) -> None:
    shuffled_paid, shuffled_opens = list(paid), list(opens)
    rng.shuffle(shuffled_paid)  # type: ignore[attr-defined]
    rng.shuffle(shuffled_opens)  # type: ignore[attr-defined]
    assert run(paid, opens) == run(shuffled_paid, shuffled_opens)


@settings(max_examples=150, deadline=None)
@given(remittances(), invoices())
def test_nothing_crafted_is_applied(paid: list[Remittance], opens: list[Open]) -> None:
    """An applied match settles whole invoices of one client, fits the amount, and comes from nobody else's account."""
    by_number = {each.number: each for each in opens}
    by_id = {each.id: each for each in paid}
    for match in applied(run(paid, opens)):
        remittance, matched = by_id[match.remittance], [by_number[number] for number in match.invoices]
        assert remittance.amount.amount > 0
        assert len({each.client for each in matched}) == 1
        whole = sum(each.open.amount for each in matched)
        assert [share.settles for share in match.shares] == [each.open for each in matched]
        assert remittance.amount.amount <= whole <= remittance.amount.amount * Decimal("1.05") + 5
        owner = next((e.client for e in opens if remittance.payer_account in e.accounts), None)
        assert owner in {None, matched[0].client}


@settings(max_examples=100, deadline=None)
@given(remittances(), invoices(), st.sets(st.integers(0, 5)))
def test_a_manual_match_is_never_overridden(paid: list[Remittance], opens: list[Open], chosen: set[int]) -> None:
    decided = frozenset(each.id for at, each in enumerate(paid) if at in chosen)
    outcomes = run(paid, opens, decided)
    assert {each.remittance for each in outcomes} == {each.id for each in paid} - decided
    rest = [each for each in paid if each.id not in decided]
    assert outcomes == run(rest, opens)


@settings(max_examples=100, deadline=None)
@given(remittances(), invoices(), st.sampled_from(AMOUNTS))
def test_an_unrelated_invoice_turns_no_match_into_a_wrong_one(
    paid: list[Remittance], opens: list[Open], amount: str
) -> None:
    """A match stays or is only proposed from then on; it never silently moves to the new invoice."""
    more = Money(Decimal(amount), "EUR")
    unrelated = Open(
        number="INV-2026-0777",
        client="other",
        names=("Zebra Verlag",),
        open=more,
        gross=more,
        issued=FIRST,
        due=FIRST + timedelta(days=14),
    )
    before = {match.remittance: match.invoices for match in applied(run(paid, opens))}
    after = {match.remittance: match.invoices for match in applied(run(paid, [*opens, unrelated]))}
    assert all(after.get(remittance, numbers) == numbers for remittance, numbers in before.items())
    assert not any(unrelated.number in numbers for numbers in after.values())
