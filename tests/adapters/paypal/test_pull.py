"""What PayPal booked: windows, pages, currencies, what comes late, and what never counts."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.adapters.paypal.account import NOW, opened
from tests.receivable.feeds.bank import headings
from tests.testbed.paypal_fake import Account

from git_bill.adapters.paypal.rail import PayPal
from git_bill.effects import EnsureLink
from git_bill.money import Money
from git_bill.problem import Exit, Stop
from git_bill.receivable.feeds.detect import read
from git_bill.receivable.remittance import Remittance

YESTERDAY = (NOW - timedelta(days=1)).isoformat()
LINK = EnsureLink(key="2026-11-acme", number="INV-2026-0007", amount=Money.parse("1190.00 EUR"))


@pytest.fixture
def place() -> Iterator[tuple[Account, PayPal]]:
    with opened() as found:
        yield found


def drained(rail: PayPal, cursor: str = "") -> tuple[list[Remittance], str]:
    """All pages from a cursor on, and the next cursor."""
    found: list[Remittance] = []
    more = True
    while more:
        pulled = rail.pull(cursor)
        found += pulled.remittances
        cursor, more = pulled.cursor, pulled.more
    return found, cursor


def only(rail: PayPal) -> Remittance:
    """The one that is there, of the last weeks."""
    (found,) = rail.pull(YESTERDAY).remittances
    return found


def test_a_payment(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    name = account.take(
        "T0006",
        "100.00 USD",
        fee="-5.00",
        at="2026-11-21T23:30:00+00:00",
        payer="Acme Inc",
        email="ap@acme.example",
        invoice_id="INV-2026-0007",
        transaction_note="thanks",
    )
    found = only(rail)
    assert (str(found.amount), str(found.fee), found.kind) == ("95.00 USD", "5.00 USD", "payment")
    assert (found.payer, found.payer_account, found.text) == ("Acme Inc", "ap@acme.example", "INV-2026-0007 thanks")
    assert (found.booked.isoformat(), found.account, found.rail) == ("2026-11-22", "paypal", "paypal")
    assert (found.bank_reference, found.reverses) == (name, "")
    assert found.reference == "", "a payer can write an invoice id: it is only text"


def test_the_same_ids_as_the_download(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    names = [
        account.take("T0006", "100.00 USD", fee="-5.00", at=YESTERDAY),
        account.take("T0400", "-95.00 USD", at=YESTERDAY),
    ]
    rows = [
        f'"11/22/2026","{kind}","Completed","USD","{gross}","{fee}","{net}","{name}"\n'
        for (kind, gross, fee, net), name in zip(
            [("Website Payment", "100.00", "-5.00", "95.00"), ("General Withdrawal", "-95.00", "0.00", "-95.00")],
            names,
            strict=True,
        )
    ]
    head = '"Date","Type","Status","Currency","Gross","Fee","Net","Transaction ID"\n'
    told = read((head + "".join(rows)).encode(), "paypal.csv", headings=headings())
    assert told.value is not None, told.problems
    by_file = [(each.id, each.amount, each.kind, each.fee, each.account) for each in told.value[0].remittances]
    by_api = [(each.id, each.amount, each.kind, each.fee, each.account) for each in rail.pull(YESTERDAY).remittances]
    assert by_file == by_api
    assert len(by_api) == 2


def test_a_paid_link_names_its_invoice(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    rail.ensure_link(LINK)
    name = account.pay(LINK.number, "-29.99")
    forged = account.take("T0000", "1190.00 EUR", invoice_id=LINK.number, transaction_note=f"git-bill:{LINK.key}")
    account.now += timedelta(hours=4)
    found = {each.bank_reference: each for each in rail.pull(YESTERDAY).remittances}
    assert found[name].reference == LINK.number
    assert str(found[name].amount) == "1160.01 EUR"
    assert found[forged].reference == ""


def test_an_invoice_that_somebody_made_at_paypal_names_none_of_ours(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    rail.ensure_link(LINK)
    account.invoice(LINK.number)["detail"]["memo"] = "made by hand"
    account.pay(LINK.number, "-29.99")
    account.now += timedelta(hours=4)
    assert only(rail).reference == ""


@pytest.mark.parametrize(
    ("code", "gross", "kind"),
    [
        ("T0000", "5.00 EUR", "payment"),
        ("T0001", "-5.00 EUR", "other"),  # what we paid
        ("T0113", "-0.88 EUR", "fee"),
        ("T0300", "5.00 EUR", "other"),  # from our bank
        ("T0403", "-5.00 EUR", "payout"),
        ("T1106", "-5.00 EUR", "chargeback"),
        ("T1107", "-5.00 EUR", "refund"),
        ("T1108", "5.00 EUR", "fee"),
        ("T1201", "-5.00 EUR", "chargeback"),
        ("T1202", "5.00 EUR", "chargeback"),
        ("T0200", "-5.00 EUR", "other"),
        ("T9900", "5.00 EUR", "other"),
    ],
)
def test_kinds(place: tuple[Account, PayPal], code: str, gross: str, kind: str) -> None:
    account, rail = place
    account.take(code, gross, at=YESTERDAY, refers="PAYMENT1")
    found = only(rail)
    assert (found.kind, str(found.amount)) == (kind, gross)
    assert (found.reverses == "PAYMENT1") == (kind in {"refund", "chargeback"})


@pytest.mark.parametrize("code", ["T1300", "T1501", "T1503", "T1105", "T1110", "T1111", "T2101", "T2108", "T9800"])
def test_what_is_only_held_back_is_left_out(place: tuple[Account, PayPal], code: str) -> None:
    account, rail = place
    account.take(code, "5.00 EUR", at=YESTERDAY)
    assert rail.pull(YESTERDAY).remittances == ()


@pytest.mark.parametrize(("status", "count"), [("S", 1), ("F", 1), ("P", 0), ("D", 0), ("V", 0), ("", 0)])
def test_states(place: tuple[Account, PayPal], status: str, count: int) -> None:
    account, rail = place
    account.take("T0006", "5.00 EUR", at=YESTERDAY, status=status or "X")
    assert len(rail.pull(YESTERDAY).remittances) == count


def test_a_payment_that_was_taken_back_counts_beside_what_takes_it_back(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    name = account.take("T0006", "100.00 EUR", fee="-3.00", at=YESTERDAY, status="V")
    account.take("T1107", "-100.00 EUR", fee="1.00", at=YESTERDAY, refers=name)
    paid, back = rail.pull(YESTERDAY).remittances
    assert (paid.kind, back.kind, back.reverses) == ("payment", "refund", name)
    assert (str(paid.fee), str(back.fee), str(back.amount)) == ("3.00 EUR", "-1.00 EUR", "-99.00 EUR")


def test_what_it_refers_to_may_be_no_movement(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    account.take("T1107", "-5.00 EUR", at=YESTERDAY, refers="I0SUBSCRIPTION", refers_to="SUB")
    assert only(rail).reverses == ""


def test_a_conversion_is_two_movements_of_our_own(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    paid = account.take("T0006", "100.00 USD", fee="-5.00", at=YESTERDAY)
    for gross in ("-95.00 USD", "88.00 EUR"):
        account.take("T0200", gross, at=YESTERDAY, refers=paid)
    one, out, came = rail.pull(YESTERDAY).remittances
    assert [str(each.amount) for each in (one, out, came)] == ["95.00 USD", "-95.00 USD", "88.00 EUR"]
    assert [each.kind for each in (one, out, came)] == ["payment", "other", "other"]
    assert {each.end_to_end + each.reverses for each in (one, out, came)} == {""}
    assert (out.original, str(came.original), str(came.rate)) == (None, "95.00 USD", "0.92631579")


def test_conversions_of_a_payment_and_of_its_refund_are_kept_apart(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    earlier = (NOW - timedelta(days=3)).isoformat()
    for at, amounts in ((earlier, ("-95.00 USD", "88.00 EUR")), (YESTERDAY, ("-90.00 EUR", "95.00 USD"))):
        for gross in amounts:
            account.take("T0200", gross, at=at, refers="PAYMENT1")
    told = [str(each.original) for each in rail.pull(YESTERDAY).remittances]
    assert told == ["None", "95.00 USD", "None", "90.00 EUR"]


@pytest.mark.parametrize(
    ("gross", "amount"), [("1000 JPY", "1000 JPY"), ("13.5 EUR", "13.50 EUR"), ("1000 HUF", "1000.00 HUF")]
)
def test_decimals_are_those_of_the_currency(place: tuple[Account, PayPal], gross: str, amount: str) -> None:
    account, rail = place
    account.take("T0000", gross, at=YESTERDAY)
    assert str(only(rail).amount) == amount


def test_texts_of_payers_stay_texts(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    account.take("T0000", "5.00 EUR", at=YESTERDAY, payer="Acme\x1b[2J\u202eGmbH\nInc", transaction_note="x" * 4000)
    account.wrong.clear()
    found = only(rail)
    account.wrong.clear()
    assert found.payer == "Acme [2J GmbH Inc"
    assert len(found.text) == 2000


def test_three_years_are_read_once_and_the_last_weeks_again(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    days = (1093, 400, 31, 2)
    names = [account.take("T0000", "5.00 EUR", at=(NOW - timedelta(days=each)).isoformat()) for each in days]
    found, cursor = drained(rail)
    assert [each.bank_reference for each in found] == names
    windows = sum(1 for each in account.asked if each.path == "/v1/reporting/transactions")
    assert windows == 36
    account.asked.clear()
    again, same = drained(rail, cursor)
    assert ([each.bank_reference for each in again], same) == (names[-1:], cursor)
    assert sum(1 for each in account.asked if each.path == "/v1/reporting/transactions") == 1


def test_what_is_listed_late_is_not_lost(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    _, cursor = drained(rail)
    name = account.take("T0000", "5.00 EUR", at=(NOW - timedelta(minutes=1)).isoformat())
    assert drained(rail, cursor)[0] == []
    account.now += timedelta(hours=3)
    assert [each.bank_reference for each in drained(rail, cursor)[0]] == [name]


def test_what_was_pending_for_months_is_not_lost(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    name = account.take("T0000", "5.00 EUR", at=YESTERDAY, status="P")
    cursor = ""
    for _ in range(6):
        account.now += timedelta(days=20)
        found, cursor = drained(rail, cursor)
        assert found == []
    account.movement(name)["transaction_status"] = "S"
    assert [each.bank_reference for each in drained(rail, cursor)[0]] == [name]


def test_pages_and_windows_with_too_much(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    account.most = 1000
    for hour in range(1700):
        account.take("T0000", "5.00 EUR", at=(NOW - timedelta(hours=hour % 700, minutes=hour)).isoformat())
    found, _ = drained(rail, (NOW - timedelta(days=30)).isoformat())
    assert len({each.id for each in found}) == sum(1 for each in account.movements if _is_shown(each, account))
    assert len(found) > 1000
    assert [each.booked for each in found] == sorted(each.booked for each in found)


def _is_shown(movement: dict[str, dict[str, str]], account: Account) -> bool:
    at = movement["transaction_info"]["transaction_initiation_date"]
    return (NOW - timedelta(days=30)).isoformat() <= at <= (account.now - timedelta(hours=3)).isoformat()


def test_without_links_only_movements_are_asked_for() -> None:
    with opened(is_linked=False) as (account, rail):
        account.scopes = {"reporting"}
        account.take("T0000", "5.00 EUR", at=YESTERDAY)
        assert only(rail).reference == ""
        assert {each.path for each in account.asked} == {"/v1/reporting/transactions"}


@pytest.mark.parametrize("cursor", ["yesterday", "2026-11-01", "2026-11-01T00:00:00Z x", "\x00"])
def test_another_cursor_is_told(place: tuple[Account, PayPal], cursor: str) -> None:
    with pytest.raises(Stop) as stopped:
        place[1].pull(cursor)
    assert stopped.value.exit_code == Exit.SETTINGS


@pytest.mark.parametrize("told", [0, 10**9, -1, "2", True, None])
def test_pages_that_lead_nowhere_are_not_asked_for_for_ever(monkeypatch: pytest.MonkeyPatch, told: object) -> None:
    with opened(is_linked=False) as (account, rail):
        asked: list[object] = []

        def ask(*about: object, **sent: object) -> dict[str, object]:
            asked.append(sent)
            assert len(asked) < 9
            return {"transaction_details": [], "total_pages": told}

        monkeypatch.setattr(rail._client, "ask", ask)
        if told in {0, -1, True}:
            assert rail.pull("").remittances == ()
        else:
            with pytest.raises(Stop, match="can't be read"):
                rail.pull("")
        assert account.asked == []


@pytest.mark.parametrize("value", ["1,234.5x", "1e30", "NaN", "Infinity", "-1e999999999"])
def test_a_movement_that_can_t_be_read_ends_it(place: tuple[Account, PayPal], value: str) -> None:
    account, rail = place
    name = account.take("T0000", "5.00 EUR", at=YESTERDAY)
    account.movement(name)["transaction_amount"]["value"] = value
    with pytest.raises(Stop, match="can't be read"):
        rail.pull(YESTERDAY)
    account.wrong.clear()


def test_the_cursor_stays_while_one_window_reaches_to_now(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    _, cursor = drained(rail)
    account.now += timedelta(days=9)
    assert drained(rail, cursor)[1] == cursor
    account.now += timedelta(days=9)
    assert drained(rail, cursor)[1] > cursor


def test_how_far_the_other_world_was_read_says_nothing(place: tuple[Account, PayPal]) -> None:
    account, rail = place
    name = account.take("T0000", "5.00 EUR", at=(NOW - timedelta(days=400)).isoformat())
    found, cursor = drained(rail)
    told, _, position = cursor.partition(":")
    assert ([each.bank_reference for each in found], told) == ([name], "sandbox")
    assert drained(rail, cursor)[0] == []
    assert [each.bank_reference for each in drained(rail, f"live:{position}")[0]] == [name]
