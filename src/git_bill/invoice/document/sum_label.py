"""What sums are called on documents: taxes by the name in the issuer's law, discounts by their own words."""

from git_bill.contract.tax.case import Tax
from git_bill.invoice.document.locale import amount_text, percent_text
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording
from git_bill.invoice.summary import Row, named

_OTHER = {"AE": "tax_AE", "E": "tax_exempt", "O": "tax_outside"}


def sum_label(row: Row, wording: Wording, language: str, *, tax: Tax, several: bool = False) -> str:
    """A sum's name in the client's language. `tax`: the document's. `several`: taxes say what they are of."""
    percent = "" if row.percent is None else percent_text(row.percent, language)
    if row.kind in {"changed", "added", "withheld"}:
        told = named(printable(row.text), f" {percent}" if percent else "")
        return wording.say("withheld", language, what=told) if row.kind == "withheld" else told
    if row.kind != "tax" or row.tax is None:
        return wording.say(row.kind, language, tax=law_name(tax, wording, language))
    if row.text:
        label = f"{printable(row.text)} {percent}"
    else:
        law = law_name(row.tax, wording, language)
        label = wording.say(_OTHER.get(row.tax.category, "tax_S"), language, tax=law, rate=percent)
        label = label[:1].upper() + label[1:]
    if row.base is None or not (row.partial or (several and not row.text)):
        return label
    return wording.say("tax_of", language, tax=label, base=amount_text(row.base, language))


def law_name(tax: Tax, wording: Wording, language: str) -> str:
    """What the issuer's law calls the tax, in the client's language where it is no name of its own."""
    return wording.found(f"name_{tax.law_name.replace(' ', '_')}", language) or tax.law_name
