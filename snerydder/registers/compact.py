"""The register as it is worked on: per person run-length spells in plain arrays that the machine maps instead of reading.

A folder `name.compact` holds one .npy file per array (offsets, code, begin, end, keys, and order when the keys are not sorted)
and `manifest.json`: what was read, the weeks and codes, and for every array its rows, bytes, sum and SHA-256. All of Denmark
fits in half a gigabyte. It is made once (`registers.compact_import`) and never changed; `open` refuses it when a byte has.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from snerydder.panel import Spells, Whole
from snerydder.registers import weeks
from snerydder.registers.faults import BadInput

FORM = "snerydder-compact-1"
MANIFEST = "manifest.json"
HEADER = 128  # NumPy's own header for one-dimensional arrays, padded
REMAKE = "Lav den kompakte form igen af registerfilen: python3 manage.py study compact FIL --out MAPPE.compact"


class Keys(Sequence[str]):
    """The persons' keys as an array, read as text only when asked for. `width` is that of number keys with leading zeros."""

    def __init__(self, array: NDArray[Any], width: int = 0, order: Whole | None = None) -> None:
        self.array, self.width, self.order = array, width, order

    def __len__(self) -> int:
        return len(self.array)

    def _text(self, value: Any) -> str:
        return value.decode() if isinstance(value, bytes) else f"{value:0{self.width}d}"

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        return tuple(self._text(value) for value in self.array[place].tolist()) if isinstance(place, slice) else self._text(self.array[place].item())

    def __iter__(self) -> Iterator[str]:
        return (self._text(value) for value in self.array.tolist())

    def find(self, wanted: Sequence[str]) -> NDArray[np.int64]:
        """The row of each wanted person, -1 for a person who is not here."""
        asked, possible = _encode(wanted, self.array.dtype, self.width)
        place = np.minimum(np.searchsorted(self.array, asked, sorter=self.order), len(self.array) - 1)
        rows = place if self.order is None else np.asarray(self.order[place]).astype(np.int64)
        return np.where(possible & (self.array[rows] == asked), rows, -1)


def _encode(wanted: Sequence[str], kind: np.dtype[Any], width: int) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Keys in the file's own form, and whether they can be written in it at all."""
    if kind.kind == "S":
        possible = np.array([len(key.encode()) <= kind.itemsize for key in wanted], dtype=bool)
        return np.array([key.encode() if fits else b"" for key, fits in zip(wanted, possible, strict=True)], dtype=kind), possible
    most = int(np.iinfo(kind).max)
    if width and len(wanted) and set(map(len, wanted)) == {width} and (together := "".join(wanted)).isdecimal() and together.isascii():
        numbers = np.array(wanted).astype(np.int64)  # the usual case, many times faster than key by key
        return np.where(numbers <= most, numbers, 0).astype(kind), numbers <= most
    possible = np.array([key.isdecimal() and key.isascii() and f"{int(key):0{width}d}" == key and int(key) <= most for key in wanted], dtype=bool)
    return np.array([int(key) if fits else 0 for key, fits in zip(wanted, possible, strict=True)], dtype=kind), possible


def as_bytes(keys: Sequence[str] | NDArray[np.bytes_]) -> NDArray[np.bytes_]:
    return keys if isinstance(keys, np.ndarray) else np.array([key.encode() for key in keys], dtype=np.bytes_)


def packed(keys: NDArray[np.bytes_]) -> tuple[NDArray[Any], int]:
    """Numbers where every key is one written in a single way, bytes otherwise."""
    if keys.dtype.itemsize > 18:
        return keys, 0
    letters = keys.view(np.uint8).reshape(len(keys), -1)  # zeros behind a short one
    lengths = np.count_nonzero(letters, axis=1)
    width = int(lengths[0]) if (lengths == lengths[0]).all() else 0
    digits = np.count_nonzero((letters >= ord("0")) & (letters <= ord("9")), axis=1)
    if (digits == lengths).all() and lengths.all() and (width or ((letters[:, 0] != ord("0")) | (lengths == 1)).all()):
        numbers = keys.astype(np.int64)
        return numbers.astype(np.min_scalar_type(int(numbers.max()))), width
    return keys, 0


