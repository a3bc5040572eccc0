"""What our document is worth in its issuer's country, said plainly: a warning, or an error where it must not be used.

Sources: `tables/tax/documents.toml`, each entry with its law. A person who knows better says why in `[issuer.tax]
document`, and answers for it.
"""

from datetime import date

from git_bill.contract.party import Client, Issuer
from git_bill.contract.tax.document import DocumentRule, DocumentWorth, Kind, Worth, coming, standing
from git_bill.contract.tax.table import VatTable
from git_bill.layout import SETTINGS
from git_bill.problem import Problem, Severity

_SAYS: dict[Worth, str] = {
    "network": "is the invoice only once it went through the network",
    "copy": "is only a copy: the invoice is what the authority cleared",
    "forbidden": "must not be used as an invoice",
}


def kind_of_client(issuer: Issuer, client: Client) -> Kind:
    """Whether a client is a business or a consumer in the issuer's country, or abroad."""
    if client.country != issuer.country:
        return "foreign"
    return "B2B" if client.business else "B2C"


def standing_of_document(table: VatTable, issuer: Issuer, kind: Kind, day: date) -> DocumentWorth | None:
    """What a document that is issued on a day is worth in the issuer's country; None: the table does not know."""
    rules = _rules(table, issuer)
    return standing(rules, kind, day, form=issuer.legal_form, postcode=issuer.postcode)


def worth_problem(table: VatTable, issuer: Issuer, kind: Kind, day: date) -> Problem | None:
    """What must be said of a document that is issued on a day; None where it is simply the invoice, or nobody knows."""
    worth = standing_of_document(table, issuer, kind, day)
    if worth is None or worth.worth == "invoice":
        return None
    said = issuer.tax.document
    message = f"in {issuer.country} this document {_SAYS[worth.worth]} ({worth.source}, since {worth.since})"
    if said is not None:
        return _problem(worth.worth, message, f"used all the same, because: {said}", severity="info")
    hint = worth.needs
    if worth.worth == "forbidden":
        hint += f'; or, if you know better, say why in {SETTINGS}: [issuer.tax] document = "…"'
        return _problem(worth.worth, message, hint, severity="error")
    return _problem(worth.worth, message, hint, severity="warning")


def coming_problem(table: VatTable, issuer: Issuer, kind: Kind, day: date) -> Problem | None:
    """What will change within a year, for who sets up books now."""
    rule = coming(_rules(table, issuer), kind, day, form=issuer.legal_form, postcode=issuer.postcode)
    if rule is None or rule.worth == "invoice" or (rule.from_ - day).days > _YEAR:
        return None
    message = f"in {issuer.country} from {rule.from_} on this document {_SAYS[rule.worth]} ({rule.source})"
    return _problem(rule.worth, message, rule.needs, severity="warning")


_YEAR = 366


def _rules(table: VatTable, issuer: Issuer) -> tuple[DocumentRule, ...]:
    country = table.countries.get(table.code(issuer.country))
    return country.documents if country is not None else ()


def _problem(worth: Worth, message: str, hint: str, *, severity: Severity) -> Problem:
    return Problem(
        rule=f"document-{worth}",
        severity=severity,
        message=message,
        hint=hint,
        file=SETTINGS,
        at=("issuer", "country"),
    )
