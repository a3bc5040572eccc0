"""The reason that a VAT group gives: EN 16931 has one of each (category, rate), whatever is in the group (BG-23)."""

from collections.abc import Sequence
from dataclasses import replace

from git_bill.contract.tax.case import Tax


def of_group(taxes: Sequence[Tax]) -> Tax:
    """The treatments of one category and rate as one: all their wordings (BT-120), and the code (BT-121) where it is
    the code of all. A small business that passes on what it paid in the client's name has two reasons for E 0 %; a
    code for one of them would be wrong for the other, and a text alone is enough (BR-E-10).
    """
    codes = {tax.reason_code for tax in taxes}
    notes = dict.fromkeys(tax.note for tax in taxes if tax.note)
    return replace(
        taxes[0], reason_code=taxes[0].reason_code if len(codes) == 1 else None, note="; ".join(notes) or None
    )
