"""One reason for each VAT group: EN 16931 BG-23, BT-120, BT-121."""

from dataclasses import replace

from git_bill.contract.tax.case import Tax
from git_bill.contract.tax.reason import of_group

FRANCHISE = Tax(category="E", reason_code="VATEX-FR-FRANCHISE", note="TVA non applicable, art. 293 B du CGI")
PASSED = Tax(category="E", reason_code="VATEX-EU-79-C", note="Débours")


def test_two_reasons_are_one_text_and_no_code() -> None:
    found = of_group([FRANCHISE, PASSED, FRANCHISE])
    assert (found.reason_code, found.note) == (None, "TVA non applicable, art. 293 B du CGI; Débours")


def test_one_reason_keeps_its_code() -> None:
    assert of_group([FRANCHISE, FRANCHISE]) == FRANCHISE


def test_a_code_that_only_one_of_them_has_is_not_the_groups() -> None:
    bare = replace(PASSED, reason_code=None)
    assert of_group([FRANCHISE, bare]).reason_code is None


def test_taxed_groups_have_no_reason() -> None:
    taxed = Tax(category="S")
    assert of_group([taxed]) == taxed
