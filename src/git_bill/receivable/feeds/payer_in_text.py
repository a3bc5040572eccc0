"""Who paid, where a bank has no field for it and writes it into the text, behind a word of its own."""

import re

_PAYER = re.compile(
    r"(?:AUFTRAGGEBER|ABSENDER|DONNEUR D.ORDRE|EXP[ÉE]DITEUR|ORDINANTE|MITTENTE|DEBITOR|EINZAHLER|ORIG CO NAME):"
    r"\s*(.{1,140}?)"
    r"(?:\s+(?:MITTEILUNGEN|COMMUNICATIONS?|COMUNICAZIONI|REFERENZEN|REFERENCES|REFERENZ|BUCHUNGSTEXT|KTO/IBAN"
    r"|CO ENTRY DESCR|ORIG ID):.*)?$",
    re.DOTALL | re.IGNORECASE,
)
_ACCOUNT = re.compile(r"(?:AUS KONTO|DU COMPTE|DAL CONTO|KTO/IBAN:) ([A-Z]{2}[0-9]{2}[A-Z0-9]{11,30})\b", re.IGNORECASE)
_MESSAGE = re.compile(  # what the payer wrote is behind it
    r"\b(?:MITTEILUNGEN|COMMUNICATIONS?|COMUNICAZIONI|BUCHUNGSTEXT|CO ENTRY DESCR):", re.IGNORECASE
)


def payer_in(text: str) -> tuple[str, str] | None:
    """Name and account ("" where it is not told); None where no word of a bank stands in the text.

    `GIRO AUS KONTO CH56… ABSENDER: ACME AG MITTEILUNGEN: INV-2026-0007` → ACME AG, CH56…
    """
    match = _PAYER.search(text)
    if match is None:
        return None
    account = _ACCOUNT.search(_MESSAGE.split(text, maxsplit=1)[0])
    return match[1].strip(), account[1].upper() if account else ""
