"""An entry (`Ntry`) of a camt message: one remittance, or one for each transaction of a batch."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from git_bill.money import Money, total
from git_bill.receivable.feeds.feed import clean, currency_of, fee_of, money, reference, shown
from git_bill.receivable.feeds.values import amount as amount_of
from git_bill.receivable.remittance import BANK, Kind, Remittance

_CHARGES = "CHRG"  # sub-family or family of fees, in any domain
_OF_SLIPS = ("?REJECT?", "?ERROR?")  # Swiss banks say with it whether a slip could be read


@dataclass(frozen=True, slots=True)
class Nodes:
    """What stands at paths of one namespace, written without it."""

    namespace: str

    def all(self, element: Any, path: str) -> list[Any]:
        """The elements at a path; step by step, which takes half the time of an expression."""
        found = [element]
        for tag in _qualified(self.namespace, path):
            found = [child for each in found for child in each.iterchildren(tag)]
            if not found:
                break
        return found

    def text(self, element: Any, path: str) -> str:
        """The text of the first element there."""
        found = self.all(element, path)
        return (found[0].text or "").strip() if found else ""

    def texts(self, element: Any, path: str) -> list[str]:
        """The texts of all elements there."""
        return [clean(each.text) for each in self.all(element, path) if clean(each.text)]

    def money(self, element: Any, path: str) -> Money:
        """An amount with its `Ccy`, without a sign. Raises ValueError."""
        found = next(iter(self.all(element, path)), None)
        if found is None:
            raise ValueError(f"there is no {path}")
        number = amount_of(found.text or "", ".")
        if number < 0:
            raise ValueError(f"{shown(found.text or '')} has a sign; CdtDbtInd says which way it went")
        return money(number, currency_of(found.get("Ccy") or ""))

    def day(self, element: Any, path: str) -> date | None:
        """A `Dt` or `DtTm`. Raises ValueError for what is none."""
        text = self.text(element, f"{path}/Dt") or self.text(element, f"{path}/DtTm")
        if not text:
            return None
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            raise ValueError(f"{shown(text)} is not a day") from None


@functools.cache
def _qualified(namespace: str, path: str) -> tuple[str, ...]:
    return tuple(f"{{{namespace}}}{step}" if namespace else step for step in path.split("/"))


def booked_entry(element: Any, nodes: Nodes, feed: str, amount: Money) -> tuple[tuple[Remittance, ...], str]:
    """The remittances of an entry, without ids, and what is strange about it. Raises ValueError."""
    is_credit = _is_credit(nodes.text(element, "CdtDbtInd"))
    signed = amount if is_credit else -amount
    value_date = nodes.day(element, "ValDt")
    booked = nodes.day(element, "BookgDt") or value_date
    if booked is None:
        raise ValueError("there is no BookgDt")
    whole = Remittance(
        id="R-" + "a" * 12,  # until it is identified
        rail=BANK,
        feed=feed,
        booked=booked,
        value_date=value_date,
        amount=signed,
        text=clean(nodes.text(element, "AddtlNtryInf")),
        bank_reference=reference(nodes.text(element, "AcctSvcrRef")),  # NtryRef is a number in the file, or an IBAN
        fee=_charges(element, nodes, signed),
    )
    is_reversal = nodes.text(element, "RvslInd") in {"true", "1"}
    family = _family(element, nodes)
    details = nodes.all(element, "NtryDtls/TxDtls")
    parts = [_part(each, nodes, whole, family, is_reversal=is_reversal) for each in details]
    if not parts:
        kind = _kind(signed, family, is_reversal=is_reversal, is_returned=False)
        return (replace(whole, kind=kind, reverses=whole.bank_reference if is_reversal else ""),), ""
    if len(parts) == 1:
        return (replace(parts[0][1], amount=signed, fee=parts[0][1].fee or whole.fee),), ""
    amounts = [each for each, _ in parts if each is not None and each]
    if len(amounts) == len(parts) and all(each.currency == signed.currency for each in amounts):
        if total(amounts, signed.currency) == signed:
            shared = zip(amounts, parts, strict=True)
            apart = (replace(part, amount=each, fee=fee_of(part.fee, each)) for each, (_, part) in shared)
            return tuple(replace(each, entry=signed) for each in apart), ""
        said = f"the {len(parts)} details of a batch sum to {total(amounts, signed.currency)}, the entry is {signed}"
    else:
        said = f"of {len(parts)} details of a batch over {signed} not all have an amount in its currency"
    return (_together(whole, [part for _, part in parts]),), said


def _is_credit(text: str) -> bool:
    if text not in {"CRDT", "DBIT"}:
        raise ValueError(f"CdtDbtInd is {shown(text)}, not CRDT or DBIT")
    return text == "CRDT"


def _family(element: Any, nodes: Nodes) -> str:
    """`PMNT-RCDT-ESCT`, or the bank's own code."""
    domain = nodes.text(element, "BkTxCd/Domn/Cd")
    steps = (domain, nodes.text(element, "BkTxCd/Domn/Fmly/Cd"), nodes.text(element, "BkTxCd/Domn/Fmly/SubFmlyCd"))
    return "-".join(step for step in steps if step) or nodes.text(element, "BkTxCd/Prtry/Cd")


def _kind(signed: Money, family: str, *, is_reversal: bool, is_returned: bool) -> Kind:
    """What an entry is: a debit that takes back what was received is a chargeback, and a fee says that it is one."""
    if _CHARGES in family.split("-"):
        return "fee"
    if signed.amount > 0:
        return "other" if is_reversal or is_returned else "payment"
    return "chargeback" if is_reversal or is_returned else "other"


