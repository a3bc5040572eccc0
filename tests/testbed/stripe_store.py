"""Stripe's objects of one account, and what its API does with them: the transitions that docs.stripe.com/api tells.

Its own answers are judged, too: an object has no field that the library's does not have.
"""

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import stripe
from tests.testbed.stripe_contract import Json, Rejected, fields

ACCOUNT = "acct_1032D82eZvKYlo2C"
START = 1_793_610_000  # 2026-11-02 09:00 UTC
_KINDS: Mapping[str, tuple[str, type]] = {
    "balance_transaction": ("txn_", stripe.BalanceTransaction),
    "charge": ("ch_", stripe.Charge),
    "customer": ("cus_", stripe.Customer),
    "dispute": ("dp_", stripe.Dispute),
    "invoice": ("in_", stripe.Invoice),
    "invoice_payment": ("inpay_", stripe.InvoicePayment),
    "item": ("li_", stripe.LineItem),
    "line_item": ("il_", stripe.InvoiceLineItem),
    "payment_intent": ("pi_", stripe.PaymentIntent),
    "payment_link": ("plink_", stripe.PaymentLink),
    "payout": ("po_", stripe.Payout),
    "price": ("price_", stripe.Price),
    "refund": ("re_", stripe.Refund),
}
_MOST_LINES = 250
_PAGE = 10


