"""A PayPal account on this machine: invoices that can be paid, movements that are listed hours later.

Each transition is from PayPal's documentation.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from tests.testbed.paypal_contract import Json

CLIENT, SECRET = "AfakeClientIdOfATestAccount", "EfakeSecretOfATestAccount"
_DELAY = timedelta(hours=3)  # until a movement is listed
_WHOLE = frozenset({"HUF", "JPY", "TWD"})
_NOT_CANCELLED = {
    "DRAFT": "CANNOT_CANCEL_DRAFT_INVOICE",
    "PAID": "CANNOT_CANCEL_PAID_INVOICE",
    "CANCELLED": "INVOICE_CANCELED_ALREADY",
    "REFUNDED": "CANNOT_CANCEL_REFUNDED_INVOICE",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, str]
    body: Json | None


class Failed(Exception):  # noqa: N818  it is an answer
    """An error of PayPal's."""

    def __init__(self, status: int, name: str, issue: str = "", words: str = "") -> None:
        super().__init__(name)
        self.status = status
        details = [{"issue": issue, "description": words or issue}] if issue else []
        self.data: Json = {"name": name, "message": words or name, "debug_id": "f00d", "details": details}


@dataclass(slots=True)
class Account:
    """What the server knows. `now`: its clock; `most`: movements that one search may find."""

    now: datetime
    most: int = 10_000
    scopes: set[str] = field(default_factory=lambda: {"reporting", "invoicing"})
    invoices: dict[str, Json] = field(default_factory=dict)
    movements: list[Json] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    faults: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    lost: int = 0  # which request from now on is carried out, but its answer never arrives
    tokens: set[str] = field(default_factory=set)
    payer_page: str = ""
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def take(self, code: str, gross: str, **told: str) -> str:
        """A movement: its id. `told`: fee, status, at, refers, kind_of_reference, payer, email, and texts."""
        value, currency = gross.split()
        at = told.get("at") or self.now.isoformat()
        info: Json = {
            "transaction_id": told.get("name") or f"{next(self._ids):017d}",
            "transaction_event_code": code,
            "transaction_initiation_date": at,
            "transaction_updated_date": at,
            "transaction_amount": {"currency_code": currency, "value": value},
            "transaction_status": told.get("status", "S"),
        }
        if "fee" in told:
            info["fee_amount"] = {"currency_code": currency, "value": told["fee"]}
        if "refers" in told:
            info |= {"paypal_reference_id": told["refers"], "paypal_reference_id_type": told.get("refers_to", "TXN")}
        info |= {key: told[key] for key in ("invoice_id", "transaction_subject", "transaction_note") if key in told}
        payer: Json = {"payer_name": {"alternate_full_name": told["payer"]}} if "payer" in told else {}
        payer |= {"email_address": told["email"]} if "email" in told else {}
        self.movements.append({"transaction_info": info, "payer_info": payer})
        return str(info["transaction_id"])

    def movement(self, name: str) -> Json:
        """What is told of one."""
        found: Json = next(
            e["transaction_info"] for e in self.movements if e["transaction_info"]["transaction_id"] == name
        )
        return found

    def invoice(self, number: str) -> Json:
        """The one of a number."""
        return next(each for each in self.invoices.values() if each["detail"]["invoice_number"] == number)

    def pay_at(self, address: str, *, fee: str, status: str = "S") -> str:
        """A client pays at an address: id of the payment, "" where none is taken. `status`: P of a debit."""
        addresses = (
            each["detail"]["invoice_number"]
            for each in self.invoices.values()
            if each["detail"]["metadata"].get("recipient_view_url") == address and each["status"] == "SENT"
        )
        number = next(addresses, None)
        return "" if number is None else self.pay(number, fee, status)

    def pay(self, number: str, fee: str, status: str = "S") -> str:
        """A client pays a link: id of the payment."""
        found = self.invoice(number)
        assert found["status"] in {"SENT", "UNPAID"}, f"{number} can't be paid: {found['status']}"
        amount = found["amount"]
        gross = f"{amount['value']} {amount['currency_code']}"
        payer = {"payer": "Acme GmbH", "email": "ap@acme.example"}
        name = self.take("T0007", gross, fee=fee, status=status, invoice_id=number, **payer)
        paid = {"type": "PAYPAL", "payment_id": name, "payment_date": self.now.date().isoformat(), "method": "PAYPAL"}
        found["payments"] = {"paid_amount": amount, "transactions": [paid | {"amount": amount}]}
        found["status"] = "PAID"
        return name

    def answer(self, asked: Asked) -> tuple[int, Json | None]:
        """What PayPal answers to a request with a good token."""
        match (asked.method, asked.path.strip("/").split("/")[1:]):
            case "GET", ["reporting", "transactions"]:
                self._may("reporting")
                return 200, self._listed(asked.query)
            case "POST", ["invoicing", "search-invoices"]:
                self._may("invoicing")
                return 200, self._searched(asked.query, asked.body or {})
            case "POST", ["invoicing", "invoices"]:
                self._may("invoicing")
                return 201, self._drafted(asked.body or {})
            case method, ["invoicing", "invoices", name, *rest]:
                self._may("invoicing")
                if name not in self.invoices:
                    raise Failed(404, "RESOURCE_NOT_FOUND")
                return self._changed(method, self.invoices[name], "/".join(rest))
        raise Failed(404, "RESOURCE_NOT_FOUND")

    def _may(self, scope: str) -> None:
        if scope not in self.scopes:
            raise Failed(403, "NOT_AUTHORIZED", words="Authorization failed due to insufficient permissions.")

    def _listed(self, query: dict[str, str]) -> Json:
        start, end = (datetime.fromisoformat(query[name]) for name in ("start_date", "end_date"))
        if end - start > timedelta(days=31):
            raise Failed(400, "INVALID_REQUEST", "INVALID_DATE_RANGE", "Date range is greater than 31 days")
        if start < self.now - timedelta(days=3 * 365):
            raise Failed(400, "INVALID_REQUEST", "INVALID_DATE", "Data for the given start date is not available")
        seen = [each for each in self.movements if start <= _at(each) <= end and _at(each) <= self.now - _DELAY]
        if len(seen) > self.most:
            raise Failed(400, "RESULTSET_TOO_LARGE", words="Result set size is greater than the maximum limit.")
        size, page = int(query.get("page_size", 100)), int(query.get("page", 1))
        wanted = query.get("fields", "transaction_info").split(",")
        shown = sorted(seen, key=_at)[(page - 1) * size : page * size]
        return {
            "transaction_details": [{name: each[name] for name in wanted if name in each} for each in shown],
            "account_number": "PQDQXRJFK9ULY",
            "page": page,
            "total_items": len(seen),
            "total_pages": -(-len(seen) // size),
        }

    def _searched(self, query: dict[str, str], wanted: Json) -> Json:
        found = [each for each in self.invoices.values() if _fits(each, wanted)]
        size, page = int(query.get("page_size", 20)), int(query.get("page", 1))
        left_out = {"items", "payments", "refunds"} - set(wanted.get("fields", ()))
        shown = found[(page - 1) * size : page * size]
        answer: Json = {"items": [{k: v for k, v in each.items() if k not in left_out} for each in shown]}
        if query.get("total_required") == "true":
            answer |= {"total_items": len(found), "total_pages": -(-len(found) // size)}
        return answer

    def _drafted(self, body: Json) -> Json:
        number, currency = body["detail"]["invoice_number"], body["detail"]["currency_code"]
        if any(each["detail"]["invoice_number"] == number for each in self.invoices.values()):
            raise Failed(422, "UNPROCESSABLE_ENTITY", "DUPLICATE_INVOICE_NUMBER", "Invoice number already exists.")
        amounts = [Decimal(each["unit_amount"]["value"]) * Decimal(each["quantity"]) for each in body["items"]]
        if currency in _WHOLE and any(amount != amount.to_integral_value() for amount in amounts):
            raise Failed(422, "UNPROCESSABLE_ENTITY", "DECIMALS_NOT_SUPPORTED")
        due = body["detail"].get("payment_term", {}).get("due_date")
        if due is not None and due < self.now.date().isoformat():
            raise Failed(422, "UNPROCESSABLE_ENTITY", "DUE_DATE_IN_PAST")
        name = f"INV2-TEST-{next(self._ids):04d}"
        amount = {"currency_code": currency, "value": str(sum(amounts))}
        detail = body["detail"] | {"invoice_date": self.now.date().isoformat(), "metadata": {}}
        self.invoices[name] = body | {"id": name, "status": "DRAFT", "detail": detail, "amount": amount}
        self.invoices[name]["due_amount"] = amount
        return {"rel": "self", "href": f"https://api-m.paypal.com/v2/invoicing/invoices/{name}", "method": "GET"}

    def _changed(self, method: str, found: Json, what: str) -> tuple[int, Json | None]:
        state = found["status"]
        match (method, what):
            case "GET", "":
                return 200, found
            case "DELETE", "":
                if state not in {"DRAFT", "SCHEDULED"}:
                    raise Failed(422, "UNPROCESSABLE_ENTITY", "INVALID_INVOICE_STATE")
                del self.invoices[found["id"]]
                return 204, None
            case "POST", "send":
                url = f"{self.payer_page}/invoice/p/#{found['id'].removeprefix('INV2-')}"
                if state == "DRAFT":
                    found["status"] = "SENT"
                    found["detail"]["metadata"] = {"recipient_view_url": url}
                return 200, {"href": url, "rel": "payer-view", "method": "GET"}
            case "POST", "cancel":
                if state in _NOT_CANCELLED:
                    raise Failed(422, "UNPROCESSABLE_ENTITY", _NOT_CANCELLED[state])
                found["status"] = "CANCELLED"
                return 204, None
        raise Failed(404, "RESOURCE_NOT_FOUND")


def _at(movement: Json) -> datetime:
    return datetime.fromisoformat(movement["transaction_info"]["transaction_initiation_date"])


def _fits(found: Json, wanted: Json) -> bool:
    """PayPal's search takes a part of a number for it."""
    if wanted.get("invoice_number", "") not in found["detail"]["invoice_number"]:
        return False
    if "status" in wanted and found["status"] not in wanted["status"]:
        return False
    if "payment_date_range" not in wanted:
        return True
    first, last = (wanted["payment_date_range"][name][:10] for name in ("start", "end"))
    days = [each["payment_date"] for each in found.get("payments", {}).get("transactions", ())]
    return any(first <= day <= last for day in days)
