"""Networks that e-invoices go to through somebody who has access, and which of our formats each takes."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`formats`: those it takes, the best first; none where it has a form of its own. `access`: who takes it there."""

    title: str
    formats: tuple[str, ...]
    access: str


_EU = ("en16931-ubl", "ubl", "en16931-cii", "cii")
NETWORKS: Mapping[str, Network] = {
    # OpenPeppol, Peppol BIS Billing 3.0; access points are accredited
    "peppol": Network(title="Peppol", formats=("peppol",), access="an access point of your choice"),
    # Erhvervsstyrelsen: NemHandel takes OIOUBL 2.1 and Peppol BIS Billing 3.0
    "nemhandel": Network(title="NemHandel", formats=("peppol",), access="an access point of NemHandel"),
    # Code général des impôts art. 289 bis, 290 B; AFNOR XP Z12-012: UBL, CII, Factur-X
    "pdp": Network(title="a PDP", formats=("facturx", "facturx-extended", *_EU), access="your accredited platform"),
    # AIFE, Dossier de spécifications externes: Factur-X, UBL, CII
    "chorus-pro": Network(title="Chorus Pro", formats=("facturx", *_EU), access="the portal or a connected program"),
    # Agenzia delle Entrate, Provvedimento 89757/2018: FatturaPA alone
    "sdi": Network(title="SdI", formats=(), access="an intermediary that makes FatturaPA of UBL or CII"),
    # Ministerstwo Finansów: FA(3) alone, with the taxpayer's own token
    "ksef": Network(title="KSeF", formats=(), access="a program that makes FA(3) of UBL or CII"),
}
