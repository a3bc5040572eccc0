"""pikepdf makes an invoice that people and programs read: a Factur-X (ZUGFeRD) PDF/A-3 with its XML inside.

Factur-X 1.0.7 / ZUGFeRD 2.3, chapter 6: the file's name, its relationship, and the XMP that declares both.
"""

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from git_bill.press import FacturXLevel
from git_bill.problem import Exit, stop

if TYPE_CHECKING:
    from lxml.etree import _Element
    from pikepdf import Pdf

NAME = "factur-x.xml"
# Of these two the XML is no whole invoice: it only belongs to the one on paper.
_NO_INVOICE = frozenset({"MINIMUM", "BASIC WL"})
_FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_PROPERTIES = {
    "DocumentFileName": "name of the embedded XML invoice file",
    "DocumentType": "INVOICE",
    "Version": "version of the XML schema of the embedded file",
    "ConformanceLevel": "conformance level of the embedded file",
}


class Hybrid:
    """Puts an invoice's XML into its PDF."""

    def combine(self, pdf: bytes, xml: bytes, *, level: FacturXLevel, at: datetime) -> bytes:
        """The PDF/A-3 with the XML attached and declared; everything else in it stays. Equal input, equal bytes.

        `at`: the attachment's date, with its offset. Raises `Stop` if the PDF can't be read, is no PDF/A-3, or has
        such a file already.
        """
        import pikepdf

        try:
            document = pikepdf.open(io.BytesIO(pdf))
        except pikepdf.PdfError as error:
            raise stop(Exit.PROBLEMS, "unreadable-pdf", f"the file can't be read as a PDF: {error}") from error
        with document:
            if NAME in document.attachments or "/Metadata" not in document.Root:
                raise stop(Exit.PROBLEMS, "no-hybrid", f"the PDF is no PDF/A-3, or has a {NAME} already")
            _attach(document, xml, level, at.astimezone(UTC))
            declared = _declared(document.Root.Metadata.read_bytes(), level)
            document.Root.Metadata.write(declared)  # plain: PDF/A readers that don't parse PDF find it, too
            made = io.BytesIO()
            document.save(made, deterministic_id=True)
        return made.getvalue()


def _attach(document: "Pdf", xml: bytes, level: FacturXLevel, at: datetime) -> None:
    """The file in the names that readers list, and associated with the whole document (ISO 32000-2, 14.13)."""
    import pikepdf

    spec = pikepdf.AttachedFileSpec(
        document,
        xml,
        filename=NAME,
        description="The invoice as data (Factur-X)",
        mime_type="text/xml",
        creation_date="",
        mod_date=f"D:{at:%Y%m%d%H%M%S}Z",
    )
    spec.relationship = pikepdf.Name.Data if level in _NO_INVOICE else pikepdf.Name.Alternative
    document.attachments[NAME] = spec
    associated = document.Root.get("/AF")
    if associated is None:
        associated = document.Root["/AF"] = pikepdf.Array()
    if not any(each.objgen == spec.obj.objgen for each in associated):
        associated.append(spec.obj)


def _declared(metadata: bytes, level: FacturXLevel) -> bytes:
    """The XMP with Factur-X's four properties, and their description in the bag of extension schemas that is there."""
    from lxml import etree

    packet = etree.fromstring(metadata, etree.XMLParser(resolve_entities=False, no_network=True))
    rdf = packet if packet.tag == f"{{{_RDF}}}RDF" else packet.find(f".//{{{_RDF}}}RDF")
    if rdf is None:
        raise stop(Exit.PROBLEMS, "no-hybrid", "the PDF has no metadata of PDF/A")
    values = {"DocumentType": "INVOICE", "DocumentFileName": NAME, "Version": "1.0", "ConformanceLevel": level}
    described = _child(rdf, _RDF, "Description", {"fx": _FX})
    described.set(f"{{{_RDF}}}about", "")
    for key, value in values.items():
        _child(described, _FX, key).text = value
    bag = rdf.find(f".//{{{_EXTENSION}}}schemas/{{{_RDF}}}Bag")
    if bag is None:  # a second bag would make the file invalid, so it is made only where there is none
        owner = _child(rdf, _RDF, "Description", {"pdfaExtension": _EXTENSION})
        owner.set(f"{{{_RDF}}}about", "")
        bag = _child(_child(owner, _EXTENSION, "schemas"), _RDF, "Bag")
    _describe(bag)
    head, tail = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>', b'<?xpacket end="r"?>'
    return head + bytes(etree.tostring(packet, encoding="utf-8")) + tail


def _describe(bag: "_Element") -> None:
    """The extension schema: PDF/A allows no property that it does not know (ISO 19005-3, 6.6.2.3)."""
    schema_space, property_space = (f"http://www.aiim.org/pdfa/ns/{name}#" for name in ("schema", "property"))
    schema = _item(bag, {"pdfaSchema": schema_space, "pdfaProperty": property_space})
    for key, text in (("schema", "Factur-X PDFA Extension Schema"), ("namespaceURI", _FX), ("prefix", "fx")):
        _child(schema, schema_space, key).text = text
    properties = _child(_child(schema, schema_space, "property"), _RDF, "Seq")
    for property_name, description in _PROPERTIES.items():
        item = _item(properties, {})
        for key, text in (
            ("name", property_name),
            ("valueType", "Text"),
            ("category", "external"),
            ("description", description),
        ):
            _child(item, property_space, key).text = text


def _child(parent: "_Element", space: str, name: str, spaces: dict[str, Any] | None = None) -> "_Element":
    from lxml import etree

    return etree.SubElement(parent, f"{{{space}}}{name}", nsmap=spaces)


def _item(parent: "_Element", spaces: dict[str, Any]) -> "_Element":
    item = _child(parent, _RDF, "li", spaces)
    item.set(f"{{{_RDF}}}parseType", "Resource")
    return item
