"""`git bill contract`, as a person types it."""

from pathlib import Path

from tests.cli.mirasbooks import Books

RETAINER = """
[[contracts]]
id = "acme-2027"
from = 2027-01-01
kind = "retainer"
currency = "EUR"
retainer = { fee = "500.00 EUR", time = "1h", carry = 2, overage = "120.00 EUR" }

[[contracts.rates]]
hourly = "95.00 EUR"
"""


def state(top: Path) -> dict[str, bytes]:
    return {str(p.relative_to(top)): p.read_bytes() for p in top.rglob("*") if p.is_file()}


def test_the_terms_of_today_and_of_another_day(mira: Books) -> None:
    told = mira.bill("contract").stdout
    assert "acme-2026  acme, from 2026-01-01" in told
    assert "rate        95.00 EUR an hour: the default rate" in told
    assert "rate        120.00 EUR an hour: the default rate" in told
    with (mira.top / "billing/clients/acme.toml").open("a") as file:
        file.write(RETAINER)
    assert "acme-2027" not in mira.bill("contract", "show", "acme").stdout
    named = mira.bill("contract", "show", "acme", "acme-2027").stdout
    assert "acme-2027  acme, from 2027-01-01, open end; does not hold on 2026-11-02" in named
    assert "for 2 more months; above: 120.00 EUR an hour" in " ".join(named.split())
    both = mira.json("contract", "show", "acme", "--on", "2027-02-01")
    assert [(each["contract"], each["holds"]) for each in both["contracts"]] == [
        ("acme-2026", True),
        ("acme-2027", True),
    ]
    topics = {term["topic"]: term for term in both["contracts"][1]["terms"]}
    assert topics["retainer"]["state"] == "1h left in 2027-02, as billed so far"
    assert topics["tax"]["text"].startswith("19 % (UStG")
    assert "No contract holds on 2020-01-01." in mira.bill("contract", "show", "acme", "--on", "2020-01-01").stdout


def test_october_under_the_terms_of_a_file_and_of_another_client(mira: Books) -> None:
    (mira.top / "new.toml").write_text(RETAINER)
    before = state(mira.top)
    minutes = sum(entry["minutes"] for entry in mira.entries("-c", "acme"))
    other = mira.json("contract", "simulate", "acme", "--with", "globex-2026")
    assert (other["period"], other["minutes"]) == ("2026-10", minutes)
    assert [side["contracts"] for side in other["now"]] == [["acme-2026"]]
    names = [[line["description"] for line in side["lines"]] for side in (*other["now"], other["then"])]
    assert names[0] == names[1]
    cents = sum(round(float(line["net"].split()[0]) * 100) for line in other["then"]["lines"])
    assert other["then"]["net"] == f"{cents / 100:.2f} EUR"
    text = mira.bill("contract", "simulate", "acme", "--with", "new.toml", "-p", "2026-10").stdout
    assert "acme-2026   acme-2027" in text.replace("     ", "   ")
    assert "Monatspauschale" in text  # the client reads German
    assert text.rstrip().endswith("net.")
    assert state(mira.top) == before