@dataclass
class Store:
    """One account. `now`: its clock in seconds; what is made while it stands still is of the same second."""

    is_live: bool = False
    now: int = START
    objects: dict[str, Json] = field(default_factory=dict)
    wrong_answers: list[str] = field(default_factory=list)
    customer_balance: int = 0  # what new customers have to their credit, below zero
    _made: dict[str, int] = field(default_factory=dict)  # id → the second in which it was made

    def tick(self, seconds: int = 1) -> None:
        """Time goes by."""
        self.now += seconds

    def new(self, kind: str, **given: Any) -> Json:
        """An object that is kept as long as the account."""
        prefix, shape = _KINDS[kind]
        known = fields(shape)
        usual = {"created": self.now, "livemode": self.is_live, "metadata": {}}
        made: Json = {"object": kind, **{name: value for name, value in usual.items() if name in known}, **given}
        made["id"] = f"{prefix}{len(self.objects) + 1:08d}"
        if strange := made.keys() - known:
            self.wrong_answers.append(f"{shape.__name__} has no {', '.join(sorted(strange))}")
        self.objects[made["id"]] = made
        self._made[made["id"]] = self.now
        return made

    def get(self, kind: str, name: str) -> Json:
        """One object. Raises Rejected as Stripe does."""
        found = self.objects.get(name)
        if found is None or found["object"] != kind:
            raise Rejected(f"No such {kind}: '{name}'", "id", 404)
        return found

    def of(self, kind: str, **wanted: Any) -> list[Json]:
        """All objects of a kind with these values, in the order in which they were made."""
        every = (each for each in self.objects.values() if each["object"] == kind)
        return [each for each in every if all(each.get(name) == value for name, value in wanted.items())]

    def answer(self, verb: str, template: str, names: tuple[str, ...], sent: Json) -> Json:
        """What a request that fits the contract is answered. Raises Rejected."""
        known: Mapping[tuple[str, str], Callable[..., Json]] = {
            ("GET", "/v1/account"): lambda sent: {"id": ACCOUNT, "object": "account"},
            ("GET", "/v1/prices"): self._prices,
            ("POST", "/v1/prices"): self._new_price,
            ("POST", "/v1/prices/{price}"): self._update_price,
            ("GET", "/v1/payment_links"): lambda sent: self._listed(self.of("payment_link"), sent, "active"),
            ("POST", "/v1/payment_links"): self._new_link,
            ("GET", "/v1/payment_links/{payment_link}"): self._link,
            ("POST", "/v1/payment_links/{payment_link}"): self._update_link,
            ("GET", "/v1/customers"): lambda sent: self._listed(self.of("customer"), sent, "email"),
            ("POST", "/v1/customers"): lambda sent: self.new("customer", balance=self.customer_balance, **sent),
            ("GET", "/v1/invoices"): lambda sent: self._listed(self.of("invoice"), sent, "customer", "status"),
            ("POST", "/v1/invoices"): self._new_invoice,
            ("GET", "/v1/invoices/{invoice}"): lambda name, sent: self.get("invoice", name),
            ("GET", "/v1/invoices/{invoice}/lines"): self._lines,
            ("POST", "/v1/invoices/{invoice}/finalize"): self._finalise,
            ("POST", "/v1/invoices/{invoice}/void"): self._void,
            ("POST", "/v1/invoiceitems"): self._new_line,
            ("GET", "/v1/invoice_payments"): self._invoice_payments,
            ("GET", "/v1/balance_transactions"): self._movements,
        }
        act = known.get((verb, template))
        if act is None:
            raise Rejected(f"not modelled here: {verb} {template}", status=501)
        return copy.deepcopy(act(*names, sent))

    # Prices and payment links

    def _prices(self, sent: Json) -> Json:
        keys = sent.pop("lookup_keys", None)
        return self._listed([each for each in self.of("price") if keys is None or each["lookup_key"] in keys], sent)

    def _new_price(self, sent: Json) -> Json:
        product = sent.pop("product_data")
        if self.of("price", lookup_key=sent.get("lookup_key")):
            raise Rejected("A price already uses that lookup key.", "lookup_key")
        return self.new("price", active=True, product=f"prod_of_{product['name']}", **sent)

    def _update_price(self, name: str, sent: Json) -> Json:
        price = self.get("price", name)
        price["metadata"] |= sent.pop("metadata", {})
        return price | sent

    def _new_link(self, sent: Json) -> Json:
        items = [self._item(each) for each in sent.pop("line_items")]
        expand = sent.pop("expand", [])
        limit = sent.pop("restrictions", None)
        if limit:
            limit["completed_sessions"]["count"] = 0
        made = self.new("payment_link", active=True, restrictions=limit, line_items=items, **sent)
        made["url"] = f"https://buy.stripe.com/test_{made['id']}"
        return self._shown(made, expand)

    def _item(self, sent: Json) -> Json:
        price = self.get("price", sent["price"])
        amount = price["unit_amount"] * sent["quantity"]
        return self.new("item", price=price, quantity=sent["quantity"], amount_total=amount, currency=price["currency"])

    def _link(self, name: str, sent: Json) -> Json:
        return self._shown(self.get("payment_link", name), sent.get("expand", []))

    def _update_link(self, name: str, sent: Json) -> Json:
        link = self.get("payment_link", name)
        link.update(sent)
        return self._shown(link, [])

    @staticmethod
    def _shown(link: Json, expand: Iterable[str]) -> Json:
        """Line items are shown to who asks for them."""
        rest = {name: value for name, value in link.items() if name != "line_items"}
        listed = {"object": "list", "data": link["line_items"], "has_more": False, "url": ""}
        return rest | ({"line_items": listed} if "line_items" in expand else {})

    # Invoices

    def _new_invoice(self, sent: Json) -> Json:
        customer = self.get("customer", sent["customer"])
        if sent.get("collection_method") == "send_invoice":
            if not customer.get("email"):
                raise Rejected("Missing email. To send invoices, the customer must have a valid email.", "customer")
            if "due_date" not in sent and "days_until_due" not in sent:
                raise Rejected("you must specify `due_date` or `days_until_due`", "due_date")
            if sent.get("due_date", self.now + 1) <= self.now:
                raise Rejected("`due_date` must be in the future", "due_date")
        if any(each["number"] == sent.get("number") for each in self.of("invoice") if sent.get("number")):
            raise Rejected("The invoice number is already taken", "number")
        sent.pop("pending_invoice_items_behavior", None)
        sent.setdefault("number", None)
        sums = {"total": 0, "amount_due": 0}
        return self.new("invoice", status="draft", hosted_invoice_url=None, **sums, **sent)

    def _new_line(self, sent: Json) -> Json:
        invoice = self._draft(sent["invoice"])
        there = self.of("line_item", invoice=invoice["id"])
        if len(there) >= _MOST_LINES:
            raise Rejected(f"an invoice has {_MOST_LINES} items at most", "invoice")
        if sent["currency"] != invoice["currency"] or sent["customer"] != invoice["customer"]:
            raise Rejected("the item is of another currency or customer than its invoice", "currency")
        wanted = ("amount", "currency", "description", "discountable", "invoice", "metadata")
        line = self.new("line_item", **{name: sent[name] for name in wanted if name in sent})
        invoice["total"] = invoice["amount_due"] = sum(each["amount"] for each in (*there, line))
        return line | {"object": "invoiceitem"}

    def _lines(self, name: str, sent: Json) -> Json:
        return self._listed(self.of("line_item", invoice=self.get("invoice", name)["id"]), sent)

    def _finalise(self, name: str, sent: Json) -> Json:
        invoice = self._draft(name)
        balance = self.get("customer", invoice["customer"])["balance"]
        due = max(0, invoice["total"] + balance)
        number = invoice["number"] or f"STRIPE-{len(self.objects):04d}"
        url = f"https://invoice.stripe.com/i/{ACCOUNT}/test_{name}?s=ap"
        invoice.update(status="open" if due else "paid", amount_due=due, number=number, hosted_invoice_url=url)
        return invoice

    def _void(self, name: str, sent: Json) -> Json:
        invoice = self.get("invoice", name)
        if invoice["status"] not in {"open", "uncollectible"}:
            raise Rejected(f"You can only pass in open invoices. This invoice is {invoice['status']}.", "invoice")
        invoice["status"] = "void"
        return invoice

    def _draft(self, name: str) -> Json:
        invoice = self.get("invoice", name)
        if invoice["status"] != "draft":
            raise Rejected("Finalized invoices can't be updated this way", "invoice")
        return invoice

    def _invoice_payments(self, sent: Json) -> Json:
        wanted = sent.pop("payment")
        found = [each for each in self.of("invoice_payment") if each["payment"] == wanted]
        expanded = "data.invoice" in sent.pop("expand", [])
        shown = [each | {"invoice": self.objects[each["invoice"]]} if expanded else each for each in found]
        return self._listed(shown, sent)

    # The balance

    def _movements(self, sent: Json) -> Json:
        expanded = "data.source" in sent.pop("expand", [])
        page = self._listed(self.of("balance_transaction"), sent)
        if expanded:
            page["data"] = [each | {"source": self.objects.get(each["source"])} for each in page["data"]]
        return page

    def _listed(self, found: list[Json], sent: Json, *filters: str) -> Json:
        """A page of a list, newest first. https://docs.stripe.com/api/pagination"""
        wanted = {name: sent.pop(name) for name in filters if name in sent}
        found = [each for each in found if all(each.get(name) == value for name, value in wanted.items())]
        created = sent.pop("created", {})
        found = [each for each in found if self._made[each["id"]] >= created.get("gte", 0)]
        found.reverse()
        found.sort(key=lambda each: -self._made[each["id"]])
        size = sent.pop("limit", _PAGE)
        if not 1 <= size <= 100:
            raise Rejected("limit must be between 1 and 100", "limit")
        before, after = sent.pop("ending_before", None), sent.pop("starting_after", None)
        if sent:
            raise Rejected(f"not modelled here: {', '.join(sent)}", status=501)
        at = {each["id"]: index for index, each in enumerate(found)}
        for name in (before, after):
            if name is not None and name not in at:
                raise Rejected(f"No such object: '{name}'", "starting_after")
        if before is not None:
            newer = found[: at[before]]
            return {"object": "list", "data": newer[-size:], "has_more": len(newer) > size, "url": ""}
        rest = found[at[after] + 1 :] if after is not None else found
        return {"object": "list", "data": rest[:size], "has_more": len(rest) > size, "url": ""}
