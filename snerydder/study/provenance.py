"""What the report was made of: the hash of every file that went in, and the version that read them."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any

from snerydder.registers import codes, compact
from snerydder.registers.reading import Reading
from snerydder.study.protocol import Protocol


def fingerprint(file: Path) -> str:
    """Of a compact register its manifest's, which holds the hash of every array."""
    file = file / compact.MANIFEST if file.is_dir() else file
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def trace(protocol: Protocol, reading: Reading) -> dict[str, Any]:
    """No clock and no path of the machine: the same input gives the same bytes."""
    named = {protocol.file.name: protocol.file} | {name: protocol.file.parent / name for name in protocol.files}
    if not protocol.register["codes"]:
        named["codes.csv (medfølgende)"] = codes.SHIPPED[protocol.register["scheme"]]
    return {
        "version": version(),
        "seed": protocol.seed,
        "files": {name: fingerprint(file) for name, file in named.items()},
        "register": {
            "rows": reading.rows_in_file, "first": reading.first_week, "last": reading.last_week, "absent": list(reading.absent_weeks),
            "unfirm": [f"{reading.scheme.upper()} {one.code} ({one.why}, {one.cells})" for one in reading.unfirm], "code_weeks": reading.code_cells,
        },
        "libraries": {name: metadata.version(name) for name in ("numpy", "scipy", "polars")},
    }  # fmt: skip


def version() -> str:
    """The installed package's, or the clone's own."""
    try:
        return metadata.version("snerydder")
    except metadata.PackageNotFoundError:
        import tomllib

        file = Path(__file__).parents[2] / "pyproject.toml"
        return str(tomllib.loads(file.read_text(encoding="utf-8"))["project"]["version"]) if file.is_file() else "?"
