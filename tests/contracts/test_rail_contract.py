"""What every `Rail` does: in memory, and those of Stripe and PayPal against their APIs on this machine."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest
from tests.adapters.paypal.account import opened
from tests.testbed.paypal_fake import Account
from tests.testbed.stripe_server import StripeServer
from tests.twins.rail import MemoryRail

from git_bill.adapters.paypal.rail import PayPal
from git_bill.adapters.stripe.amounts import minor
from git_bill.adapters.stripe.client import Client
from git_bill.adapters.stripe.rail import Stripe
from git_bill.effects import CloseLink, Done, EnsureLink, LinkLine, Refused
from git_bill.money import Money
from git_bill.problem import Exit, Stop
from git_bill.rail import Rail
from git_bill.receivable.rail import StripeSettings
from git_bill.receivable.recognised import origin, whole
from git_bill.receivable.remittance import Remittance

AMOUNT = Money.parse("1190.00 EUR")
LINK = EnsureLink(
    key="D-k3v9q2m7x4ab",
    number="INV-2026-0032",
    amount=AMOUNT,
    issuer="Mira Kovac Software",
    payer="Acme GmbH",
    email="ap@acme.example",
    due=date(2099, 12, 2),
    lines=(
        LinkLine(text="Development", amount=Money.parse("1050.00 EUR")),
        LinkLine(text="Discount", amount=Money.parse("-50.00 EUR")),
        LinkLine(text="Tax 19 %", amount=Money.parse("190.00 EUR")),
    ),
)


class Stage(Protocol):
    """A rail, and what others do there. Payments have ids; "" where an address takes none."""

    @property
    def rail(self) -> Rail: ...

    def pay(self, address: str, *, fee: str = "0", is_debit: bool = False) -> str: ...

    def settle(self, payment: str, *, works: bool = True) -> None: ...

    def refund(self, payment: str, amount: str) -> None: ...

    def charge_back(self, payment: str) -> str: ...

    def win(self, dispute: str) -> None: ...

    def pay_out(self, amount: str) -> None: ...

    def go_away(self) -> None: ...


class Memory:
    """In memory, with small pages."""

    def __init__(self) -> None:
        self.rail = MemoryRail(page=3)

    def pay(self, address: str, *, fee: str = "0", is_debit: bool = False) -> str:
        return self.rail.pay(address, fee=fee, is_debit=is_debit)

    def settle(self, payment: str, *, works: bool = True) -> None:
        self.rail.settle(payment, works=works)

    def refund(self, payment: str, amount: str) -> None:
        self.rail.refund(payment, amount)

    def charge_back(self, payment: str) -> str:
        return self.rail.charge_back(payment)

    def win(self, dispute: str) -> None:
        self.rail.win(dispute)

    def pay_out(self, amount: str) -> None:
        self.rail.pay_out(amount)

    def go_away(self) -> None:
        self.rail.away = True


class AtStripe:
    """On the testbed's Stripe, where time goes by between any two acts."""

    def __init__(self, server: StripeServer, settings: StripeSettings) -> None:
        self.server = server
        client = Client(server.key, settings, api=server.api, retries=0)
        self.rail = Stripe(client, settings, ZoneInfo("Europe/Berlin"))

    def pay(self, address: str, *, fee: str = "0", is_debit: bool = False) -> str:
        self.server.store.tick()
        return self.server.people.pay(address, fee=_cents(fee), is_debit=is_debit)

    def settle(self, payment: str, *, works: bool = True) -> None:
        self.server.store.tick(86_400)
        self.server.people.settle(payment, works=works)

    def refund(self, payment: str, amount: str) -> None:
        self.server.store.tick()
        self.server.people.refund(payment, _cents(amount))

    def charge_back(self, payment: str) -> str:
        self.server.store.tick()
        return self.server.people.charge_back(payment)

    def win(self, dispute: str) -> None:
        self.server.store.tick()
        self.server.people.win(dispute)

    def pay_out(self, amount: str) -> None:
        self.server.store.tick()
        self.server.people.pay_out(_cents(amount))

    def go_away(self) -> None:
        self.server.faults += [503] * 20


