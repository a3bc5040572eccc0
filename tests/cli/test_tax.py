"""`git bill tax` and `git bill client check`, as a person types them."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from tests.cli.mirasbooks import Books, Ran
from tests.webserver import serving

OWN = 'schema = 1\nsource = "a law of 2026"\n[countries.DE]\nrates = [{ from = 2026-10-01, rate = "20" }]  # new\n'


def test_a_treatment_is_shown_with_its_law_outside_of_any_books(git_bill: Callable[..., Ran], tmp_path: Path) -> None:
    ran = git_bill("tax", "show", "DE", "DE", "--on", "2020-12-01", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "S 16 %  UStG § 12(1): standard rate of DE since 2020-07-01" in ran.stdout
    told = json.loads(git_bill("tax", "show", "IT", "IT", "--small-business", "--json", cwd=tmp_path).stdout)
    assert told["treatment"]["category"] == "E"
    assert told["treatment"]["surcharges"][0]["name"] == "Imposta di bollo"
    assert told["document"]["worth"] == "copy"
    assert [problem["rule"] for problem in told["problems"]] == ["document-copy"]


def test_several_taxes_surcharges_and_withholding_are_told(git_bill: Callable[..., Ran], tmp_path: Path) -> None:
    for words, line in (
        (("CA", "CA", "--region", "QC"), "QST 9.975 %"),
        (("US", "US", "--region", "TX", "--combined-rate", "8.25"), "Texas sales tax 8.25 % of 80 % of the price"),
        (("MX", "MX"), "IVA retenido 2/3 of the tax"),
        (("ES", "ES"), "IRPF 15 % of the net"),
        (("DE", "AT"), "VATEX-EU-AE"),
        (("ES", "ES", "--postcode", "35001", "--own-postcode", "28001"), "Operación no sujeta al IVA"),
        (("FR", "RE"), "S 8.5 %  CGI art. 296"),
        (("IN", "IN", "--region", "KA", "--own-region", "MH"), "IGST 18 %"),
    ):
        assert line in git_bill("tax", "show", *words, cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("words", "code", "rule"),
    [
        (("DE", "US", "--consumer"), 1, "tax-undecided"),
        (("DE", "AT", "--without-id"), 1, "vat-id-missing"),
        (("FR", "DE", "--consumer", "--supply", "electronic"), 1, "tax-undecided"),
        ((), 2, "which-countries"),
        (("DE",), 2, "which-countries"),
    ],
)
def test_what_is_not_decided_is_asked(
    git_bill: Callable[..., Ran], tmp_path: Path, words: tuple[str, ...], code: int, rule: str
) -> None:
    ran = git_bill("tax", "show", *words, "--json", cwd=tmp_path)
    assert ran.returncode == code
    assert rule in [problem["rule"] for problem in json.loads(ran.stdout)["problems"]]


@pytest.mark.parametrize("rate", ["0", "eight", "120"])
def test_a_rate_is_a_percentage(git_bill: Callable[..., Ran], tmp_path: Path, rate: str) -> None:
    ran = git_bill("tax", "show", "US", "US", "--combined-rate", rate, cwd=tmp_path)
    assert ran.returncode == 2
    assert "write it like 8.25" in ran.stderr


def test_newer_rules_are_checked_kept_and_used(mira: Books) -> None:
    (mira.top / "DE 2026.toml").write_text(OWN)
    assert mira.json("tax", "show", "--client", "acme", "--on", "2026-10-05")["treatment"]["rate"] == "19"
    done = mira.json("tax", "update", "DE 2026.toml")
    assert (done["file"], done["changed"], done["countries"]) == ("billing/tax/de-2026.toml", True, ["DE"])
    assert (mira.top / "billing/tax/de-2026.toml").read_text() == OWN
    assert mira.json("tax", "show", "--client", "acme", "--on", "2026-10-05")["treatment"]["rate"] == "20"
    assert mira.json("tax", "update", "DE 2026.toml")["changed"] is False
    assert mira.json("draft", "--client", "acme", "--period", "2026-10")["drafts"][0]["lines"][0]["tax_rate"] == "20"


def test_rules_that_can_not_be_right_are_refused(mira: Books) -> None:
    (mira.top / "de.toml").write_text(OWN.replace('"20"', '"200"'))
    ran = mira.program("tax", "update", "de.toml", cwd=mira.top)
    assert ran.returncode == 3
    assert "countries.DE has a rate of 200 % from 2026-10-01" in ran.stderr
    assert not (mira.top / "billing/tax").exists()
    assert mira.program("tax", "update", "none.toml", cwd=mira.top).returncode == 2


class Register(BaseHTTPRequestHandler):
    """Knows one number."""

    def do_POST(self) -> None:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = body["vatNumber"] == "129274202"
        self.send_response(200)
        self.end_headers()
        answer = {"valid": known, "name": "Acme GmbH" if known else "---", "requestIdentifier": "WAPI1"}
        self.wfile.write(json.dumps(answer).encode())


@pytest.fixture
def register() -> Iterator[str]:
    with serving(Register) as address:
        yield address


def test_clients_ids_are_checked_offline_and_at_the_register(
    mira: Books, register: str, git: Callable[..., str]
) -> None:
    acme = mira.top / "billing/clients/acme.toml"
    acme.write_text(acme.read_text().replace('country = "DE"', 'country = "DE"\nvat_id = "DE129274202"', 1))
    rows = {row["client"]: row for row in mira.json("client", "check")["clients"]}
    assert rows["acme"] | {"vies": None} == {
        "client": "acme",
        "vat_id": "DE129274202",
        "offline": "its check digits fit",
        "vies": None,
        "file": None,
    }
    assert rows["globex"]["offline"] == "no VAT id"
    git(mira.top, "config", "bill.vies", register)
    [row] = mira.json("client", "check", "acme", "--vies")["clients"]
    assert (row["vies"], row["name"]) == (True, "Acme GmbH")
    proof = (mira.top / row["file"]).read_text()
    assert 'requester = "DE136695976"' in proof
    assert 'request = "WAPI1"' in proof
    acme.write_text(acme.read_text().replace("DE129274202", "ATU13585627").replace('country = "DE"', 'country = "AT"'))
    ran = mira.program("client", "check", "acme", "--vies", cwd=mira.top)
    assert ran.returncode == 1
    assert "VIES does not know ATU13585627" in ran.stderr
    assert mira.program("client", "check", "nobody", cwd=mira.top).returncode == 2


def test_init_says_what_documents_are_worth(git_bill: Callable[..., Ran], clone: Path) -> None:
    ran = git_bill("init", "--yes", "--here", "--country", "ES", "--client", "Acme SL", cwd=clone)
    assert ran.returncode == 0
    assert "from 2027-07-01 on this document must not be used as an invoice" in ran.stderr


def test_check_says_once_what_documents_are_worth_while_there_is_no_draft(
    git_bill: Callable[..., Ran], clone: Path
) -> None:
    words = ("--country", "HU", "--client", "Acme Kft", "--client-country", "HU", "--rate", "90.00 EUR")
    assert git_bill("init", "--yes", "--here", *words, cwd=clone).returncode == 0
    ran = git_bill("check", cwd=clone)
    assert (ran.returncode, ran.stdout.strip()) == (0, "All is well, 1 note.")
    assert ran.stderr.count("Online Számla") == 1
    assert "info: in HU this document is the invoice only once it went through the network" in ran.stderr


def test_init_takes_the_state_and_asks_for_it_where_taxes_depend_on_it(
    git_bill: Callable[..., Ran], clone: Path
) -> None:
    words = ("--country", "IN", "--client", "Acme", "--client-country", "IN", "--client-region", "MH")
    ran = git_bill("init", "--yes", "--here", *words, cwd=clone)
    assert "in IN taxes depend on your state or province, and it is not said" in ran.stderr
    again = git_bill("init", "--yes", "--here", "--region", "KA", cwd=clone)
    assert "region" not in again.stderr
    assert 'region = "KA"' in (clone / "billing/billing.toml").read_text()
    assert 'region = "MH"' in (clone / "billing/clients/acme.toml").read_text()


def test_a_draft_over_a_change_of_the_rate_has_both(git_bill: Callable[..., Ran], clone: Path) -> None:
    """Germany, 1 July 2020: June at 19 %, July's fee in advance at 16 % (UStG § 27(1))."""
    july = {"GIT_BILL_NOW": "2020-07-01T08:00:00Z"}

    def bill(*words: str) -> Ran:
        ran = git_bill(*words, cwd=clone, env=july)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran

    client = ("--client", "Acme GmbH", "--client-country", "DE", "--rate", "95.00 EUR", "--since", "2020-06-01")
    bill("init", "--yes", "--here", "--country", "DE", "--vat-id", "DE136695976", *client)
    acme = clone / "billing/clients/acme.toml"
    fee = '[[contracts.fees]]\nid = "care"\nname = "Care"\namount = "100.00 EUR"\nfrom = 2020-07-01\n'
    acme.write_text(acme.read_text() + fee)
    bill("add", "2h", "Checkout", "--on", "2020-06-10", "--id", "W-checkout2222")
    bill("confirm", "--yes", "--period", "2020-06")
    told = bill("draft", "--period", "2020-06").stdout
    assert [line.split() for line in told.splitlines() if "VAT" in line] == [
        ["VAT", "19", "%", "36.10", "EUR"],
        ["VAT", "16", "%", "16.00", "EUR"],
    ]


