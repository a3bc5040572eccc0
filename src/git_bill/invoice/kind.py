"""Which kind of invoice a draft becomes (BT-3): paid in advance, a part of a fixed price, its last part, or plain."""

from git_bill.contract.agreement import Contract
from git_bill.invoice.basis import Basis
from git_bill.invoice.draft import Draft, Kind


def kind_of(draft: Draft, basis: Basis, contract: Contract) -> Kind:
    """What its lines say; a kind that a person set stays.

    A final invoice deducts deposits (UStG § 14(5), Directive 2006/112/EC Art. 65) or bills the last of several parts.
    """
    if "kind" in draft.set or draft.reverses is not None:
        return draft.kind
    items = {item for line in draft.lines for item in line.bills}
    if draft.lines and all(any(item.startswith("deposit:") for item in line.bills) for line in draft.lines):
        return "deposit"
    if any(item.startswith("deduct:") for item in items):
        return "final"
    parts = {f"milestone:{each.id}" for each in contract.milestones if not each.deposit}
    here = parts & items
    if contract.kind != "fixed" or not here or parts == here:
        return "invoice"
    return "final" if parts <= basis.billed(contract).keys() | here else "part"