class Writer:
    """Writes block by block beside the folder asked for, and puts it there when it is whole."""

    def __init__(self, folder: Path, first: int, covered: NDArray[np.bool_], key: str = "", source: dict[str, Any] | None = None) -> None:
        if folder.exists():
            raise BadInput(folder, "Mappen findes allerede.", mend="Slet den, eller vælg et andet navn.")
        self.folder, self.part = folder, folder.with_name(folder.name + ".part")
        self.first, self.covered, self.key, self.source = first, covered, key, source or {}
        self.keys: list[NDArray[np.bytes_]] = []  # millions of them: as text they would take more room than all the rest
        self.lengths: list[NDArray[np.uint16]] = []

    def __enter__(self) -> Writer:
        shutil.rmtree(self.part, ignore_errors=True)
        self.part.mkdir(parents=True)
        self.open = {name: (self.part / f"{name}.npy").open("wb") for name in ("code", "begin", "end")}
        for file in self.open.values():
            file.write(bytes(HEADER))
        return self

    def add(self, keys: Sequence[str] | NDArray[np.bytes_], lengths: Whole, code: Whole, begin: Whole, end: Whole) -> None:
        """A block of persons: how many spells each has, then the spells; `code` is the code's own number, weeks are absolute."""
        self.keys.append(as_bytes(keys))
        self.lengths.append(np.asarray(lengths).astype(np.uint16))
        for name, values in (("code", code), ("begin", begin), ("end", end)):
            self.open[name].write(np.ascontiguousarray(values, dtype=np.uint16).data)

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        for file in self.open.values():
            file.close()
        if kind is None:
            try:
                self._finish()
                os.replace(self.part, self.folder)
            finally:
                shutil.rmtree(self.part, ignore_errors=True)
        else:
            shutil.rmtree(self.part, ignore_errors=True)

    def _finish(self) -> None:
        if not any(map(len, self.keys)):
            raise BadInput(self.folder, "Der er ingen personer.", expected="mindst én person")
        array, width = packed(np.concatenate(self.keys))
        self.keys.clear()
        order = None if (array[1:] > array[:-1]).all() else np.argsort(array, kind="stable").astype(np.min_scalar_type(len(array)))
        ordered = array if order is None else array[order]
        if len(twice := np.flatnonzero(ordered[1:] == ordered[:-1])):
            person = Keys(ordered, width)[int(twice[0])]
            raise BadInput(
                self.folder,
                f"Personen {person} står to gange.",
                expected="én række (eller ét sammenhængende sæt rækker) pr. person",
                mend="Saml personens rækker i registerfilen.",
            )
        lengths = np.concatenate(self.lengths)
        offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
        np.cumsum(lengths, out=offsets[1:])
        np.save(self.part / "offsets.npy", offsets.astype(np.min_scalar_type(int(offsets[-1]))))
        np.save(self.part / "keys.npy", array)
        if order is not None:
            np.save(self.part / "order.npy", order)
        cells, codes = self._recode(int(offsets[-1]))
        files = {file.stem: _about(file) for file in sorted(self.part.glob("*.npy"))}
        manifest: dict[str, Any] = {
            "form": FORM, "source": self.source, "key": self.key, "key_width": width, "persons": len(lengths), "spells": int(offsets[-1]),
            "first_week": weeks.name(self.first), "weeks": len(self.covered), "absent_weeks": [weeks.name(self.first + int(week)) for week in np.flatnonzero(~self.covered)],
            "codes": codes, "weeks_by_code": cells, "files": files,
        }  # fmt: skip
        manifest["digest"] = _digest(manifest)
        (self.part / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def _recode(self, spells: int) -> tuple[dict[str, int], list[str]]:
        """From the codes' own numbers to places in the list of codes, in one byte when it suffices; and the weeks spent in each."""
        for name in ("code", "begin", "end"):
            with (self.part / f"{name}.npy").open("r+b") as file:
                np.lib.format.write_array_header_1_0(file, {"descr": "<u2", "fortran_order": False, "shape": (spells,)})
                assert file.tell() == HEADER
        raw, begin, end = (np.load(self.part / f"{name}.npy", mmap_mode="r") for name in ("code", "begin", "end"))
        weeks_of, step = np.zeros(65536, dtype=np.int64), 1 << 22
        for low in range(0, spells, step):
            part = slice(low, low + step)
            weeks_of += np.bincount(raw[part], weights=end[part] - begin[part], minlength=65536).astype(np.int64)
        present = np.flatnonzero(weeks_of)
        index = np.zeros(65536, dtype=np.uint16)
        index[present] = np.arange(1, len(present) + 1)
        kind = np.dtype(np.uint8 if len(present) < 256 else np.uint16)
        with (self.part / "code.new").open("wb") as file:
            np.lib.format.write_array_header_1_0(file, {"descr": kind.str, "fortran_order": False, "shape": (spells,)})
            for low in range(0, spells, step):
                file.write(index[raw[low : low + step]].astype(kind))
        os.replace(self.part / "code.new", self.part / "code.npy")
        names = [f"{number:03d}" for number in present]
        return dict(zip(names, weeks_of[present].tolist(), strict=True)), ["", *names]


def write(folder: Path, spells: Spells, key: str = "", source: dict[str, Any] | None = None) -> None:
    """Any spells in memory, from whichever form they were read."""
    numbers = np.array([0, *(int(code) for code in spells.codes[1:])], dtype=np.uint16)
    with Writer(folder, spells.first, spells.covered, key, source) as writer:
        writer.add(list(spells.persons), np.diff(spells.offsets), numbers[spells.code], spells.begin, spells.end)


def read(folder: Path) -> dict[str, Any]:
    """The manifest, if this is the compact form and the manifest is as it was written."""
    file = folder / MANIFEST
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise BadInput(folder, "Mappen er ikke et register i kompakt form.", MANIFEST, "en mappe lavet af `study compact`", REMAKE) from fault
    if not isinstance(manifest, dict) or manifest.get("form") != FORM:
        raise BadInput(file, "Det kompakte register er af en anden udgave.", expected=FORM, mend=REMAKE)
    if manifest.get("digest") != _digest(manifest):
        raise BadInput(file, "Beskrivelsen er ændret, siden den blev skrevet.", expected="samme indhold som ved importen", mend=REMAKE)
    return manifest


def open(folder: Path, check: bool = True) -> Spells:  # noqa: A001  # compact.open reads as it should
    """The register, mapped. `check` reads every byte once and holds it against the manifest, which also warms the machine's cache."""
    manifest = read(folder)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: _hold(folder / f"{one[0]}.npy", one[1], check), manifest["files"].items()))
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in manifest["files"]}
    first = weeks.from_iso(int(manifest["first_week"][:4]), int(manifest["first_week"][6:]))
    covered = np.ones(manifest["weeks"], dtype=bool)
    for name in manifest["absent_weeks"]:
        covered[weeks.from_iso(int(name[:4]), int(name[6:])) - first] = False
    keys = Keys(arrays["keys"], manifest["key_width"], arrays.get("order"))
    return Spells(keys, tuple(manifest["codes"]), arrays["offsets"], arrays["code"], arrays["begin"], arrays["end"], first, covered)