class AtPayPal:
    """On the testbed's PayPal, which lists what took place hours later."""

    def __init__(self, account: Account, rail: PayPal) -> None:
        self.account = account
        self.rail = rail

    def pay(self, address: str, *, fee: str = "0", is_debit: bool = False) -> str:
        payment = self.account.pay_at(address, fee=f"-{Decimal(fee):.2f}", status="P" if is_debit else "S")
        self.account.now += timedelta(hours=4)
        return payment

    def settle(self, payment: str, *, works: bool = True) -> None:
        self.account.now += timedelta(days=5)
        self.account.movement(payment)["transaction_status"] = "S" if works else "D"

    def refund(self, payment: str, amount: str) -> None:
        self._take("T1107", f"-{amount}", refers=payment)

    def charge_back(self, payment: str) -> str:
        amount = self.account.movement(payment)["transaction_amount"]["value"]
        return self._take("T1201", f"-{amount}", fee="-15.00", refers=payment)

    def win(self, dispute: str) -> None:
        lost = self.account.movement(dispute)
        amount = lost["transaction_amount"]["value"].removeprefix("-")
        self._take("T1202", amount, fee="15.00", refers=lost["paypal_reference_id"])

    def pay_out(self, amount: str) -> None:
        self._take("T0400", f"-{amount}")

    def go_away(self) -> None:
        self.account.faults += [(503, {}, b"")] * 20

    def _take(self, code: str, amount: str, **told: str) -> str:
        name = self.account.take(code, f"{amount} EUR", **told)
        self.account.now += timedelta(hours=4)
        return name


def _cents(amount: str) -> int:
    return minor(Money(Decimal(amount), "EUR"))


