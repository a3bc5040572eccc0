"""What others do at Stripe: payers, their banks, and Stripe itself. Each moves the balance as its documents tell.

https://docs.stripe.com/reports/balance-transaction-types
"""

from decimal import Decimal
from typing import Any

from tests.testbed.stripe_contract import Json
from tests.testbed.stripe_store import Store

_DAY = 86_400
_TYPES = {  # reporting category → type
    "charge": "charge",
    "charge_failure": "payment_failure_refund",
    "refund": "refund",
    "refund_failure": "refund_failure",
    "dispute": "adjustment",
    "dispute_reversal": "adjustment",
    "payout": "payout",
    "payout_reversal": "payout_failure",
    "fee": "stripe_fee",
}


class People:
    """Amounts are whole numbers of the smallest unit."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def pay(
        self,
        address: str,
        *,
        fee: int = 0,
        payer: str = "Acme GmbH",
        is_debit: bool = False,
        settled: tuple[str, Decimal] | None = None,
    ) -> str:
        """Pay at an address; the id of the charge, "" where nothing can be paid there.

        `settled`: currency of the balance and the rate, where it is another one than the payer's.
        """
        store = self.store
        link = next((each for each in store.of("payment_link") if each["url"] == address), None)
        invoice = next((each for each in store.of("invoice") if each["hosted_invoice_url"] == address), None)
        if link is not None and link["active"]:
            count = link["restrictions"]["completed_sessions"]
            count["count"] += 1
            link["active"] = count["count"] < count["limit"]
            (item,) = link["line_items"]
            asked, currency, said = item["amount_total"], item["currency"], link["payment_intent_data"]
        elif invoice is not None and invoice["status"] == "open":
            asked, currency, said = invoice["amount_due"], invoice["currency"], {"description": "Payment for Invoice"}
        else:
            return ""
        intent = store.new("payment_intent", amount=asked, currency=currency, **said)
        if invoice is not None:
            invoice["status"] = "paid"
            payment = {"type": "payment_intent", "payment_intent": intent["id"]}
            store.new("invoice_payment", invoice=invoice["id"], payment=payment, status="paid")
        charge = store.new(
            "charge",
            amount=asked,
            currency=currency,
            status="pending" if is_debit else "succeeded",
            payment_intent=intent["id"],
            description=said["description"],
            metadata=dict(said.get("metadata", {})),
            billing_details={"name": payer, "email": "ap@acme.example", "address": None, "phone": None, "tax_id": None},
            failure_message=None,
            failure_balance_transaction=None,
        )
        into, rate = settled or (currency, None)
        amount = asked if rate is None else int(asked * rate)
        made = self._moved("charge", charge, amount, fee=fee, currency=into, text=said["description"], rate=rate)
        charge["balance_transaction"] = made["id"]
        return str(charge["id"])

    def settle(self, charge: str, *, works: bool = True) -> None:
        """The payer's bank pays a debit, or does not."""
        found = self.store.get("charge", charge)
        found["status"] = "succeeded" if works else "failed"
        if not works:
            paid = self.store.get("balance_transaction", found["balance_transaction"])
            made = self._moved("charge_failure", found, -paid["amount"], fee=-paid["fee"], currency=paid["currency"])
            found.update(failure_message="The customer's account has insufficient funds.")
            found["failure_balance_transaction"] = made["id"]

    def refund(self, charge: str, amount: int) -> str:
        """Give back a part of a payment; the id of the refund."""
        currency = self.store.get("charge", charge)["currency"]
        wanted = {"amount": amount, "currency": currency, "charge": charge, "reason": "requested_by_customer"}
        refund = self.store.new("refund", **wanted, status="succeeded")
        refund["balance_transaction"] = self._moved("refund", refund, -amount, currency=currency)["id"]
        return str(refund["id"])

    def bounce(self, refund: str) -> None:
        """The payer's bank does not take a refund: it comes back."""
        found = self.store.get("refund", refund)
        found["status"] = "failed"
        self._moved("refund_failure", found, found["amount"], currency=found["currency"])

    def charge_back(self, charge: str, *, fee: int = 1500) -> str:
        """The payer's bank takes a payment back; the id of the dispute."""
        paid = self.store.get("charge", charge)
        wanted: Json = {"amount": paid["amount"], "currency": paid["currency"], "charge": charge}
        details = {"due_by": self.store.now + 7 * _DAY, "has_evidence": False, "past_due": False, "submission_count": 0}
        dispute = self.store.new(
            "dispute", **wanted, reason="product_not_received", status="needs_response", evidence_details=details
        )
        made = self._moved("dispute", dispute, -paid["amount"], fee=fee, currency=paid["currency"])
        dispute["balance_transactions"] = [made]
        return str(dispute["id"])

    def win(self, dispute: str) -> None:
        """The evidence convinced the bank: the money is given back, the fee too."""
        found = self.store.get("dispute", dispute)
        (lost,) = found["balance_transactions"]
        found["status"] = "won"
        made = self._moved("dispute_reversal", found, -lost["amount"], fee=-lost["fee"], currency=found["currency"])
        found["balance_transactions"].insert(0, made)

    def pay_out(self, amount: int, currency: str = "eur") -> str:
        """Stripe sends what is available to the bank; the id of the payout."""
        arrival = (self.store.now // _DAY + 2) * _DAY
        payout = self.store.new("payout", amount=amount, currency=currency, arrival_date=arrival, status="paid")
        payout["balance_transaction"] = self._moved("payout", payout, -amount, currency=currency)["id"]
        return str(payout["id"])

    def return_payout(self, payout: str) -> None:
        """The bank did not take it."""
        found = self.store.get("payout", payout)
        found["status"] = "failed"
        self._moved("payout_reversal", found, found["amount"], currency=found["currency"])

    def bill(self, amount: int, text: str = "Billing - Usage Fee", currency: str = "eur") -> None:
        """Stripe takes a fee of its own."""
        self._moved("fee", {"id": None}, -amount, currency=currency, text=text)

    def _moved(
        self,
        category: str,
        source: Json,
        amount: int,
        *,
        currency: str,
        fee: int = 0,
        text: str | None = None,
        rate: Decimal | None = None,
    ) -> Json:
        more: dict[str, Any] = {"exchange_rate": float(rate) if rate is not None else None}
        return self.store.new(
            "balance_transaction",
            amount=amount,
            fee=fee,
            net=amount - fee,
            currency=currency,
            source=source["id"],
            type=_TYPES[category],
            reporting_category=category,
            description=text,
            available_on=self.store.now + 2 * _DAY,
            status="pending",
            balance_type="payments",
            fee_details=[],
            **more,
        )