@pytest.mark.slow
def test_the_day_of_issue_decides_whether_a_document_may_be_used(git_bill: Callable[..., Ran], clone: Path) -> None:
    """Spain, 1 July 2027: a draft of June is refused on 2 July, and issued where the person says why."""
    july = {"GIT_BILL_NOW": "2027-07-02T09:00:00Z"}

    def bill(*words: str, code: int = 0) -> Ran:
        ran = git_bill(*words, cwd=clone, env=july)
        assert ran.returncode == code, ran.stdout + ran.stderr
        return ran

    issuer = ("--country", "ES", "--vat-id", "ES54362315K", "--street", "Calle 1", "--city", "Madrid")
    client = (
        "--client",
        "Acme SL",
        "--client-country",
        "ES",
        "--client-vat-id",
        "ESB58378431",
        "--client-street",
        "Calle 2",
        "--client-city",
        "Madrid",
    )
    bill("init", "--yes", "--here", *issuer, "--iban", "ES9121000418450200051332", *client, "--rate", "95.00 EUR")
    bill("add", "3h", "Checkout", "--on", "2027-06-10", "--id", "W-checkout2222")
    bill("confirm", "--yes", "--period", "2027-06")
    bill("draft", "--period", "2027-06")
    refused = bill("issue", "acme-2027-06", "--yes", code=1)
    assert "must not be used as an invoice" in refused.stderr
    settings = clone / "billing/billing.toml"
    said = '[issuer.tax]\ndocument = "the same is kept with a certified program"\n\n[issuer.bank]'
    settings.write_text(settings.read_text().replace("[issuer.bank]", said))
    bill("draft", "--period", "2027-06")
    bill("issue", "acme-2027-06", "--yes")