@pytest.fixture(params=["memory", "stripe", "stripe-mirror", "paypal"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    if request.param == "memory":
        yield Memory()
        return
    if request.param == "paypal":
        with opened() as (account, rail):
            yield AtPayPal(account, rail)
        return
    with StripeServer() as server:
        yield AtStripe(server, StripeSettings(mode="test", mirror=request.param == "stripe-mirror"))
        assert server.violations == []


def made(stage: Stage, effect: EnsureLink = LINK) -> str:
    """The address of a link."""
    outcome = stage.rail.ensure_link(effect)
    assert isinstance(outcome, Done), outcome
    return outcome.ref


def pulled(stage: Stage, cursor: str = "") -> tuple[list[Remittance], str]:
    """Everything after a cursor, and the next one. Pages come oldest first."""
    found: list[Remittance] = []
    while True:
        page = stage.rail.pull(cursor)
        found += page.remittances
        cursor = page.cursor
        if not page.more:
            assert [each.booked for each in found] == sorted(each.booked for each in found)
            return found, cursor


def test_a_link_is_found_again_and_not_made_twice(stage: Stage) -> None:
    first, second = stage.rail.ensure_link(LINK), stage.rail.ensure_link(LINK)
    assert isinstance(first, Done)
    assert second == Done(ref=first.ref, already=True)
    assert not first.already
    assert first.ref.startswith("http")


def test_another_number_of_the_same_draft_has_its_own_link(stage: Stage) -> None:
    assert made(stage) != made(stage, replace(LINK, number="INV-2026-0033"))


def test_a_link_that_asks_for_another_amount_is_refused_for_good(stage: Stage) -> None:
    made(stage)
    lines = (LinkLine(text="Development", amount=Money.parse("1190.01 EUR")),)
    outcome = stage.rail.ensure_link(replace(LINK, amount=Money.parse("1190.01 EUR"), lines=lines))
    assert isinstance(outcome, Refused)
    assert outcome.lasting
    assert outcome.remedy


def test_a_link_is_paid_once(stage: Stage) -> None:
    address = made(stage)
    assert stage.pay(address)
    assert not stage.pay(address)


def test_a_closed_link_takes_no_money_and_is_no_link_any_more(stage: Stage) -> None:
    address = made(stage)
    close = CloseLink(number=LINK.number, link=address)
    first, second = stage.rail.close_link(close), stage.rail.close_link(close)
    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert (first.already, second.already) == (False, True)
    assert not stage.pay(address)
    outcome = stage.rail.ensure_link(LINK)
    assert isinstance(outcome, Refused)
    assert outcome.lasting


def test_closing_a_link_leaves_the_others(stage: Stage) -> None:
    address, other = made(stage), made(stage, replace(LINK, key="D-other", number="INV-2026-0033"))
    stage.rail.close_link(CloseLink(number=LINK.number, link=address))
    assert stage.pay(other)
    gone = stage.rail.close_link(CloseLink(number="INV-2026-0099", link="https://pay.example/99"))
    assert gone == Done(already=True)


def test_a_payment_names_its_invoice_and_tells_the_fee_apart(stage: Stage) -> None:
    payment = stage.pay(made(stage), fee="17.50")
    ((found,), _) = pulled(stage)
    assert (found.rail, found.kind, found.reference) == (stage.rail.name, "payment", "INV-2026-0032")
    assert (str(found.amount), str(found.fee), str(whole(found))) == ("1172.50 EUR", "17.50 EUR", "1190.00 EUR")
    assert (found.payer, found.reverses) == ("Acme GmbH", "")
    assert payment in {found.end_to_end, found.bank_reference}
    assert found.bank_reference


def test_what_goes_back_names_what_it_takes_back(stage: Stage) -> None:
    first = stage.pay(made(stage))
    stage.refund(first, "190.00")
    second = stage.pay(made(stage, replace(LINK, key="D-other", number="INV-2026-0033")))
    dispute = stage.charge_back(second)
    stage.win(dispute)
    found, _ = pulled(stage)
    assert [each.kind for each in found] == ["payment", "refund", "payment", "chargeback", "chargeback"]
    assert [str(each.amount) for each in found] == [
        "1190.00 EUR",
        "-190.00 EUR",
        "1190.00 EUR",
        "-1205.00 EUR",
        "1205.00 EUR",
    ]
    assert [str(whole(each)) for each in found[3:]] == ["-1190.00 EUR", "1190.00 EUR"]
    origins = [origin(each, found) for each in found]
    assert origins == [None, found[0], None, found[2], found[3]]
    assert found[3].reason
    assert found[3].answer_by is not None or stage.rail.name == "paypal", "PayPal's list of movements tells no day"
    assert {each.reference for each in found} == {"INV-2026-0032", "INV-2026-0033", ""}


def test_a_payout_leaves_the_balance(stage: Stage) -> None:
    stage.pay_out("1000.00")
    ((found,), _) = pulled(stage)
    assert (found.kind, str(found.amount)) == ("payout", "-1000.00 EUR")


def test_pages_and_later_pulls_bring_everything_once(stage: Stage) -> None:
    for at in range(7):
        stage.pay_out(f"{at + 1}.00")
    found, cursor = pulled(stage)
    assert [str(each.amount) for each in found] == [f"-{at + 1}.00 EUR" for at in range(7)]
    stage.pay_out("8.00")
    later, cursor = pulled(stage, cursor)
    known = {each.id for each in found}
    assert [str(each.amount) for each in later if each.id not in known] == ["-8.00 EUR"]
    again, _ = pulled(stage, cursor)
    assert {each.id for each in again} <= {each.id for each in (*found, *later)}


def test_a_debit_is_booked_when_the_bank_has_paid_it(stage: Stage) -> None:
    debit = stage.pay(made(stage), is_debit=True)
    stage.pay_out("5.00")
    found, cursor = pulled(stage)
    assert [each.kind for each in found] == ["payout"]
    stage.settle(debit)
    later, _ = pulled(stage, cursor)
    assert [each.reference for each in later if each.kind == "payment"] == ["INV-2026-0032"]


def test_a_debit_that_failed_pays_nothing(stage: Stage) -> None:
    debit = stage.pay(made(stage), is_debit=True)
    _, cursor = pulled(stage)
    stage.settle(debit, works=False)
    booked, _ = pulled(stage, cursor)
    if stage.rail.name == "paypal":
        assert booked == [], "PayPal books a debit when it is paid"
        return
    failed, back = booked
    assert (failed.kind, failed.reference, back.kind) == ("other", "", "chargeback")
    assert not failed.amount + back.amount
    assert (origin(failed, [failed, back]), origin(back, [failed, back])) == (back, failed)


def test_a_debit_that_is_returned_after_it_was_booked_takes_the_payment_back(stage: Stage) -> None:
    debit = stage.pay(made(stage), is_debit=True)
    stage.settle(debit)
    (paid,), cursor = pulled(stage)
    stage.charge_back(debit)
    (back,) = [each for each in pulled(stage, cursor)[0] if each.id != paid.id]
    assert origin(back, [paid, back]) == paid


@pytest.mark.parametrize(
    "ask",
    [
        lambda rail, address: rail.ensure_link(LINK),
        lambda rail, address: rail.close_link(CloseLink(number=LINK.number, link=address)),
    ],
)
def test_a_rail_that_is_away_is_no_reason_for_good(stage: Stage, ask: "Callable[[Rail, str], Done | Refused]") -> None:
    address = made(stage)
    stage.go_away()
    outcome = ask(stage.rail, address)
    assert isinstance(outcome, Refused)
    assert not outcome.lasting
    assert outcome.remedy


def test_a_rail_that_is_away_can_not_be_read(stage: Stage) -> None:
    stage.go_away()
    with pytest.raises(Stop) as stopped:
        stage.rail.pull("")
    assert stopped.value.exit_code == Exit.PAYMENT_OR_MAIL
