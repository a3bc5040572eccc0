"""What the machine tells of its owner: time zone, country, currency. Guesses, to be shown before they are used."""

import importlib.resources
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_EURO = "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK AD MC SM VA ME XK"
# ISO 4217 by ISO 3166-1, outside the euro area (2026).
_OTHERS = (
    "AE:AED AR:ARS AU:AUD BR:BRL CA:CAD CH:CHF CL:CLP CN:CNY CO:COP CZ:CZK DK:DKK EG:EGP GB:GBP HK:HKD HU:HUF "
    "ID:IDR IL:ILS IN:INR IS:ISK JP:JPY KE:KES KR:KRW LI:CHF MA:MAD MX:MXN MY:MYR NG:NGN NO:NOK NZ:NZD PE:PEN "
    "PH:PHP PK:PKR PL:PLN RO:RON RS:RSD SA:SAR SE:SEK SG:SGD TH:THB TN:TND TR:TRY TW:TWD UA:UAH US:USD UY:UYU "
    "VN:VND ZA:ZAR"
)
_CURRENCIES = dict.fromkeys(_EURO.split(), "EUR") | dict(pair.split(":") for pair in _OTHERS.split())


def time_zone(environment: Mapping[str, str], localtime: Path = Path("/etc/localtime")) -> str:
    """The IANA name of the machine's zone: `TZ`, else what /etc/localtime points at, else `UTC`."""
    told = [environment.get("TZ", "").removeprefix(":"), str(localtime.resolve()).partition("zoneinfo/")[2]]
    for name in told:
        if name and _exists(name):
            return "UTC" if name in {"Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal"} else name
    return "UTC"


def country(zone: str, environment: Mapping[str, str]) -> str | None:
    """ISO 3166-1 code of the zone, else of the locale's territory, None where neither tells."""
    table = importlib.resources.files("tzdata") / "zoneinfo" / "zone.tab"
    for line in table.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#") and line.split("\t")[2] == zone:
            return line.split("\t")[0]
    locale = next((environment[name] for name in ("LC_ALL", "LC_MONETARY", "LANG") if environment.get(name)), "")
    territory = locale.partition(".")[0].partition("@")[0].partition("_")[2]
    return territory if len(territory) == 2 and territory.isupper() else None


def currency(country_code: str) -> str | None:
    """ISO 4217 code of a country's currency, None where it is not in the table."""
    return _CURRENCIES.get(country_code)


def _exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
