"""Real statements with their published expectations; some are broken on purpose."""

import ast
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.receivable.feeds.bank import headings

from git_bill.receivable.account import Statement
from git_bill.receivable.feeds.detect import read
from git_bill.receivable.feeds.mapping import Account

DATA = Path(__file__).parents[4] / "shared" / "data" / "bank_statements"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real statements are not at ../shared/data")
HEADINGS = headings()
DOLLARS = Account(account="US-1", currency="USD")


def statements(path: Path, *own: Account) -> tuple[Statement, ...]:
    """All statements of a file, which has no errors."""
    found = read(path.read_bytes(), path.name, own=own, headings=HEADINGS)
    assert found.value is not None, found.problems
    return found.value


def files(folder: str, pattern: str = "*") -> list[Path]:
    """Real files, none where they are absent."""
    return sorted(DATA.joinpath(folder).rglob(pattern))


@pytest.mark.parametrize("path", files("camt", "test-camt*"), ids=lambda path: path.name)
def test_camt_is_read_as_published(path: Path) -> None:
    golden = path.with_name(path.name.replace("test-", "golden-") + ".pydata").read_text(encoding="utf-8")
    currency, account, expected = ast.literal_eval(golden)
    found = statements(path)
    entries = [each for statement in found for each in statement.remittances]
    told = [row for each in expected for row in each["transactions"]]
    assert [float(each.amount.amount) for each in entries] == [row["amount"] for row in told]
    assert [each.booked.isoformat() for each in entries] == [row["date"] for row in told]
    assert [each.payer for each in entries] == [row["partner_name"] for row in told]
    assert [each.payer_account for each in entries] == [row["account_number"] for row in told]
    assert [each.reference or each.end_to_end or each.bank_reference for each in entries] == [r["ref"] for r in told]
    for statement, row in zip(found, expected, strict=False):
        assert (statement.account, statement.currency, statement.number) == (account, currency, row["name"])
        if row["balance_start"]:
            assert statement.opening is not None
            assert statement.closing is not None
            assert float(statement.opening.amount) == row["balance_start"]
            assert float(statement.closing.amount) == row["balance_end_real"]


def pickled_day(node: Any) -> date:
    """A date as the expectations hold it: four bytes."""
    raw = yaml_scalar(node.value[0])
    return date(raw[0] * 256 + raw[1], raw[2], raw[3])


def yaml_scalar(node: Any) -> bytes:
    """What `!!binary` holds."""
    import base64

    return base64.b64decode(node.value)


def members(node: Any) -> Mapping[str, Any]:
    """The keys of a mapping node."""
    return {key.value: value for key, value in node.value}


def expected_entries(path: Path) -> list[Mapping[str, Any]]:
    """Nodes of the expected transactions' data, by key; Python objects in the file are never made."""
    yaml = pytest.importorskip("yaml")
    root = members(yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader))
    return [members(members(each)["data"]) for each in root["transactions"].value]


@pytest.mark.parametrize("path", files("mt940", "*.sta"), ids=lambda path: path.name)
def test_mt940_is_read_as_published(path: Path) -> None:
    told = expected_entries(path.with_suffix(".yml"))
    found = statements(path, Account(account="DE-1", currency="EUR"))
    entries = [each for statement in found for each in statement.remittances]
    amounts = [Decimal(members(row["amount"])["amount"].value[0].value) for row in told]
    assert [abs(each.amount.amount) for each in entries] == [abs(each) for each in amounts]
    reversed_ones = {"RC", "RD"}  # the published library reads their signs the other way round
    for entry, row, amount in zip(entries, told, amounts, strict=True):
        if row["status"].value not in reversed_ones:
            assert entry.amount.amount == amount
        assert entry.value_date == pickled_day(row["date"])
        if row["bank_reference"].value not in {"", "null", "NONREF"}:
            assert entry.bank_reference == row["bank_reference"].value.strip()
    assert path.stem not in WHOLE or not any(each.difference for each in found)


WHOLE = {"sepa_mt9401", "generic", "with_binary_character", "rabobank-iban", "sns", "171011_01234945"}


def test_mt940_reads_reversals_so_that_the_balances_meet() -> None:
    first = statements(DATA / "mt940" / "betterplace" / "sepa_mt9401.sta")[0]
    reversal = next(each for each in first.remittances if each.amount.amount == Decimal("-204.88"))
    assert reversal.kind == "chargeback"
    assert first.difference is not None
    assert not first.difference


OFX = {
    "example-listing1.xml": ("-98.91", "308.86"),
    "example-listing2.xml": ("-98.91", "308.86"),
    "ofx-2.1.1-sect-13.12.ofx": ("1000.00",),
    "ofx-2.1.1-sect-13.13.ofx": (),
    "ofx-2.1.1-sect-16.5.3.2.ofx": ("-80.00", "-23.00", "350.00"),
    "ofx_spec160_stmtrs_example.sgml": ("-200.00", "-300.00"),
    "ofx_spec201_stmtrs_example.xml": ("-200.00", "-300.00"),
    "another-example.xml": (),
}
BROKEN = ("downcast.ofx", "failing-ofx-file1.xml", "failing-ofx-file2.xml", "heap-buffer-overflow-1.ofx",
          "heap-buffer-overflow-2.ofx", "null-ptr-deref-1.ofx", "null-ptr-deref-2.ofx", "use-after-free.ofx",
          "ofx-2.1.1-sect-8.5.5.ofx")  # fmt: skip


@pytest.mark.parametrize("name", OFX)
def test_ofx_of_the_specification(name: str) -> None:
    found = statements(DATA / "ofx" / name)
    amounts = [str(each.amount.amount) for statement in found for each in statement.remittances]
    assert tuple(amounts) == OFX[name]


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_crashed_other_readers_is_one_clean_problem(name: str) -> None:
    found = read(DATA.joinpath("ofx", name).read_bytes(), name, headings=HEADINGS)
    assert found.value is None
    (problem,) = found.problems
    assert problem.file == name
    assert problem.hint


QIF = {"abc.qif": 7, "abc-all.qif": 10, "bogus.qif": 8, "cbb-export.qif": 9, "ms-money.qif": 345, "web.qif": 7}


@pytest.mark.parametrize("name", QIF)
def test_qif_registers(name: str) -> None:
    (found,) = statements(DATA / "qif" / name, DOLLARS)
    assert found.entries == QIF[name]


@pytest.mark.parametrize("name", ["every.qif", "quicktest.qif", "swipe.qif"])
def test_qif_without_a_register_of_an_account(name: str) -> None:
    found = read(DATA.joinpath("qif", name).read_bytes(), name, own=[DOLLARS])
    assert found.value is None
    assert [each.rule for each in found.problems] == ["not-a-statement"]


def test_csv_with_lines_above_the_headings() -> None:
    (found,) = statements(DATA / "csv" / "SampleBankAccount.csv", DOLLARS)
    assert [str(each.amount) for each in found.remittances] == [
        "-18.75 USD",
        "-819.48 USD",
        "-17.04 USD",
        "-10.00 USD",
    ]
    assert str(found.closing) == "56.22 USD"
    assert found.remittances[0].booked == date(2009, 11, 4)


def test_csv_of_a_spanish_norm_43() -> None:
    (found,) = statements(DATA / "csv" / "csb43.csv")
    assert [str(each.amount) for each in found.remittances] == ["1500.00 EUR", "-500.00 EUR"]
    assert found.account == "1234567890"
