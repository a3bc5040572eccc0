"""Invoices of many countries, reckoned by hand from the provision that is named, against what the commands say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.stories.taxes.office import CURRENCIES, Facts, Office, client, hourly, issuer

pytestmark = pytest.mark.slow
Opening = Callable[..., Office]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """One invoice of `hours` × `price`. `sums`: net, tax, with tax, what arrives; `parts`: several taxes on one price.

    `kept`: what the client keeps; `added`: what the law adds; `words`: in the note or what else must be stated.
    """

    law: str
    seller: Facts
    buyer: Facts
    price: str = "100.00"
    hours: str = "10"
    currency: str | None = None
    day: str = "2026-10-30"
    tax: Facts | None = None
    category: str = "S"
    sums: tuple[str, str, str, str]
    parts: Sequence[tuple[str, str]] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    added: Mapping[str, str] = field(default_factory=dict)
    words: Sequence[str] = ()
    code: str | None = None


def drafted(office: Opening, case: Hand) -> tuple[Office, dict[str, Any]]:
    currency = case.currency or CURRENCIES.get(case.seller["country"], "EUR")
    books = office(case.seller, case.buyer, hourly(case.price, currency), day=case.day, tax=case.tax)
    books.works(case.hours)
    return books, books.drafts()


def amount(text: str | None) -> Decimal:
    return Decimal((text or "0").split(" ")[0])


def holds(office: Opening, case: Hand) -> None:
    """The draft says what was reckoned by hand, and of what is more than one tax the frozen invoice the same."""
    books, found = drafted(office, case)
    sums = tuple(amount(found[name]) for name in ("net", "tax", "gross", "receivable"))
    assert sums == tuple(map(Decimal, case.sums))
    said = found["treatment"]
    assert (said["category"], said["reason_code"]) == (case.category, case.code)
    assert [(each["name"], each["rate"]) for each in said["components"]] == list(case.parts)
    assert {each["name"]: amount(each["amount"]) for each in found["withheld"]} == _decimals(case.kept)
    assert {each["name"]: amount(each["amount"]) for each in found["added_by_law"]} == _decimals(case.added)
    stated = " | ".join((said["note"] or "", *said["must_state"]))
    assert [word for word in case.words if word not in stated] == []
    assert case.law in said["source"]
    if not (case.parts or case.kept or case.added):
        return
    frozen = books.issues(found["draft"])["totals"]
    assert (frozen["net"], frozen["tax"], frozen["gross"]) == (found["net"], found["tax"], found["gross"])


def _decimals(amounts: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in amounts.items()}


# --- the EU at home ---

STANDARD = {  # Taxes in Europe Database, standard rates of October 2026
    "AT": "20",
    "BE": "21",
    "BG": "20",
    "CY": "19",
    "CZ": "21",
    "DE": "19",
    "DK": "25",
    "EE": "24",
    "ES": "21",
    "FI": "25.5",
    "FR": "20",
    "GR": "24",
    "HR": "25",
    "HU": "27",
    "IE": "23",
    "IT": "22",
    "LT": "21",
    "LU": "17",
    "LV": "21",
    "MT": "18",
    "NL": "21",
    "PL": "23",
    "PT": "23",
    "RO": "21",
    "SE": "25",
    "SI": "22",
    "SK": "23",
}


@pytest.mark.parametrize("country", STANDARD)
def test_companies_at_home(office: Opening, country: str) -> None:
    """7.5 h × 87.35 = 655.125, so 655.13, of which the tax is rounded once more."""
    books, found = drafted(
        office,
        Hand(
            law="",
            seller=issuer(country, legal_form="company"),
            buyer=client(country),
            price="87.35",
            hours="7.5",
            sums=("0", "0", "0", "0"),
        ),
    )
    tax = (Decimal("655.13") * Decimal(STANDARD[country]) / 100 + Decimal("0.005")) // Decimal("0.01") / 100
    assert (found["net"], amount(found["tax"])) == (f"655.13 {books.currency}", tax)
    assert amount(found["gross"]) == amount(found["receivable"]) == Decimal("655.13") + tax
    assert (found["treatment"]["category"], found["treatment"]["reason_code"]) == ("S", None)


SMALL = {  # provision, and what its wording names where the law has one
    "AT": ("UStG 1994 § 6(1) Z 27", "Kleinunternehmer"),
    "BE": ("WBTW art. 56bis", "kleine ondernemingen"),
    "BG": ("чл. 113", "чл. 113, ал. 9"),
    "CY": ("N. 95(I)/2000", "284"),
    "CZ": ("§ 6", "284"),
    "DE": ("UStG § 19(1)", "Kleinunternehmer"),
    "DK": ("momsloven § 48", "284"),
    "EE": ("KMS § 19", "284"),
    "FI": ("AVL 1501/1993 § 3", "284"),
    "FR": ("CGI art. 293 B", "293 B"),
    "GR": ("Law 5144/2024", "284"),
    "HR": ("čl. 90", "284"),
    "HU": ("Áfa tv.", "Alanyi adómentes"),
    "IE": ("VATCA 2010 s. 6", "284"),
    "LT": ("PVMĮ 71", "284"),
    "LU": ("art. 57", "284"),
    "LV": ("59. pants", "284"),
    "MT": ("Cap. 406 art. 11", "article 11"),
    "NL": ("art. 25", "kleineondernemersregeling"),
    "PL": ("art. 113", "art. 113"),
    "PT": ("CIVA art. 53", "artigo 53"),
    "RO": ("art. 310", "art. 310"),
    "SE": ("18 kap.", "284"),
    "SI": ("94. člen", "94. člena"),
    "SK": ("222/2004", "nie je platiteľom DPH"),
}


@pytest.mark.parametrize("country", SMALL)
def test_small_businesses_at_home(office: Opening, country: str) -> None:
    law, word = SMALL[country]
    case = Hand(
        law=law,
        seller=issuer(country, tax_scheme="small-business"),
        buyer=client(country),
        category="E",
        sums=("1000.00", "0", "1000.00", "1000.00"),
        words=(word,),
        code="VATEX-FR-FRANCHISE" if country == "FR" else None,
    )
    holds(office, case)


# --- one by one ---


def us(state: str) -> dict[str, Any]:
    return {"seller": issuer("US", region=state, tax_number=None), "buyer": client("US", region=state)}


HANDS: Mapping[str, Hand] = {
    "TX data processing, 80 % of the charge": Hand(
        law="§ 151.351",
        **us("TX"),
        tax={"combined_rate": "8.25"},
        sums=("1000.00", "66.00", "1066.00", "1066.00"),
        parts=[("Texas sales tax", "8.25")],
    ),
    "WA retail sales tax with Seattle's part": Hand(
        law="RCW 82.04.050",
        **us("WA"),
        tax={"combined_rate": "10.35"},
        sums=("1000.00", "103.50", "1103.50", "1103.50"),
        parts=[("Washington retail sales tax", "10.35")],
    ),
    "CT computer services 1 %": Hand(
        law="§ 12-407(a)(37)(A)",
        **us("CT"),
        sums=("1000.00", "10.00", "1010.00", "1010.00"),
        parts=[("Connecticut sales tax", "1")],
    ),
    "MD 3 % of IT services since July 2025": Hand(
        law="HB 352",
        **us("MD"),
        sums=("1000.00", "30.00", "1030.00", "1030.00"),
        parts=[("Maryland sales tax", "3")],
    ),
    "MD the day before": Hand(
        law="§ 11-101",
        **us("MD"),
        day="2025-06-30",
        category="O",
        code=None,
        sums=("1000.00", "0", "1000.00", "1000.00"),
        words=("No sales tax on these services in Maryland",),
    ),
    "HI general excise tax, passed on at 4.712 %": Hand(
        law="HRS § 237-13(6)",
        **us("HI"),
        tax={"combined_rate": "4.712"},
        sums=("1000.00", "47.12", "1047.12", "1047.12"),
        parts=[("Hawaii general excise tax", "4.712")],
    ),
    "SD 4.2 % and 2 % of the city": Hand(
        law="SDCL § 10-45-4",
        **us("SD"),
        tax={"combined_rate": "6.2"},
        sums=("1000.00", "62.00", "1062.00", "1062.00"),
        parts=[("South Dakota sales tax", "6.2")],
    ),
    "NY does not tax custom software": Hand(
        law="§ 1101(b)(14)",
        **us("NY"),
        category="O",
        sums=("1000.00", "0", "1000.00", "1000.00"),
        words=("No sales tax on these services in New York",),
    ),
    "US to a client abroad": Hand(
        law="no federal value added tax",
        seller=issuer("US", region="WA", tax_number=None),
        buyer=client("DE"),
        category="O",
        sums=("1000.00", "0", "1000.00", "1000.00"),
    ),
    "CA Ontario HST 13 %": Hand(
        law="s. 165(2)",
        seller=issuer("CA", region="ON"),
        buyer=client("CA", region="ON"),
        sums=("1000.00", "130.00", "1130.00", "1130.00"),
        parts=[("HST", "13")],
    ),
    "CA Nova Scotia HST 14 % since April 2025, by the client's province": Hand(
        law="sch. VIII",
        seller=issuer("CA", region="ON"),
        buyer=client("CA", region="NS"),
        sums=("1000.00", "140.00", "1140.00", "1140.00"),
        parts=[("HST", "14")],
    ),
    "CA Alberta GST 5 %": Hand(
        law="s. 165(1)",
        seller=issuer("CA", region="AB"),
        buyer=client("CA", region="AB"),
        sums=("1000.00", "50.00", "1050.00", "1050.00"),
        parts=[],
    ),
    "CA Quebec: 333.33 bears 16.67 GST and 33.25 QST, each rounded by itself": Hand(
        law="Québec sales tax s. 16",
        seller=issuer("CA", region="QC"),
        buyer=client("CA", region="QC"),
        price="333.33",
        hours="1",
        sums=("333.33", "49.92", "383.25", "383.25"),
        parts=[("GST", "5"), ("QST", "9.975")],
    ),
    "CA from Ontario to Quebec, not registered there: GST alone": Hand(
        law="s. 165(1)",
        seller=issuer("CA", region="ON"),
        buyer=client("CA", region="QC"),
        sums=("1000.00", "50.00", "1050.00", "1050.00"),
        parts=[],
    ),
    "CA to the US, zero-rated": Hand(
        law="sch. VI part V s. 7",
        seller=issuer("CA", region="ON"),
        buyer=client("US", region="NY"),
        category="G",
        sums=("1000.00", "0", "1000.00", "1000.00"),
        words=("Zero-rated",),
    ),
    "IN within Karnataka: 100.05 bears 9.00 and 9.00": Hand(
        law="CGST Act 2017 s. 9",
        seller=issuer("IN", region="KA"),
        buyer=client("IN", region="KA"),
        price="100.05",
        hours="1",
        sums=("100.05", "18.00", "118.05", "118.05"),
        parts=[("CGST", "9"), ("SGST", "9")],
    ),
    "IN from Karnataka to Maharashtra: 100.05 bears 18.01": Hand(
        law="IGST Act 2017 s. 5",
        seller=issuer("IN", region="KA"),
        buyer=client("IN", region="MH"),
        price="100.05",
        hours="1",
        sums=("100.05", "18.01", "118.06", "118.06"),
        parts=[("IGST", "18")],
    ),
    "IN within Chandigarh, with TDS on professional fees": Hand(
        law="UTGST",
        seller=issuer("IN", region="CH", tax={"withholding": "professional"}),
        buyer=client("IN", region="Chandigarh"),
        price="10000.00",
        sums=("100000.00", "18000.00", "118000.00", "108000.00"),
        parts=[("CGST", "9"), ("UTGST", "9")],
        kept={"TDS": "10000.00"},
    ),
    "CH 8.1 %": Hand(
        law="MWSTG Art. 25(1)",
        seller=issuer("CH"),
        buyer=client("CH"),
        price="123.45",
        sums=("1234.50", "99.99", "1334.49", "1334.49"),
    ),
    "CH to Liechtenstein, which is inland": Hand(
        law="MWSTG Art. 25(1)",
        seller=issuer("CH"),
        buyer=client("LI"),
        sums=("1000.00", "81.00", "1081.00", "1081.00"),
    ),
    "CH to a client in Germany": Hand(
        law="MWSTG Art. 8(1)",
        seller=issuer("CH"),
        buyer=client("DE", language="de"),
        category="O",
        code="VATEX-EU-O",
        sums=("1000.00", "0", "1000.00", "1000.00"),
        words=("Art. 8 Abs. 1 MWSTG",),
    ),
    "CH below 100,000 francs": Hand(
        law="MWSTG Art. 10(2)(a)",
        seller=issuer("CH", tax_scheme="small-business"),
        buyer=client("CH", language="de"),
        category="O",
        sums=("1000.00", "0", "1000.00", "1000.00"),
        words=("Nicht MWST-pflichtig",),
    ),
    "NO 25 %": Hand(
        law="mval. § 5-1",
        seller=issuer("NO"),
        buyer=client("NO"),
        price="1234.56",
        hours="1",
        sums=("1234.56", "308.64", "1543.20", "1543.20"),
    ),
    "NO to a business abroad": Hand(
        law="mval. § 6-22",
        seller=issuer("NO"),
        buyer=client("SE"),
        category="G",
        sums=("1000.00", "0", "1000.00", "1000.00"),
        words=("§ 6-22",),
    ),
    "GB 20 %, to the Isle of Man alike": Hand(
        law="VATA 1994 s. 2(1)",
        seller=issuer("GB"),
        buyer=client("IM", vat_id=None),
        sums=("1000.00", "200.00", "1200.00", "1200.00"),
    ),
    "GB to a German business": Hand(
        law="VATA 1994 s. 7A(2)(a)",
        seller=issuer("GB"),
        buyer=client("DE"),
        category="O",
        code="VATEX-EU-O",
        sums=("1000.00", "0", "1000.00", "1000.00"),
        words=("Outside the scope of UK VAT",),
    ),
    "GB CIS 30 % without a verified number, without VAT": Hand(
        law="VATA 1994 s. 2(1)",
        seller=issuer("GB", tax={"withholding": "cis-30"}),
        buyer=client("GB"),
        sums=("1000.00", "200.00", "1200.00", "900.00"),
        kept={"CIS deduction": "300.00"},
    ),
    "AU 10 %": Hand(
        law="s. 9-70",
        seller=issuer("AU"),
        buyer=client("AU"),
        price="88.85",
        hours="1.5",  # 133.275
        sums=("133.28", "13.33", "146.61", "146.61"),
    ),
    "AU not registered for GST, with an ABN that stands as registration": Hand(
        law="s. 23-15",
        seller=issuer("AU", tax_scheme="small-business", tax_number=None, registration="51 824 753 556"),
        buyer=client("AU"),
        category="O",
        sums=("1000.00", "0", "1000.00", "1000.00"),
        words=("Not registered for GST",),
    ),
    "AU to New Zealand, GST-free": Hand(
        law="s. 38-190",
        seller=issuer("AU"),
        buyer=client("NZ"),
        category="G",
        sums=("1000.00", "0", "1000.00", "1000.00"),
        words=("GST-free",),
    ),
    "NZ 15 %": Hand(
        law="s. 8(1)",
        seller=issuer("NZ"),
        buyer=client("NZ"),
        price="99.99",
        hours="1",
        sums=("99.99", "15.00", "114.99", "114.99"),
    ),
    "SG 9 %": Hand(
        law="s. 16",
        seller=issuer("SG"),
        buyer=client("SG"),
        price="1234.50",
        hours="1",
        sums=("1234.50", "111.11", "1345.61", "1345.61"),  # 111.105
    ),
    "SG 8 % in 2023": Hand(
        law="s. 16",
        seller=issuer("SG"),
        buyer=client("SG"),
        day="2023-12-29",
        sums=("1000.00", "80.00", "1080.00", "1080.00"),
    ),
    "JP 10 % of 1,055 yen is 106": Hand(
        law="art. 29",
        seller=issuer("JP"),
        buyer=client("JP"),
        price="1055",
        hours="1",
        sums=("1055", "106", "1161", "1161"),
    ),
    "JP to a client abroad": Hand(
        law="art. 7(1)",
        seller=issuer("JP"),
        buyer=client("US"),
        price="10000",
        category="G",
        sums=("100000", "0", "100000", "100000"),
    ),
    "AE 5 %": Hand(
        law="art. 3",
        seller=issuer("AE"),
        buyer=client("AE"),
        price="99.90",
        hours="1",
        sums=("99.90", "5.00", "104.90", "104.90"),
    ),
    "MX fees of a person to a company": Hand(
        law="LIVA art. 1",
        seller=issuer("MX"),
        buyer=client("MX"),
        price="3333.33",
        hours="1",
        sums=("3333.33", "533.33", "3866.66", "3177.78"),
        kept={"ISR": "333.33", "IVA retenido": "355.55"},
    ),
    "MX to a person, who keeps nothing": Hand(
        law="LIVA art. 1",
        seller=issuer("MX"),
        buyer=client("MX", legal_form="person"),
        sums=("1000.00", "160.00", "1160.00", "1160.00"),
    ),
    "ES 7 % IRPF in the second year": Hand(
        law="LIVA art. 90",
        seller=issuer("ES", tax={"withholding": "starting", "since": date(2025, 3, 1)}),
        buyer=client("ES"),
        sums=("1000.00", "210.00", "1210.00", "1140.00"),
        kept={"IRPF": "70.00"},
    ),
    "ES 15 % IRPF from the fourth year on": Hand(
        law="LIVA art. 90",
        seller=issuer("ES", tax={"withholding": "starting", "since": date(2023, 3, 1)}),
        buyer=client("ES"),
        sums=("1000.00", "210.00", "1210.00", "1060.00"),
        kept={"IRPF": "150.00"},
    ),
    "ES to a consumer, who keeps nothing": Hand(
        law="LIVA art. 90",
        seller=issuer("ES"),
        buyer=client("ES", business=False, vat_id=None),
        sums=("1000.00", "210.00", "1210.00", "1210.00"),
    ),
    "ES within the Canary Islands: IGIC 7 %, and IRPF": Hand(
        law="Ley 4/2012",
        seller=issuer("ES", postcode="35001"),
        buyer=client("ES", postcode="38003"),
        category="L",
        sums=("1000.00", "70.00", "1070.00", "920.00"),
        kept={"IRPF": "150.00"},
    ),
    "ES from the mainland to the Canary Islands": Hand(
        law="LIVA art. 69",
        seller=issuer("ES"),
        buyer=client("ES", postcode="35001"),
        category="O",
        code="VATEX-EU-O",
        sums=("1000.00", "0", "1000.00", "850.00"),
        kept={"IRPF": "150.00"},
        words=("art. 69 LIVA",),
    ),
    "ES from the mainland to Ceuta": Hand(
        law="Ley 8/1991",
        seller=issuer("ES", legal_form="company"),
        buyer=client("ES", postcode="51001"),
        category="O",
        code="VATEX-EU-O",
        sums=("1000.00", "0", "1000.00", "1000.00"),
    ),
    "IT ritenuta and INPS: IVA and ritenuta of 1040": Hand(
        law="DPR 633/1972 art. 16",
        seller=issuer("IT", tax={"fund": "inps"}),
        buyer=client("IT"),
        sums=("1040.00", "228.80", "1268.80", "1060.80"),
        kept={"Ritenuta d'acconto IRPEF": "208.00"},
        added={"Rivalsa INPS 4%": "40.00"},
    ),
    "IT cassa: IVA of 1040, ritenuta of 1000": Hand(
        law="DPR 633/1972 art. 16",
        seller=issuer("IT", tax={"fund": "cassa", "fund_rate": "4"}),
        buyer=client("IT"),
        sums=("1040.00", "228.80", "1268.80", "1068.80"),
        kept={"Ritenuta d'acconto IRPEF": "200.00"},
        added={"Contributo integrativo cassa 4%": "40.00"},
    ),
    "IT forfettario with INPS and stamp, no ritenuta": Hand(
        law="L. 190/2014",
        seller=issuer("IT", tax_scheme="small-business", tax={"fund": "inps"}),
        buyer=client("IT"),
        category="E",
        sums=("1042.00", "0", "1042.00", "1042.00"),
        added={"Rivalsa INPS 4%": "40.00", "Imposta di bollo": "2.00"},
        words=("regime forfettario", "non soggetto a ritenuta"),
    ),
    "IT forfettario of 77.47 needs no stamp": Hand(
        law="L. 190/2014",
        seller=issuer("IT", tax_scheme="small-business"),
        buyer=client("IT"),
        price="77.47",
        hours="1",
        category="E",
        sums=("77.47", "0", "77.47", "77.47"),
    ),
    "IT forfettario of 77.48 does": Hand(
        law="L. 190/2014",
        seller=issuer("IT", tax_scheme="small-business"),
        buyer=client("IT"),
        price="77.48",
        hours="1",
        category="E",
        sums=("79.48", "0", "79.48", "79.48"),
        added={"Imposta di bollo": "2.00"},
    ),
    "PT 25 % IRS until 2024": Hand(
        law="CIVA art. 18(1)(c)",
        seller=issuer("PT"),
        buyer=client("PT"),
        day="2024-12-30",
        sums=("1000.00", "230.00", "1230.00", "980.00"),
        kept={"IRS": "250.00"},
    ),
    "PT within Madeira 22 %": Hand(
        law="CIVA art. 18(3)(b)",
        seller=issuer("PT", postcode="9000-082", legal_form="company"),
        buyer=client("PT", postcode="9020-001"),
        sums=("1000.00", "220.00", "1220.00", "1220.00"),
    ),
    "GR 24 %, 20 % kept of fees above 300": Hand(
        law="Law 5144/2024",
        seller=issuer("GR"),
        buyer=client("GR"),
        sums=("1000.00", "240.00", "1240.00", "1040.00"),
        kept={"Παρακράτηση φόρου": "200.00"},
    ),
    "GR nothing is kept of 300": Hand(
        law="Law 5144/2024",
        seller=issuer("GR"),
        buyer=client("GR"),
        price="300.00",
        hours="1",
        sums=("300.00", "72.00", "372.00", "372.00"),
    ),
    "a small business to a business in another state: the customer owes the tax": Hand(
        law="Art. 44 and 196",
        seller=issuer("AT", tax_scheme="small-business"),
        buyer=client("DE", language="de"),
        category="AE",
        code="VATEX-EU-AE",
        sums=("1000.00", "0", "1000.00", "1000.00"),
        words=("Steuerschuldnerschaft des Leistungsempfängers",),
    ),
    "a consumer in another state: the seller's rate": Hand(
        law="Art. 45",
        seller=issuer("NL", legal_form="company"),
        buyer=client("BE", business=False, vat_id=None),
        sums=("1000.00", "210.00", "1210.00", "1210.00"),
    ),
    "electronic services to a consumer below 10,000 a year": Hand(
        law="Art. 59c(1)",
        seller=issuer("FR", tax={"oss": False}),
        buyer=client("HU", business=False, vat_id=None),
        tax={"supply": "electronic"},
        sums=("1000.00", "200.00", "1200.00", "1200.00"),
    ),
    "electronic services to a consumer by the one-stop shop": Hand(
        law="369a",
        seller=issuer("FR", tax={"oss": True}),
        buyer=client("HU", business=False, vat_id=None),
        tax={"supply": "electronic"},
        sums=("1000.00", "270.00", "1270.00", "1270.00"),
    ),
    "exempt in the customer's state too, by a number of the cross-border scheme": Hand(
        law="Art. 284(3)",
        seller=issuer("DE", tax_scheme="small-business", tax={"ex_number": "DE123456789-EX", "ex_states": ["FR"]}),
        buyer=client("FR"),
        category="E",
        sums=("1000.00", "0", "1000.00", "1000.00"),
        words=("Artikel 284", "DE123456789-EX"),
    ),
    "dinars have three decimals, documents two": Hand(
        law="art. 31",
        seller=issuer("AE"),
        buyer=client("SA"),
        currency="KWD",
        price="10.125",
        hours="1.5",  # 15.1875
        category="G",
        sums=("15.19", "0", "15.19", "15.19"),
    ),
}


@pytest.mark.parametrize("name", HANDS)
def test_by_hand(office: Opening, name: str) -> None:
    holds(office, HANDS[name])


# --- currencies, prices with tax, credits ---


STATED = {  # currency of the books, a euro in it, tax in euros and in that currency
    "SE": ("SEK", "11.2345", "250.00 EUR", "2808.63 SEK"),  # 2808.625
    "CZ": ("CZK", "24.315", "210.00 EUR", "5106.15 CZK"),
    "GB": ("GBP", "0.8733", "200.00 EUR", "174.66 GBP"),
}


@pytest.mark.parametrize("country", STATED)
def test_tax_is_stated_in_the_books_currency(office: Opening, country: str) -> None:
    """Directive 2006/112/EC Art. 230 and 91(2), EN 16931 BT-111."""
    own, rate, tax, stated = STATED[country]
    quote = {"on": date(2026, 10, 30), "base": "EUR", "currency": own, "rate": rate, "source": "Bank"}
    books = office(issuer(country), client(country), hourly("100.00", "EUR"), rates=[quote])
    books.works("10")
    found = books.drafts()
    assert (found["tax"], found["exchanged_tax"]) == (tax, stated)
    assert books.issues(found["draft"])["totals"]["exchanged_tax"] == stated


def test_a_currency_without_a_published_rate_asks_for_ones_own(office: Opening) -> None:
    books = office(issuer("DE"), client("DE"), hourly("100.00", "KWD"))
    books.works("10")
    (problem,) = (p for p in books.drafts(code=1)["problems"] if p["severity"] == "error")
    assert problem["message"].endswith("the European Central Bank publishes none for KWD")
    assert 'base = "KWD", currency = "EUR", rate = "…"' in problem["hint"]


@pytest.mark.parametrize(
    ("price", "hours", "sums"),
    [
        ("119.00", "1", ("100.00", "19.00", "119.00")),
        ("99.99", "3", ("252.08", "47.90", "299.97")),  # 252.08 + 47.90 = 299.98, so BT-114 takes a cent off
        ("0.01", "1", ("0.01", "0.00", "0.01")),
    ],
)
def test_prices_with_tax(office: Opening, price: str, hours: str, sums: tuple[str, str, str]) -> None:
    """A consumer pays the price that was named (PAngV § 3), and the net is what is left of it."""
    buyer = client("DE", business=False, vat_id=None)
    books = office(issuer("DE"), buyer, hourly(price, "EUR", prices="gross"))
    books.works(hours)
    found = books.drafts()
    assert [found[name] for name in ("net", "tax", "payable")] == [f"{each} EUR" for each in sums]


def test_what_is_taken_back_is_a_line_with_a_negative_quantity(office: Opening) -> None:
    """BR-27: prices are never negative. 1000.00 − 1.5 × 100.05 = 849.925 → 150.08 back, 849.92 and 161.48 of tax."""
    books = office(issuer("DE"), client("DE"), hourly("100.00", "EUR"))
    books.works("10")
    found = books.drafts()
    back = {
        "description": "Two hours of September that were for another shop",
        "quantity": "-1.5",
        "unit_price": "100.05 EUR",
        "because": "billed by mistake, agreed with Anna Schmidt on 3 November",
    }
    reviewed = books.edits(found["draft"], lambda draft: draft["lines"].append(back))
    assert reviewed["nets"] == ["1000.00 EUR", "-150.08 EUR"]
    assert [reviewed[name] for name in ("net", "tax", "gross")] == ["849.92 EUR", "161.48 EUR", "1011.40 EUR"]
    assert books.issues(found["draft"])["totals"]["payable"] == "1011.40 EUR"


def test_what_is_taken_back_needs_a_persons_reason(office: Opening) -> None:
    books = office(issuer("DE"), client("DE"), hourly("100.00", "EUR"))
    books.works("10")
    found = books.drafts()
    back = {"description": "Two hours of September", "quantity": "-2", "unit_price": "100.00 EUR"}
    books.edits(found["draft"], lambda draft: draft["lines"].append(back))
    told = books.json("issue", found["draft"], code=1)
    (problem,) = (p for p in told["problems"] if p["rule"] == "not-positive")
    assert problem["message"] == "line 2 has the quantity -2; it must be more than 0"
    assert 'because = "' in problem["hint"]


# --- what nobody can know is asked, and says what to write where ---

ASKED: Mapping[str, tuple[Facts, Facts, Facts | None, str, str, str]] = {
    "no rules of the country": (
        issuer("TR"),
        client("TR"),
        None,
        "tax-undecided",
        "the tax rules of TR are not built in",
        '[tax] category = "O" because = "…"',
    ),
    "a consumer outside the EU": (
        issuer("DE"),
        client("US", business=False),
        None,
        "tax-undecided",
        "services from DE to a consumer in US have no built-in treatment",
        "[tax] category",
    ),
    "a business in the EU without a VAT id": (
        issuer("DE"),
        client("AT", vat_id=None),
        None,
        "vat-id-missing",
        "reverse charge from DE to AT needs the client's VAT id",
        'vat_id = "…" to [client]',
    ),
    "an issuer without a VAT id": (
        issuer("DE", vat_id=None),
        client("AT"),
        None,
        "vat-id-missing",
        "reverse charge from DE to AT needs the issuer's VAT id",
        'vat_id = "…" to [issuer]',
    ),
    "the one-stop shop": (
        issuer("DE"),
        client("AT", business=False, vat_id=None),
        {"supply": "electronic"},
        "tax-undecided",
        "10,000 a year",
        "oss = true",
    ),
    "a client's state": (
        issuer("US", region="WA"),
        client("US"),
        None,
        "tax-undecided",
        "its state or province is not said",
        "region =",
    ),
    "a state that does not exist": (
        issuer("US", region="NJ"),
        client("US", region="New Jersy"),
        None,
        "tax-undecided",
        "'New Jersy' is no state or province of US",
        'region = "NJ"',
    ),
    "a city's part of sales tax": (
        issuer("US", region="WA"),
        client("US", region="WA"),
        None,
        "tax-undecided",
        "cities of Washington add to its 6.5 %",
        "combined_rate =",
    ),
    "nexus in another state": (
        issuer("US", region="NY"),
        client("US", region="CT"),
        None,
        "tax-undecided",
        "who has nexus there must collect it",
        'registered = ["US-CT"]',
    ),
    "a state that is not built in": (
        issuer("US", region="CO"),
        client("US", region="CO"),
        None,
        "tax-undecided",
        "Colorado: whether it taxes software services is not built in",
        'category = "S" rate =',
    ),
    "British Columbia's PST": (
        issuer("CA", region="BC"),
        client("CA", region="BC"),
        None,
        "tax-undecided",
        "British Columbia: PST on software",
        'category = "S" rate =',
    ),
    "an export from India without a letter of undertaking": (
        issuer("IN", region="KA"),
        client("US"),
        None,
        "tax-undecided",
        "letter of undertaking",
        "lut =",
    ),
    "a small business in Spain": (
        issuer("ES", tax_scheme="small-business"),
        client("ES"),
        None,
        "tax-undecided",
        "Spain has not made",
        'tax_scheme = "standard"',
    ),
    "the rate of Ceuta": (
        issuer("ES", postcode="51001"),
        client("ES", postcode="51002"),
        None,
        "tax-undecided",
        "in Ceuta",
        'category = "M" rate =',
    ),
    "Madeira's rate for a client of the mainland": (
        issuer("PT", legal_form="company"),
        client("PT", postcode="9000-082"),
        None,
        "tax-undecided",
        "the client is in Madeira (9000-082)",
        'category = "S" rate = "…"',
    ),
    "a rate of withholding that there is not": (
        issuer("ES", tax={"withholding": "beginner"}),
        client("ES"),
        None,
        "tax-undecided",
        "ES has no rate of withholding 'beginner'",
        'withholding = "starting"',
    ),
    "Heligoland": (
        issuer("DE"),
        client("DE", postcode="27498"),
        None,
        "tax-undecided",
        "the client is in Heligoland",
        "[tax] category",
    ),
    "a VAT id of another country": (
        issuer("DE"),
        client("AT", vat_id="DE129274202"),
        None,
        "vat-id-of-another-country",
        "the client's VAT id DE129274202 is not from AT",
        "same establishment",
    ),
    "a British consumer of an EU seller": (
        issuer("GB"),
        client("FR", business=False, vat_id=None),
        None,
        "tax-undecided",
        "services from GB to a consumer in FR",
        "[tax] category",
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_is_not_known_is_asked(office: Opening, name: str) -> None:
    seller, buyer, tax, rule, message, hint = ASKED[name]
    books = office(seller, buyer, hourly("100.00", "EUR"), tax=tax)
    books.works("10")
    told = books.drafts(code=1)
    (problem,) = (p for p in told["problems"] if p["severity"] == "error")
    assert problem["rule"] == rule
    assert message in problem["message"]
    assert hint in problem["hint"]
    assert problem["file"] in {"billing/billing.toml", "billing/clients/acme.toml"}
    assert problem["line"] is not None
    assert "tax" not in told  # never a silent 0 %
