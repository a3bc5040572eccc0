"""When the exemption of small businesses ends within a year: the invoice that crosses the limit is taxable itself.

DE UStG § 19(1) since 2025: above 100,000 EUR in the current year the exemption ends with the turnover that crosses it.
Alike: AT UStG 1994 § 6(1) Z 27 (60,500), IT L. 190/2014 art. 1(71) (100,000), PT CIVA art. 58 (18,750), NL Wet OB
art. 25 (20,000), PL ustawa o VAT art. 113(5) (240,000 PLN).
"""

from git_bill.contract.tax.table import SmallBusiness
from git_bill.money import Money


def is_exempt(scheme: SmallBusiness, before: Money, invoice: Money) -> bool:
    """Whether an invoice is still exempt. `before`: the year's turnover until it; both net, in the limit's currency.

    Of 99,000 EUR and then 2,000 the second is taxable in Germany. Raises ValueError at another currency.
    """
    return scheme.limit is None or before + invoice <= scheme.limit
