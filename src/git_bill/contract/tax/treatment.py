"""Tax treatment: category, rate and wording of a supply of software services, from who bills, who pays and when.

What is not decided here is a `Problem` that says what to decide; never a silent 0 %.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from git_bill.contract.agreement import TaxChoice
from git_bill.contract.country import UNKNOWN
from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.case import REASON_CODES, VAT, Case, Category, Supply, Tax, undecided, wording
from git_bill.contract.tax.europe import european
from git_bill.contract.tax.region import levy_doubts
from git_bill.contract.tax.table import VatTable
from git_bill.contract.tax.territory import territorial
from git_bill.contract.tax.withholding import doubts, fund_surcharge, unchosen, withheld_by_law
from git_bill.contract.tax.world import worldwide
from git_bill.layout import SETTINGS
from git_bill.period import Period
from git_bill.problem import Problem

__all__ = ["Category", "Supply", "Tax", "decide", "open_questions"]


def decide(
    issuer: Issuer,
    client: Client,
    period: Period,
    table: VatTable,
    choice: TaxChoice | None = None,
    *,
    supply: Supply = "services",
    issued: date | None = None,
) -> Tax | Problem:
    """The treatment of what is supplied in a period, or a Problem with what is to be decided.

    Sources: Directive 2006/112/EC and the national provisions in the table. `choice`: what a person decided for this
    client, all of it or only the withholding, the kind of supply or the sales tax of its address. `issued`: the day of
    the document, which decides the withholding; without it the period's last. A problem without `file` is mended in the
    client's.
    """
    combined = Decimal(choice.combined_rate) if choice is not None and choice.combined_rate is not None else None
    kind = choice.supply if choice is not None and choice.supply is not None else supply
    case = Case(
        issuer=issuer,
        client=client,
        period=period,
        table=table,
        supply=kind,
        combined_rate=combined,
        issued=issued,
    )
    if choice is not None and choice.category is not None:
        tax: Tax | Problem = _chosen(choice, case)
    else:
        unclear = _unclear(case)
        tax = unclear if unclear is not None else _by_rules(case)
    return tax if isinstance(tax, Problem) else _complete(tax, case, choice)


def open_questions(
    issuer: Issuer,
    client: Client,
    period: Period,
    table: VatTable,
    choice: TaxChoice | None = None,
    *,
    issued: date | None = None,
) -> Iterator[Problem]:
    """Warnings about what the law leaves open and nobody has said, and about rules that are not certain.

    The treatment stands without them.
    """
    case = Case(issuer=issuer, client=client, period=period, table=table, issued=issued)
    if case.here not in table.countries:
        return
    if choice is None or choice.withholds is None:
        question = unchosen(case)
        yield from () if question is None else (question,)
        yield from doubts(case)
    if choice is None or choice.category is None:
        yield from levy_doubts(case)


def _by_rules(case: Case) -> Tax | Problem:
    special = territorial(case)
    if special is not None:
        return special
    return european(case) if case.home.eu else worldwide(case)


def _complete(tax: Tax, case: Case, choice: TaxChoice | None) -> Tax | Problem:
    """With its name, what the client withholds, by law or as a person decided it, and what the issuer's fund adds."""
    home = case.table.countries.get(case.here)
    own = home.tax if home is not None and home.tax != VAT else None
    tax = replace(tax, name=tax.name or own, surcharges=(*fund_surcharge(case), *tax.surcharges))
    if choice is not None and choice.withholds is not None:
        return replace(tax, withholding=choice.withholding)
    kept = withheld_by_law(case)
    return kept if isinstance(kept, Problem) else replace(tax, withholding=kept)


def _chosen(choice: TaxChoice, case: Case) -> Tax:
    """What a person decided, with the code and the wording that its category has by itself."""
    assert choice.category is not None  # `decide` looked
    table = case.table
    home = table.countries.get(case.here)
    texts: Mapping[str, Mapping[str, str]] = {
        "AE": table.reverse_charge,
        "O": {**table.outside, **(home.outside if home is not None else {})},
        "K": table.intra_community,
        "G": table.export,
    }
    words = wording(texts[choice.category], home, case.client) if choice.category in texts else None
    return Tax(
        category=choice.category,
        rate=sum((each.effective for each in choice.components), Decimal(0)) or Decimal(choice.rate),
        reason_code=REASON_CODES.get(choice.category),
        note=choice.note or words or None,
        source=f"decided: {choice.because}",
        components=choice.components,
    )


def _unclear(case: Case) -> Problem | None:
    """What must be known first: rules of the issuer's country, and that place and VAT id of both parties agree."""
    issuer, client, table = case.issuer, case.client, case.table
    if UNKNOWN in {issuer.country, client.country}:
        who = "issuer" if issuer.country == UNKNOWN else "client"
        return Problem(
            rule="unknown-country",
            message=f"the {who}'s country is not known yet, so no tax can be told",
            hint=f'write it below [{who}]: country = "DE"',
            file=SETTINGS if who == "issuer" else None,
            at=("issuer", "country") if who == "issuer" else (),
        )
    if case.here not in table.countries:
        return undecided(f"the tax rules of {issuer.country} are not built in")
    parties: tuple[tuple[str, Issuer | Client], ...] = (("issuer", issuer), ("client", client))
    for who, party in parties:
        code = table.code(party.country)
        known = table.countries.get(code)
        registered = table.country_of_vat_id(party.vat_id) if party.vat_id else code
        if known is not None and known.prefix == "":  # its numbers may begin like a VAT id of another country
            continue
        if registered != code and (registered is not None or table.is_eu(code)):
            return Problem(
                rule="vat-id-of-another-country",
                message=f"the {who}'s VAT id {party.vat_id} is not from {party.country}, where its address is",
                hint="give address and VAT id of the same establishment, "
                'or decide in the client\'s file: [tax] category = "AE" because = "…"',
            )
    return None
