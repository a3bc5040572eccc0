"""What clients keep of a fee and pay to the tax office, where the law says so for that kind of client.

ES RIRPF art. 95 (15 %, in the first and the two following years 7 %); IT DPR 600/1973 art. 25 (20 %); PT CIRS art. 101
(23 % since 2025); GR L. 4172/2013 art. 64 (20 %); IN Income-tax Act 2025 s. 393 (who pays decides 10 or 2 %, so a
person says it); MX LISR art. 106, 113-J, LIVA art. 1-A (companies only); GB Finance Act 2004 s. 61 (construction only,
so a person says it); AU TAA 1953 Sch. 1 s. 12-190 (no ABN quoted). Clients abroad and consumers never withhold.

Which day's rule holds: that of the payment (ES RIRPF art. 78(1), IT DPR 600/1973 art. 25(1), PT CIRS art. 101(1), GR
L. 4172/2013 art. 59 and 64, MX LIVA art. 1-A, GB Finance Act 2004 s. 61(1), AU s. 12-190, US 26 U.S.C. § 3406(a)), in
India that of the entry in the payer's books where it is before it (s. 194J(1)). None looks at the days of the work. An
invoice knows neither, so the day of the document stands for them.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from git_bill.contract.party import Issuer
from git_bill.contract.tax.case import Case, uncertain, unsaid
from git_bill.contract.tax.levy import Surcharge, Withholding
from git_bill.contract.tax.seller_id import is_abn
from git_bill.contract.tax.table import WithholdingRule
from git_bill.layout import SETTINGS
from git_bill.problem import Problem, nearest

NONE = "none"
_INPS = Decimal(4)


def withheld_by_law(case: Case) -> tuple[Withholding, ...] | Problem:
    """What this client keeps of this issuer's services."""
    company = case.issuer.legal_form == "company"
    known = case.home.withholding if case.here in case.table.countries else ()
    rules = tuple(rule for rule in known if rule.payee == "any" or not company)
    status = case.issuer.tax
    if not rules or case.supply == "goods" or case.here != case.there or not case.client.business:
        return ()
    if case.here == "AU":
        return () if _quotes_abn(case.issuer) else _kept(case, rules, "")
    variants = _variants(rules)
    chosen = status.withholding
    if chosen is None:
        usual = any(not rule.variant for rule in rules)
        return _kept(case, rules, "") if usual and not case.is_small else ()
    if chosen not in {*variants, "usual"}:
        near = nearest(chosen, variants)
        meant = f'did you mean withholding = "{near}"?' if near else f'write it like withholding = "{variants[-1]}".'
        return unsaid(
            f"{case.here} has no rate of withholding {chosen!r}", f"{meant} There is: {', '.join(variants)}, usual"
        )
    return () if chosen == NONE else _chosen(case, rules, "" if chosen == "usual" else chosen)


def doubts(case: Case) -> Iterator[Problem]:
    """Warnings about what clients keep by rules that are not certain, as long as nobody chose one."""
    kept = withheld_by_law(case)
    names = set() if isinstance(kept, Problem) or case.issuer.tax.withholding else {each.law for each in kept}
    for rule in case.home.withholding if names else ():
        if rule.law in names and rule.unsure:
            yield uncertain(
                f"{rule.law}: {rule.unsure}", f'in {SETTINGS}, [issuer.tax]: withholding = "usual", or "none"'
            )


def unchosen(case: Case) -> Problem | None:
    """A warning where the law leaves open how much is kept, and nobody has said it: nothing is stated then."""
    asks = case.home.withholding_asks if case.here in case.table.countries else ""
    if not asks or case.issuer.tax.withholding or case.here != case.there or not case.client.business:
        return None
    return Problem(
        rule="withholding-unsaid",
        severity="warning",
        message=f"no withholding is stated: {asks}",
        hint=f"say in {SETTINGS}, [issuer.tax]: withholding = one of "
        + ", ".join(f'"{variant}"' for variant in _variants(case.home.withholding)),
        file=SETTINGS,
        at=("issuer",),
    )


def _quotes_abn(issuer: Issuer) -> bool:
    """Whether the document has the issuer's ABN, as tax number or as register number."""
    return bool(issuer.vat_id or issuer.tax_number or is_abn(issuer, issuer.registration or ""))


def _variants(rules: Iterable[WithholdingRule]) -> list[str]:
    return sorted({rule.variant for rule in rules if rule.variant} | {NONE})


def _chosen(case: Case, rules: Iterable[WithholdingRule], variant: str) -> tuple[Withholding, ...] | Problem:
    """A variant, as long as it lasts: Spain's 7 % ends with the second year after that of the first day."""
    years = next((rule.until_year for rule in rules if rule.variant == variant and rule.until_year is not None), None)
    if years is None:
        return _kept(case, rules, variant)
    since = case.issuer.tax.since
    if since is None:
        return unsaid(
            f"the rate {variant!r} lasts until the end of the second year after the first",
            f"say in {SETTINGS}, [issuer.tax]: since = {case.period.first.year}-01-01",
        )
    return _kept(case, rules, variant if case.document_day.year <= since.year + years else "")


def _kept(case: Case, rules: Iterable[WithholdingRule], variant: str) -> tuple[Withholding, ...]:
    """The newest rule of each tax that holds on the day of the document."""
    newest: dict[str, WithholdingRule] = {}
    for rule in rules:
        payer = rule.payer == "business" or case.client.legal_form == "company"
        if rule.variant == variant and rule.from_ <= case.document_day and payer:
            newest[rule.name] = rule
    return tuple(
        Withholding(name=rule.name, rate=rule.rate, over=rule.over, of=rule.of, above=rule.above, law=rule.law)
        for rule in newest.values()
    )


def fund_surcharge(case: Case) -> tuple[Surcharge, ...]:
    """Italy: INPS 4 % (L. 662/1996 art. 1(212)) counts as fee; a cassa's contribution is taxed, not withheld from."""
    status = case.issuer.tax
    if case.issuer.country != "IT" or status.fund is None:
        return ()
    rate = status.fund_rate if status.fund_rate is not None else _INPS
    if status.fund == "inps":
        law = "L. 662/1996 art. 1(212)"
        return (Surcharge(name=f"Rivalsa INPS {rate}%", rate=rate, withheld=True, law=law),)
    return (Surcharge(name=f"Contributo integrativo cassa {rate}%", rate=rate, law="D.Lgs. 103/1996 art. 8(3)"),)
