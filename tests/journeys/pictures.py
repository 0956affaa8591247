"""Pictures for the manual, with few colours so that a repository can carry them. An ordinary run takes none."""

import base64
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "brug" / "billeder"
LARGEST = 150_000  # bytes
PIXELS = """async (png) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const paper = canvas.getContext("2d");
  paper.drawImage(image, 0, 0);
  const data = paper.getImageData(0, 0, image.width, image.height).data;
  let text = "";
  for (let at = 0; at < data.length; at += 30000) text += String.fromCharCode(...data.subarray(at, at + 30000));
  return [image.width, image.height, btoa(text)];
}"""


@dataclass
class Album:
    """`wanted` is false in an ordinary run."""

    wanted: bool
    desk: Any = None  # an empty page, where the browser unpacks its own pictures for us

    def take(self, page: Page, name: str, part: str = "", *, tall: int = 0) -> None:
        """What is on the screen, or one part of it; `tall` for more of the page than the screen shows."""
        if not self.wanted:
            return
        size = page.viewport_size or {"width": 1280, "height": 900}
        page.evaluate("document.activeElement && document.activeElement.blur()")
        if part:
            png = page.locator(part).first.screenshot(animations="disabled")
        else:
            page.set_viewport_size({"width": size["width"], "height": tall or size["height"]})
            page.evaluate("scrollTo(0, 0)")
            png = page.screenshot(animations="disabled")
            page.set_viewport_size(size)
        small = fewer_colours(png, self.desk or self._unfold(page))
        assert len(small) < LARGEST, f"{name}: {len(small)} bytes"
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{name}-{size['width']}.png").write_bytes(small)

    def _unfold(self, page: Page) -> Any:
        assert page.context.browser
        self.desk = page.context.browser.new_page()
        return self.desk


def fewer_colours(png: bytes, desk: Page) -> bytes:
    """The same picture in the 256 colours it uses most, each of the others as the nearest of them."""
    width, height, text = desk.evaluate(PIXELS, base64.b64encode(png).decode())
    pixels = numpy.frombuffer(base64.b64decode(text), dtype=numpy.uint8).reshape(-1, 4)[:, :3].astype(numpy.int32)
    codes = (pixels[:, 0] << 16) | (pixels[:, 1] << 8) | pixels[:, 2]
    colours, place, times = numpy.unique(codes, return_inverse=True, return_counts=True)
    split = numpy.stack([colours >> 16, (colours >> 8) & 255, colours & 255], axis=1)
    kept = split[numpy.argsort(-times)[:256]]
    nearest = numpy.array([((kept - each) ** 2).sum(axis=1).argmin() for each in split], dtype=numpy.uint8)
    rows = nearest[place].reshape(height, width)
    lines = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    palette = kept.astype(numpy.uint8).tobytes()
    parts = (("IHDR", head), ("PLTE", palette), ("IDAT", zlib.compress(lines, 9)), ("IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in parts)


def _chunk(kind: str, content: bytes) -> bytes:
    body = kind.encode() + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
