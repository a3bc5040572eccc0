"""Supplies by an issuer in the EU: Directive 2006/112/EC.

1. Services to a business: the place is where the customer is (Art. 44); over an EU border the customer owes the tax
   (Art. 196), and both VAT ids and the words for it are on the invoice (Art. 226(3), (4), (11a)); outside the EU it is
   not subject to VAT here.
2. Services to a consumer: the place is where the supplier is (Art. 45).
3. Electronically supplied services to a consumer: where the customer is (Art. 58), over EU borders at the customer's
   rate through the one-stop shop, or at home below EUR 10,000 a year (Art. 59c).
4. Goods: to a business in another member state exempt (Art. 138), out of the EU exempt (Art. 146), to a consumer in
   another member state as 3 (Art. 33, 59c). Northern Ireland is inside for goods (Protocol, Art. 8).
5. Small businesses are exempt at home (Art. 284), and in another member state only with a number that ends in EX for
   that state (Art. 284(3), Directive (EU) 2020/285, since 2025-01-01).
"""

from git_bill.contract.tax.case import (
    REASON_CODES,
    Case,
    Tax,
    at_home,
    standard_rate,
    undecided,
    unsaid,
    with_words,
)
from git_bill.layout import SETTINGS
from git_bill.problem import Problem

_DIRECTIVE = "Directive 2006/112/EC"


def european(case: Case) -> Tax | Problem:
    """The treatment of what an issuer in the EU supplies."""
    if case.supply == "goods" and _in_northern_ireland(case):
        return _goods_inside(case)
    if case.here == case.there:
        return at_home(case)
    if case.table.is_eu(case.there):
        return _inside(case)
    return _out_of_the_union(case)


def _out_of_the_union(case: Case) -> Tax | Problem:
    """To a client that is not in the EU."""
    if case.supply == "goods":
        return Tax(
            category="G",
            reason_code=REASON_CODES["G"],
            note=case.wording(case.table.export),
            source=f"{_DIRECTIVE} Art. 146(1)(a): goods that leave the EU; keep the proof of export",
        )
    if case.client.business:
        return _outside(case, f"{_DIRECTIVE} Art. 44: services to a business in {case.client.country}, outside the EU")
    if case.supply == "electronic":
        return _outside(
            case,
            f"{_DIRECTIVE} Art. 58: electronic services to a consumer in {case.client.country}; "
            "see whether that country taxes them",
        )
    return undecided(f"{case.way} have no built-in treatment")


def _outside(case: Case, source: str) -> Tax:
    """Not subject to VAT here, with the wording for it."""
    return Tax(category="O", reason_code=REASON_CODES["O"], note=case.outside_words, source=source)


def _inside(case: Case) -> Tax | Problem:
    """Over a border between two member states."""
    if case.client.business:
        return _goods_inside(case) if case.supply == "goods" else _services_inside(case)
    if case.supply == "services":
        return at_home(case, f"{_DIRECTIVE} Art. 45, a consumer in another EU country; ")
    return _distance(case)


def _services_inside(case: Case) -> Tax | Problem:
    """The customer owes the tax, small businesses included: their exemption ends at the border of their state.

    Unless they have a number of the cross-border scheme that is for the customer's state.
    """
    status = case.issuer.tax
    if case.is_small and status.ex_number and case.there in {case.table.code(state) for state in status.ex_states}:
        return with_words(
            Tax(
                category="E",
                note=case.wording(case.table.small_enterprise),
                source=f"{_DIRECTIVE} Art. 284(3): small business of {case.here}, exempt in {case.there} too",
            ),
            status.ex_number,
        )
    return _missing_id(case, "reverse charge") or Tax(
        category="AE",
        reason_code=REASON_CODES["AE"],
        note=case.wording(case.table.reverse_charge),
        source=f"{_DIRECTIVE} Art. 44 and 196: the business that receives the services owes the tax",
    )


def _goods_inside(case: Case) -> Tax | Problem:
    """Goods to a business in another member state, or in Northern Ireland."""
    if case.is_small:
        return at_home(case, f"{_DIRECTIVE} Art. 139(1): no intra-Community supply by a small business; ")
    return _missing_id(case, "an intra-Community supply") or Tax(
        category="K",
        reason_code=REASON_CODES["K"],
        note=case.wording(case.table.intra_community),
        source=f"{_DIRECTIVE} Art. 138(1): goods to a business in another member state; keep the proof of transport",
    )


def _distance(case: Case) -> Tax | Problem:
    """Electronic services and goods to consumers in another member state."""
    status = case.issuer.tax
    if status.oss is None:
        return unsaid(
            f"{case.way} bear the rate of {case.there} once you sell for more than EUR 10,000 a year over EU borders",
            f"say in {SETTINGS}, [issuer.tax]: oss = true (one-stop shop, the client's rate) or oss = false (below)",
        )
    law = "Art. 58" if case.supply == "electronic" else "Art. 33(a)"
    if not status.oss:
        return at_home(case, f"{_DIRECTIVE} Art. 59c(1), below EUR 10,000 a year; ")
    source = f"{_DIRECTIVE} {law} and 369a ff., one-stop shop; "
    return standard_rate(case, case.table.countries[case.there], case.there, source)


def _missing_id(case: Case, what: str) -> Problem | None:
    """Both VAT ids must be on the invoice (Art. 226(3) and (4))."""
    for who, vat_id, fix in (
        ("issuer", case.issuer.vat_id, 'add vat_id = "…" to [issuer] in billing.toml'),
        ("client", case.client.vat_id, 'add vat_id = "…" to [client] in its file, or business = false for a consumer'),
    ):
        if vat_id is None:
            return Problem(
                rule="vat-id-missing",
                message=f"{what} from {case.issuer.country} to {case.client.country} needs the {who}'s VAT id",
                hint=fix,
            )
    return None


def _in_northern_ireland(case: Case) -> bool:
    return case.client.business and (case.client.vat_id or "").upper().startswith("XI")
