"""The EPC QR code ("GiroCode") of a SEPA credit transfer (EPC069-12 version 3.1)."""

from git_bill.money import Money

# Countries of SEPA's scheme for credit transfers (EPC409-09 v7.0, 2025), as an IBAN begins.
_SEPA = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE "
    "SI SK SM VA"
)
SEPA = frozenset(_SEPA.split())
MOST_VERSION = 13  # of the QR code (section 3.1), with error correction M
_MOST_BYTES, _MOST_NAME, _MOST_TEXT = 331, 70, 140
_MOST_CENTS = 99_999_999_999


def epc_payload(*, name: str, iban: str, bic: str | None, amount: Money, text: str) -> str | None:
    """The text of the code: who is paid `amount`, with `text` as the remittance information.

    None where it can't be one: another currency than the euro, nothing or too much to pay, an account outside SEPA.
    """
    account = "".join(iban.split()).upper()
    cents = amount.rounded().amount * 100
    if amount.currency != "EUR" or not 1 <= cents <= _MOST_CENTS or account[:2] not in SEPA:
        return None
    lines = [
        "BCD",
        "002",  # with it the BIC may be missing
        "1",  # UTF-8
        "SCT",
        "".join((bic or "").split()).upper(),
        " ".join(name.split())[:_MOST_NAME].strip(),
        account,
        f"EUR{cents / 100:.2f}",
        "",  # purpose
        "",  # structured reference: it and the text exclude each other, and people read the text
        " ".join(text.split())[:_MOST_TEXT].strip(),
    ]
    payload = "\n".join(lines)
    return payload if len(payload.encode()) <= _MOST_BYTES else None