def take(spells: Spells, wanted: Sequence[str]) -> Spells:
    """The wanted persons who are there, in the order asked for, out of the mapped register and into memory."""
    keys = spells.persons if isinstance(spells.persons, Keys) else Keys(*packed(as_bytes(spells.persons)))
    if not isinstance(spells.persons, Keys):
        keys.order = np.argsort(keys.array)
    rows = keys.find(wanted)
    found = rows >= 0
    rows = rows[found]
    low = spells.offsets[rows].astype(np.int64)
    lengths = spells.offsets[rows + 1].astype(np.int64) - low
    offsets = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    which = np.arange(offsets[-1]) + np.repeat(low - offsets[:-1], lengths)
    persons = tuple(person for person, there in zip(wanted, found, strict=True) if there)
    return Spells(
        persons,
        spells.codes,
        offsets,
        spells.code[which].astype(np.uint16),
        spells.begin[which].astype(np.int32),
        spells.end[which].astype(np.int32),
        spells.first,
        spells.covered,
    )


def _digest(manifest: dict[str, Any]) -> str:
    held = {name: value for name, value in manifest.items() if name != "digest"}
    return hashlib.sha256(json.dumps(held, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _sha256(file: Path) -> str:
    mark = hashlib.sha256()
    with file.open("rb", buffering=0) as opened:
        if hasattr(os, "posix_fadvise"):  # the disk reads on while a stretch is being summed
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)
        buffer = memoryview(mmap.mmap(-1, 1 << 20))
        while read := opened.readinto(buffer):
            mark.update(buffer[:read])
    return mark.hexdigest()


def _about(file: Path) -> dict[str, Any]:
    array = np.load(file, mmap_mode="r")
    total = int(array.sum(dtype=np.uint64)) if array.dtype.kind != "S" else None
    return {"dtype": array.dtype.str, "rows": len(array), "bytes": file.stat().st_size, "sum": total, "sha256": _sha256(file)}


def _hold(file: Path, told: dict[str, Any], check: bool) -> None:
    try:
        size = file.stat().st_size
    except OSError:
        raise BadInput(file, "Filen mangler i det kompakte register.", mend=REMAKE) from None
    if size != told["bytes"]:
        raise BadInput(file, f"Filen er {size} byte.", expected=f"{told['bytes']} byte, som da den blev skrevet", mend=REMAKE)
    if check and _sha256(file) != told["sha256"]:
        raise BadInput(file, "Indholdet er ændret, siden det blev skrevet (SHA-256 passer ikke).", expected=told["sha256"], mend=REMAKE)
