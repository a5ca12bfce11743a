"""Files made to harm who reads them."""

from __future__ import annotations

import io
import zipfile
import zlib

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 10))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def zipped(parts: dict[str, bytes], stored: tuple[str, ...] = ()) -> bytes:
    """An archive of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return target.getvalue()


def docx(body: str, head: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """A .docx with this body."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document {W}><w:body>{body}</w:body></w:document>'
    )
    parts = {
        "[Content_Types].xml": TYPES.encode(),
        "_rels/.rels": RELATIONS.encode(),
        "word/document.xml": document.encode(),
    }
    return zipped({**parts, **(more or {})})


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of a .docx."""
    return f'<w:p><w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def odt(body: str, head: str = "") -> bytes:
    """An .odt with this body."""
    content = f'<?xml version="1.0" encoding="UTF-8"?>{head}<office:document-content {ODF}><office:body><office:text>{body}</office:text></office:body></office:document-content>'
    parts = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()}
    return zipped(parts, stored=("mimetype",))


def pdf(pages: int, *contents: bytes, packed: bool = False) -> bytes:
    """A PDF with these contents of its pages in turn."""
    given = contents or (b"BT /F1 12 Tf 72 720 Td (Anna Wu: Yes.) Tj ET",)
    streams = [zlib.compress(content, 9) if packed else content for content in given]
    filters = b"/Filter /FlateDecode " if packed else b""
    first = 4 + len(streams)
    kids = b" ".join(b"%d 0 R" % (n + first) for n in range(pages))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(
            b"<< %s/Length %d >>\nstream\n%s\nendstream" % (filters, len(stream), stream)
            for stream in streams
        ),
        *(page % (4 + n % len(streams)) for n in range(pages)),
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, table, len(objects) + 1, len(out))
    )


FILES = {
    "bomb.docx": lambda: docx("", more={"word/styles.xml": b"<a>" + b" " * 80_000_000 + b"</a>"}),
    "many.docx": lambda: docx("", more={f"word/x{n}.xml": b"" for n in range(6_000)}),
    "laughs.docx": lambda: docx(paragraph("&lol9;"), LAUGHS),
    "outside.docx": lambda: docx(paragraph("&x;"), OUTSIDE),
    "nested.docx": lambda: docx(
        "<w:tbl><w:tr><w:tc>" * 3_000 + paragraph("deep") + "</w:tc></w:tr></w:tbl>" * 3_000
    ),
    "cut.docx": lambda: docx(paragraph("Anna Wu: Yes."))[:-100],
    "laughs.odt": lambda: odt("<text:p>&lol9;</text:p>", LAUGHS),
    "outside.odt": lambda: odt("<text:p>&x;</text:p>", OUTSIDE),
    "nested.odt": lambda: odt(
        "<text:section>" * 20_000 + "<text:p>deep</text:p>" + "</text:section>" * 20_000
    ),
    "pages.pdf": lambda: pdf(10_000),
    "bomb.pdf": lambda: pdf(1, b"BT (x) Tj ET " + b" " * 300_000_000, packed=True),
    "words.pdf": lambda: pdf(
        40, b"BT /F1 12 Tf " + b"(Anna Wu says yes and no) Tj T* " * 40_000 + b"ET", packed=True
    ),
    "broken.pdf": lambda: b"%PDF-1.7\n" + b"1 0 obj <<" * 1_000,
    "deep.rtf": lambda: b"{\\rtf1 " + b"{" * 1_000_000,
    "fields.rtf": lambda: b"{\\rtf1 " + b"{\\field{\\*\\fldinst{HYPERLINK " * 20_000,
    "parts.eml": lambda: (
        b"From: a@b.example\r\nSubject: x\r\nDate: now\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
        + b"--a\r\nContent-Type: text/plain\r\n\r\nhi\r\n" * 20_000
    ),
    "nested.eml": lambda: (
        b"From: a@b.example\r\nSubject: x\r\nDate: now\r\nContent-Type: message/rfc822\r\n\r\n"
        + b"Content-Type: message/rfc822\r\n\r\n" * 20_000
    ),
    "endless.srt": lambda: b"".join(b"%d\n00:00:01,000 --> 00:00:02,000\nx\n\n" % n for n in range(100_000)),
    "million.vtt": lambda: b"WEBVTT\n\n" + b"00:01.0-->00:02.0\nx\n" * 190_000,
    "nested.json": lambda: b"[" * 2_000_000,
    "objects.json": lambda: b'{"a":' * 500_000 + b"1" + b"}" * 500_000,
    "brackets.md": lambda: b"[" * 200_000,
    "links.md": lambda: b"[a](" * 50_000,
    "tags.html": lambda: b"<html><b><i><p>" * 40_000,
    "lines.txt": lambda: b"A: x\n" * 400_000,
}
