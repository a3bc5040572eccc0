"""The invoice that crosses the limit of a small business."""

import pytest

from git_bill.adapters.tables import vat_table
from git_bill.contract.tax.limit import is_exempt
from git_bill.money import Money


@pytest.mark.parametrize(
    ("country", "before", "invoice", "exempt"),
    [
        ("DE", "99000.00 EUR", "2000.00 EUR", False),
        ("DE", "98000.00 EUR", "2000.00 EUR", True),
        ("AT", "60000.00 EUR", "500.01 EUR", False),
        ("NL", "19999.00 EUR", "1.00 EUR", True),
        ("PL", "239000.00 PLN", "1000.01 PLN", False),
        ("FR", "41250.00 EUR", "0.01 EUR", False),
        ("RO", "394000.00 RON", "1000.01 RON", False),
        ("SK", "62000.00 EUR", "500.01 EUR", False),
        ("BE", "500000.00 EUR", "1.00 EUR", True),
    ],
)
def test_what_crosses_the_limit_is_taxable_itself(country: str, before: str, invoice: str, exempt: bool) -> None:
    """UStG § 19(1) since 2025: 99,000 and then 2,000. Without a limit in the table, a person watches it."""
    scheme = vat_table().countries[country].small_business
    assert scheme is not None
    assert is_exempt(scheme, Money.parse(before), Money.parse(invoice)) is exempt
