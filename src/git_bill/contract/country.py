"""Countries by ISO 3166-1 alpha-2, as invoices state them (EN 16931 BT-40, BT-55; BR-CL-14)."""

from collections.abc import Iterable

UNKNOWN = "ZZ"  # ISO 3166-1 leaves it to users: the country is still to be filled in, and no tax is decided for it

_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_CODES.split())
NORTHERN_IRELAND = "goods to Northern Ireland are known by the client's VAT id"
_MEANT = {"UK": "GB", "EL": "GR", "XI": "GB"}  # codes of tax ids and of everyday speech


def country_problem(code: str) -> Iterable[tuple[str, str, str]]:
    """A code that no country has; the field's name is `country`."""
    if code not in COUNTRIES and code != UNKNOWN:
        meant = _MEANT.get(code, "DE")
        north = f'; {NORTHERN_IRELAND}: vat_id = "XI980780684"' if code == "XI" else ""
        yield "country", f"{code!r} is not a country of ISO 3166-1", f'write it like country = "{meant}"{north}'
