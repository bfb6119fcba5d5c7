"""The census as an XML schema (XSD), made from the declaration of its elements.

It states the tree, the order, what must be given and the type of each value. It is ours: the
department publishes its own each year, and a census that keeps this one may still break a rule.
"""

import re
from functools import cache

from lxml import etree

from harbourlight.returns.cin.elements import MESSAGE, Field, Group, Holds
from harbourlight.standards import code_sets

_XS = "http://www.w3.org/2001/XMLSchema"

_TYPES = {
    Holds.TEXT: "text",
    Holds.CODE: "text",
    Holds.DATE: "day",
    Holds.INSTANT: "xs:dateTime",
    Holds.FLAG: "flag",
    Holds.NUMBER: "xs:nonNegativeInteger",
    Holds.YEAR: "year",
}

_DAY = r"\d{4}-\d{2}-\d{2}"
_FLAG = "0|1|true|false"
_PATTERNS = {
    "Collection": "CIN",
    "SourceLevel": "L",
    "LEA": r"\d{3}",
    "SerialNo": r"\d{3,}",
    "UPN": r"[A-Za-z]\d{11}[A-Za-z\d]",
    "FormerUPN": r"[A-Za-z]\d{11}[A-Za-z\d]",
}
"""How the text of an element is written, where its type does not say (`cin_fields.csv`)."""


@cache
def schema(year: int) -> etree.XMLSchema:
    """The schema of a year's census, to check a document or its tree with."""
    return etree.XMLSchema(etree.fromstring(written(year)))


def is_allowed(field: Field, text: str) -> bool:
    """Whether an element of text or of a code may say this. Other kinds have their own spelling."""
    if _NOT_OF_XML.search(text):
        return False
    if field.code_set:
        return text in code_sets.codes(field.code_set)
    pattern = _PATTERNS.get(field.name)
    return pattern is None or re.fullmatch(pattern, text, re.ASCII) is not None


_NOT_OF_XML = re.compile(r"[^\t\n\r -\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What no XML file may hold, however it is escaped."""


def written(year: int) -> bytes:
    """The schema of the census that ends in March of `year`, as an XSD file."""
    root = etree.Element(f"{{{_XS}}}schema", nsmap={"xs": _XS})
    note = etree.SubElement(_child(root, "annotation"), f"{{{_XS}}}documentation")
    note.text = f"Children in need census {year - 1}/{year % 100:02}, as Harbourlight reads it."
    _restricted(root, "xs:token", "pattern", r"\S(.*\S)?", name="text")
    _restricted(root, "xs:date", "pattern", _DAY, name="day")
    _restricted(root, "xs:boolean", "pattern", _FLAG, name="flag")
    _restricted(root, "xs:gYear", "pattern", r"\d{4}", name="year")
    _declare(root, MESSAGE, year)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _child(above: etree._Element, name: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(above, f"{{{_XS}}}{name}", attributes)


def _restricted(
    above: etree._Element, base: str, facet: str, *values: str, **attributes: str
) -> None:
    restriction = _child(_child(above, "simpleType", **attributes), "restriction", base=base)
    for value in values:
        _child(restriction, facet, value=value)


def _declare(above: etree._Element, element: Field | Group, year: int) -> None:
    """An element and what it holds. The root stands once, and the schema says so of itself."""
    how = {"name": element.name}
    if element is not MESSAGE:
        how["minOccurs"] = "1" if element.needed else "0"
        how["maxOccurs"] = "unbounded" if element.many else "1"
    if isinstance(element, Group):
        inner = _child(_child(_child(above, "element", **how), "complexType"), "sequence")
        for member in element.members:
            if member.is_in(year):
                _declare(inner, member, year)
    elif element.code_set:
        codes = sorted(code_sets.codes(element.code_set))
        _restricted(_child(above, "element", **how), "text", "enumeration", *codes)
    elif pattern := _PATTERNS.get(element.name):
        _restricted(_child(above, "element", **how), "text", "pattern", pattern)
    else:
        _child(above, "element", **how, type=_TYPES[element.holds])
