"""What stands on the payment part and the receipt of a QR-bill (SIX, QR-bill version 2.3, sections 3.4 to 3.7)."""

from git_bill.invoice.document.page_data import Slip, SlipWords
from git_bill.invoice.document.qr_code import qr_code
from git_bill.invoice.document.swiss_qr import MOST_VERSION, Bill

# The standard's own words (annex D); no others may stand there.
_WORDS: dict[str, SlipWords] = {
    "de": {
        "payment_part": "Zahlteil",
        "account": "Konto / Zahlbar an",
        "reference": "Referenz",
        "further": "Zusätzliche Informationen",
        "currency": "Währung",
        "amount": "Betrag",
        "receipt": "Empfangsschein",
        "acceptance": "Annahmestelle",
        "separate": "Vor der Einzahlung abzutrennen",
        "payable_by": "Zahlbar durch",
        "payable_by_blank": "Zahlbar durch (Name/Adresse)",
    },
    "fr": {
        "payment_part": "Section paiement",
        "account": "Compte / Payable à",
        "reference": "Référence",
        "further": "Informations supplémentaires",
        "currency": "Monnaie",
        "amount": "Montant",
        "receipt": "Récépissé",
        "acceptance": "Point de dépôt",
        "separate": "A détacher avant le versement",
        "payable_by": "Payable par",
        "payable_by_blank": "Payable par (nom/adresse)",
    },
    "it": {
        "payment_part": "Sezione pagamento",
        "account": "Conto / Pagabile a",
        "reference": "Riferimento",
        "further": "Informazioni supplementari",
        "currency": "Valuta",
        "amount": "Importo",
        "receipt": "Ricevuta",
        "acceptance": "Punto di accettazione",
        "separate": "Da staccare prima del versamento",
        "payable_by": "Pagabile da",
        "payable_by_blank": "Pagabile da (nome/indirizzo)",
    },
    "en": {
        "payment_part": "Payment part",
        "account": "Account / Payable to",
        "reference": "Reference",
        "further": "Additional information",
        "currency": "Currency",
        "amount": "Amount",
        "receipt": "Receipt",
        "acceptance": "Acceptance point",
        "separate": "Separate before paying in",
        "payable_by": "Payable by",
        "payable_by_blank": "Payable by (name/address)",
    },
}


def swiss_slip(bill: Bill, language: str) -> Slip | None:
    """The slip in the client's language, English where that is none of Switzerland's; None if its code is too long."""
    code = qr_code(bill.payload(), most=MOST_VERSION)
    if code is None:
        return None
    words = _WORDS.get(language.split("-", maxsplit=1)[0], _WORDS["en"])
    return {
        "words": words,
        "account": [bill.shown_account, *bill.creditor.lines()],
        "reference": bill.shown_reference,
        "message": bill.message,
        "debtor": list(bill.debtor.lines()) if bill.debtor else [],
        "currency": bill.amount.currency,
        "amount": f"{bill.amount.amount:,.2f}".replace(",", "\u00a0"),
        "code": {"label": "", "alt": f"Swiss QR Code: {words['payment_part']}", "side": code.side, "path": code.path},
    }
