"""Small files that hang on the demo's messages: a bill, a filled-in form, a photograph."""

from collections.abc import Sequence
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from careloop.processes.demo.mails import Hanging

__all__ = ["paper"]


def paper(kind: str, *, name: str, lines: Sequence[str], rng: Random) -> Hanging:
    """Make a file.

    kind: "photo" for a picture of a broken screen; "bill" or "form" for a page with `lines` of Latin letters on it.
    name: of the file, without its ending.
    """
    if kind == "photo":
        return Hanging(name=f"{name}.jpg", content_type="image/jpeg", content=_photo(rng))
    return Hanging(name=f"{name}.pdf", content_type="application/pdf", content=_page(lines))


def _photo(rng: Random) -> bytes:
    picture = Image.new("RGB", (480, 640), (rng.randint(20, 60), rng.randint(30, 70), rng.randint(50, 90)))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 40, 420, 600), fill=(24, 26, 32), outline=(150, 154, 160), width=5)
    center = (rng.randint(140, 340), rng.randint(140, 460))
    for _crack in range(14):
        end = (rng.randint(64, 416), rng.randint(44, 596))
        middle = ((center[0] + end[0]) // 2 + rng.randint(-24, 24), (center[1] + end[1]) // 2 + rng.randint(-24, 24))
        draw.line((center, middle, end), fill=(206, 212, 220), width=rng.randint(1, 3))
    written = BytesIO()
    picture.save(written, "JPEG", quality=60)
    return written.getvalue()


def _page(lines: Sequence[str]) -> bytes:
    shown = " ".join(f"({line.translate({40: None, 41: None, 92: None})}) '" for line in lines)
    content = f"BT /F1 12 Tf 16 TL 72 780 Td {shown} ET".encode("latin-1", "replace")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 %b >> >> >>"
        % font,
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n" + table + end
