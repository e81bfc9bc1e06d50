"""Workbooks written part by part: what no library would write."""

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def make_book(
    *sheets: str,
    names: tuple[str, ...] = (),
    states: tuple[str, ...] = (),
    styles: str = "",
    texts: str = "",
    properties: str = "",
    active: int = 0,
    main: str = MAIN,
    relations: str = RELATIONS,
    targets: tuple[str, ...] = (),
    more: dict[str, str] | None = None,
) -> bytes:
    """A workbook of sheets, each given as what stands in its `worksheet`; the parts are spelled out."""
    listed = pointed = ""
    count = max(len(sheets), len(targets))
    for number in range(1, count + 1):
        name = names[number - 1] if number <= len(names) else f"Sheet{number}"
        state = f' state="{states[number - 1]}"' if number <= len(states) and states[number - 1] else ""
        listed += f'<sheet name="{name}" sheetId="{number}"{state} r:id="rId{number}"/>'
        target = targets[number - 1] if targets else f"worksheets/sheet{number}.xml"
        pointed += f'<Relationship Id="rId{number}" Type="{relations}/worksheet" Target="{target}"/>'
    if styles:
        pointed += f'<Relationship Id="rId9001" Type="{relations}/styles" Target="styles.xml"/>'
    if texts:
        pointed += f'<Relationship Id="rId9002" Type="{relations}/sharedStrings" Target="sharedStrings.xml"/>'
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{relations}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}">{properties}'
        f'<bookViews><workbookView activeTab="{active}"/></bookViews><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{pointed}</Relationships>',
    }
    for number, content in enumerate(sheets, start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{main}">{content}</worksheet>'
    if styles:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{main}">{styles}</styleSheet>'
    if texts:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{texts}</sst>'
    return packed(parts | (more or {}))


def packed(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def rows_of(*rows: str) -> str:
    return "<sheetData>" + "".join(rows) + "</sheetData>"


def text_cell(place: str, text: str, more: str = "") -> str:
    return f'<c r="{place}" t="inlineStr"{more}><is><t xml:space="preserve">{text}</t></is></c>'


def styles_of(*codes: str) -> str:
    """Styles 1, 2 … with these number formats; style 0 has none."""
    formats = "".join(
        f'<numFmt numFmtId="{165 + index}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for index, code in enumerate(codes)
    )
    xfs = "".join(f'<xf numFmtId="{165 + index}"/>' for index in range(len(codes)))
    return f'<numFmts>{formats}</numFmts><cellXfs><xf numFmtId="0"/>{xfs}</cellXfs>'