def _part(
    element: Any, nodes: Nodes, whole: Remittance, family: str, *, is_reversal: bool
) -> tuple[Money | None, Remittance]:
    """Its signed amount, where it tells one, and the remittance with the entry's amount."""
    direction = nodes.text(element, "CdtDbtInd") or ("CRDT" if whole.is_in else "DBIT")
    sign = 1 if _is_credit(direction) else -1
    amount = next(_amounts(element, nodes, whole.amount.currency), None)
    is_returned = bool(nodes.all(element, "RtrInf"))
    own_family = _family(element, nodes) or family
    end_to_end = reference(nodes.text(element, "Refs/EndToEndId"))
    bank_reference = reference(nodes.text(element, "Refs/AcctSvcrRef")) or whole.bank_reference
    takes_back = is_reversal or is_returned
    payer, account = _other_side(element, nodes, is_credit=(sign > 0) != takes_back)
    part = replace(
        whole,
        kind=_kind(whole.amount, own_family, is_reversal=is_reversal, is_returned=is_returned),
        payer=payer,
        payer_account=account,
        text=_text(element, nodes) or whole.text,
        reference=_structured(element, nodes),
        end_to_end=end_to_end,
        mandate=reference(nodes.text(element, "Refs/MndtId")),
        bank_reference=bank_reference,
        reverses=(end_to_end or bank_reference) if takes_back else "",
        fee=_charges(element, nodes, whole.amount),
        original=_original(element, nodes, whole.amount.currency),
        rate=_rate(element, nodes),
    )
    return (amount * sign if amount is not None else None), part


def _amounts(element: Any, nodes: Nodes, currency: str) -> Iterator[Money]:
    """What was booked of a transaction, in the account's currency; version 02 has it in `AmtDtls` only."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        if nodes.all(element, path) and (found := nodes.money(element, path)).currency == currency:
            yield found


def _original(element: Any, nodes: Nodes, currency: str) -> Money | None:
    for path in ("AmtDtls/InstdAmt/Amt", "AmtDtls/TxAmt/Amt", "Amt"):
        if nodes.all(element, path) and (found := nodes.money(element, path)).currency != currency:
            return found
    return None


def _rate(element: Any, nodes: Nodes) -> Decimal | None:
    for path in ("InstdAmt", "TxAmt", "CntrValAmt") if nodes.all(element, "AmtDtls") else ():
        text = nodes.text(element, f"AmtDtls/{path}/CcyXchg/XchgRate")
        if text:
            return amount_of(text, ".")
    return None


def _charges(element: Any, nodes: Nodes, booked: Money) -> Money | None:
    """Fees kept of an amount, in its currency: `Chrgs/Amt` in version 02, `Chrgs/Rcrd/Amt` since.

    Not those that are booked apart (`ChrgInclInd` false), nor those that the payer bears (`Br` DEBT).
    """
    fees = Money.zero(booked.currency)
    for each in (*nodes.all(element, "Chrgs/Rcrd"), *nodes.all(element, "Chrgs")):
        if nodes.text(each, "ChrgInclInd") in {"false", "0"} or (
            booked.amount > 0 and nodes.text(each, "Br") == "DEBT"
        ):
            continue
        if nodes.all(each, "Amt") and (fee := nodes.money(each, "Amt")).currency == booked.currency:
            fees = fees - fee if nodes.text(each, "CdtDbtInd") == "CRDT" else fees + fee
    return fee_of(fees or None, booked)


def _other_side(element: Any, nodes: Nodes, *, is_credit: bool) -> tuple[str, str]:
    """Name and account of who paid, or was paid; a `Pty` lies between since version 08."""
    parties = next(iter(nodes.all(element, "RltdPties")), None)
    if parties is None:
        return "", ""
    for side in ("Dbtr", "Cdtr") if is_credit else ("Cdtr", "Dbtr"):
        paths = (f"{side}/Pty/Nm", f"{side}/Nm", f"Ultmt{side}/Pty/Nm", f"Ultmt{side}/Nm")
        name = next((found for path in paths if (found := clean(nodes.text(parties, path)))), "")
        place = f"{side}Acct/Id"
        account = clean(nodes.text(parties, f"{place}/IBAN") or nodes.text(parties, f"{place}/Othr/Id"))
        if name or account:
            return name, account.replace(" ", "")
    return "", ""


def _structured(element: Any, nodes: Nodes) -> str:
    found = nodes.texts(element, "RmtInf/Strd/CdtrRefInf/Ref")
    return reference(found[0]) if found else ""


def _text(element: Any, nodes: Nodes) -> str:
    """What the payer wrote, with the documents it names; else what the bank adds."""
    found = nodes.texts(element, "RmtInf/Ustrd")
    if nodes.all(element, "RmtInf/Strd"):
        found += nodes.texts(element, "RmtInf/Strd/RfrdDocInf/Nb")
        found += nodes.texts(element, "RmtInf/Strd/CdtrRefInf/Ref")[1:]
        remarks = nodes.texts(element, "RmtInf/Strd/AddtlRmtInf")
        found += (each for each in remarks if not each.startswith(_OF_SLIPS))
    return clean(" ".join(found or nodes.texts(element, "AddtlTxInf")))


def _together(whole: Remittance, parts: list[Remittance]) -> Remittance:
    """One remittance for a batch that can't be taken apart: all that its details say, and nobody's name but one's."""
    payers = {(part.payer, part.payer_account) for part in parts}
    payer, account = next(iter(payers)) if len(payers) == 1 else ("", "")
    said = [piece for part in parts for piece in (part.reference, part.end_to_end, part.text) if piece]
    return replace(
        whole,
        kind=parts[0].kind,
        reverses=whole.bank_reference if any(part.reverses for part in parts) else "",
        payer=payer,
        payer_account=account,
        text=clean(" ".join(dict.fromkeys([whole.text, *said]))),
    )
