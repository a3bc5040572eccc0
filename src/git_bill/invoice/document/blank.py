"""A page without content: what every page has of its language, its look and the words that the template places."""

from typing import Literal

from git_bill.invoice.document.branding import Look
from git_bill.invoice.document.locale import decimal_mark
from git_bill.invoice.document.page_data import PageData
from git_bill.invoice.document.text import printable
from git_bill.invoice.document.wording import Wording

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi"})


def blank_page(language: str, wording: Wording, look: Look, *, country: str | None, issuer: str = "") -> PageData:
    """`country`: whose paper it is printed on; `issuer`: whose logo stands on it."""

    def say(name: str, **facts: object) -> str:
        return wording.say(name, language, **facts)

    return {
        "language": language,
        "direction": _direction(language),
        "paper": look.paper_for(country),
        "accent": look.accent,
        "logo": {"file": look.logo, "alt": printable(look.logo_text or issuer)} if look.logo else None,
        "decimal": decimal_mark(language),
        "title": "",
        "number": "",
        "watermark": "",
        "issuer": [],
        "return_line": "",
        "client": [],
        "facts": [],
        "intro": [],
        "heads": {"no": "", "description": "", "quantity": "", "unit": "", "price": "", "tax": "", "net": ""},
        "lines": [],
        "totals": [],
        "notes": [],
        "payment": None,
        "legal": [],
        "slip": None,
        "annex": None,
        "footer": [],
        "ledger": "",
        "labels": {
            "page": say("page", page="{page}", pages="{pages}"),
            "carried_forward": say("carried_forward"),
            "brought_forward": say("brought_forward"),
        },
    }


def _direction(language: str) -> Literal["ltr", "rtl"]:
    """How a language is written."""
    return "rtl" if language.split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT else "ltr"
