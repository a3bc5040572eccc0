"""PayPal's transaction event codes (T-codes): which kind a movement is of, and whether it moves money for good.

Source: PayPal's reference of T-codes. The first two digits are the group; what is not listed here is of another kind.
"""

from git_bill.receivable.remittance import Kind

_GROUPS: dict[str, Kind] = {
    "T00": "payment",  # account to account
    "T01": "fee",  # for something else than a payment: of a partner, a dispute, a chargeback
    "T04": "payout",  # to a bank
    "T17": "payout",  # to what is no bank
    "T30": "payment",  # by a wallet that is not PayPal's
}
_CODES: dict[str, Kind] = {
    "T1100": "chargeback",  # reversal of a kind of its own
    "T1101": "payout",  # one to the bank that came back
    "T1106": "chargeback",  # reversal by PayPal: the end of a dispute
    "T1107": "refund",  # by us
    "T1108": "fee",
    "T1109": "fee",
    "T1113": "refund",  # without naming a payment
    "T1116": "chargeback",  # of an instant payment, by PayPal's review
    "T1118": "refund",  # of a wallet's payment, on the seller's side
    "T1201": "chargeback",
    "T1202": "chargeback",  # taken back: it comes in
    "T1205": "chargeback",  # reimbursed: it comes in
    "T1207": "chargeback",
    "T1208": "chargeback",
}
# Authorizations, holds, reserves and their releases, and what is only shown: the money stays where it is.
_STILL = ("T13", "T15", "T21", "T98", "T1105", "T1110", "T1111")
CONVERSION = "T02"


def moves_money(code: str) -> bool:
    """Whether money came or went for good."""
    return not code.startswith(_STILL)


def kind_of(code: str, *, is_in: bool) -> Kind:
    """What a movement is: a payment or a withdrawal only in its own direction."""
    kind = _CODES.get(code) or _GROUPS.get(code[:3], "other")
    return "other" if kind == "payment" and not is_in else kind
