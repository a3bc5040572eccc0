"""Supplies by an issuer outside the EU: its standard rate at home, its own rule for clients abroad.

1. At home the standard rate of the day of supply; where states or provinces levy it, by the client's (`region`).
2. Not registered (`tax_scheme = "small-business"`): no tax may be charged, and the document says so.
3. Services to clients abroad: zero-rated or outside, as the country's law in the table says.
"""

from git_bill.contract.tax.case import REASON_CODES, Case, Tax, at_home, small_business, undecided, unsaid, with_words
from git_bill.contract.tax.region import by_region
from git_bill.problem import Problem


def worldwide(case: Case) -> Tax | Problem:
    """The treatment of what an issuer outside the EU supplies."""
    if case.here != case.there:
        return _abroad(case)
    if case.is_small:
        return small_business(case)
    if case.home.by_region != "no":
        if case.supply == "goods":
            return undecided(f"{case.way} have no built-in treatment")
        return by_region(case)
    return at_home(case)


def _abroad(case: Case) -> Tax | Problem:
    """Services to a client in another country."""
    rule = case.home.abroad
    to_eu_consumer = case.supply == "electronic" and case.table.is_eu(case.there) and not case.client.business
    if rule is None or case.supply == "goods" or to_eu_consumer or not (case.client.business or rule.consumers):
        return undecided(f"{case.way} have no built-in treatment")
    if case.is_small and case.home.small_business is not None:
        return small_business(case)
    tax = Tax(
        category=rule.category,
        reason_code=REASON_CODES["O"] if rule.category == "O" and case.home.tax == "VAT" else None,
        note=case.wording({**case.table.abroad, **rule.notes}),
        source=f"{rule.law}: services to a client in {case.client.country}",
    )
    return _with_undertaking(case, tax) if case.here == "IN" else tax


def _with_undertaking(case: Case, tax: Tax) -> Tax | Problem:
    """India: an export bears no IGST only under bond or letter of undertaking, else 18 % that is refunded."""
    if case.issuer.tax.lut is None:
        return unsaid(
            "an export from India is free of IGST only under a letter of undertaking (IGST Act 2017 s. 16(3))",
            'add its reference in billing.toml: [issuer.tax] lut = "AD270326012345X"; '
            'or charge IGST in the client\'s file: [tax] category = "S" rate = "18" because = "on payment of IGST"',
        )
    return with_words(tax, f"LUT {case.issuer.tax.lut}")
