"""A figure as PNG, for a document that takes no SVG. The letters are the package's own: the machine's fonts are not asked."""

from __future__ import annotations

from pathlib import Path

FONTS = Path(__file__).with_name("fonts")
FAMILY = "Snerydder Sans"
ZOOM = 1.5  # 760 points become 1,140 pixels, sharp across a page of A4


def png(svg: str) -> bytes:
    import resvg_py  # here, because a run of `study check` draws nothing

    return resvg_py.svg_to_bytes(
        svg_string=svg,
        background="#ffffff",
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=[str(file) for file in sorted(FONTS.glob("*.ttf"))],
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )
