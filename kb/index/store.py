"""Arrays <-> a folder that any number of processes open at once.

    folder/manifest.json         format, generation, fingerprint, counts: what is served now
    folder/<generation>/*.npy    flat arrays, opened memory-mapped
    folder/<generation>/entries.jsonl

A new build is written beside the old one and becomes current when the manifest is replaced, in one step.
Nothing here is ever unpickled: an index from a stranger can be wrong, it cannot run code.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kb.errors import IndexUnusable
from kb.model import Entry, entry_of

FORMAT = 3
"""Raised when arrays change their meaning; an index of another format is built again."""

Array = np.ndarray[Any, Any]
_MANIFEST = "manifest.json"
_ENTRIES = "entries.jsonl"
_GENERATION = re.compile(r"[0-9a-f]{12}")
_MOST_KEPT = 2_048
"""Entries that are held ready."""
_KEPT_BYTES = 8 << 20
"""What a question needs, many times over: see :func:`_keep_freed_memory`."""
_REBUILD = "build it again with: hubmedic kb build TREE --out {folder}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index says of itself."""

    generation: str
    fingerprint: str
    """Hash over the sources and the code that read them."""
    locales: tuple[str, ...]
    counts: Mapping[str, int]
    """``articles``, ``entries`` (one an entry and locale), ``groups`` (translations counted once)."""
    format: int = FORMAT


def write(
    draft: Path,
    arrays: Mapping[str, Array],
    lines: Sequence[bytes],
    *,
    fingerprint: str,
    locales: Sequence[str],
    counts: Mapping[str, int],
) -> Manifest:
    """Write a generation, its arrays and :func:`entry_lines`, into a draft folder, from where :func:`publish` takes it."""
    generation = secrets.token_hex(6)
    target = draft / generation
    target.mkdir(parents=True)
    for name, array in arrays.items():
        np.save(target / f"{name}.npy", array, allow_pickle=False)
    (target / _ENTRIES).write_bytes(b"".join(lines))
    offsets = np.cumsum([0, *map(len, lines)], dtype=np.int64)
    np.save(target / "entry_offset.npy", offsets, allow_pickle=False)
    return Manifest(generation, fingerprint, tuple(locales), dict(counts))


def entry_lines(
    entries: Sequence[Entry], folder: Path, generation: str, source: Array | None = None
) -> list[bytes]:
    """Return entries as lines of JSON; those that stand in a generation of the folder are taken from there.

    Parameters
    ----------
    entries : sequence of Entry
    folder : Path
        The index folder.
    generation : str
        Of the build before; nothing is taken where it is not there.
    source : ndarray of shape (n_entries,), optional
        Row of each entry in that generation, -1 where it has none.
    """
    old = folder / generation
    try:
        written = (old / _ENTRIES).read_bytes()
        offsets = np.load(old / "entry_offset.npy", allow_pickle=False).tolist()
    except (OSError, ValueError):
        source = None
    if source is None or not generation:
        return [_line(entry) for entry in entries]
    return [
        written[offsets[row] : offsets[row + 1]] if 0 <= row < len(offsets) - 1 else _line(entry)
        for entry, row in zip(entries, source.tolist(), strict=True)
    ]


def _line(entry: Entry) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def publish(draft: Path, manifest: Manifest, folder: Path) -> None:
    """Move a generation from its draft to where it is served, in one step; older generations are removed."""
    (draft / manifest.generation).rename(folder / manifest.generation)
    _write_manifest(folder, manifest)
    for old in folder.iterdir():
        if old.is_dir() and old.name != manifest.generation and _GENERATION.fullmatch(old.name):
            shutil.rmtree(old, ignore_errors=True)


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    draft = folder / f"{_MANIFEST}.{manifest.generation}"
    draft.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    draft.replace(folder / _MANIFEST)


def read_manifest(folder: Path) -> Manifest:
    """Return what the folder serves now.

    Raises
    ------
    IndexUnusable
        If there is no index, it is damaged, or another format.
    """
    try:
        fields = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if fields["format"] != FORMAT:
            raise IndexUnusable(
                "the index in {folder} has format {found}, this version reads {wanted}",
                _REBUILD,
                folder=str(folder),
                found=fields["format"],
                wanted=FORMAT,
            )
        manifest = Manifest(**{**fields, "locales": tuple(fields["locales"])})
    except FileNotFoundError as error:
        raise IndexUnusable("no index in {folder}", _REBUILD, folder=str(folder)) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable("the index in {folder} is damaged", _REBUILD, folder=str(folder)) from error
    if not _GENERATION.fullmatch(manifest.generation):
        raise IndexUnusable("the index in {folder} is damaged", _REBUILD, folder=str(folder))
    return manifest


class Store:
    """An open index: arrays by name, entries by number."""

    def __init__(self, folder: Path) -> None:
        _keep_freed_memory()
        self.folder = folder
        self.manifest = read_manifest(folder)
        self._generation = folder / self.manifest.generation
        self._arrays: dict[str, Array] = {}
        self._kept: dict[int, Entry] = {}
        try:
            self._offsets = self["entry_offset"]
            size = (self._generation / _ENTRIES).stat().st_size
            self._entries = (
                np.memmap(self._generation / _ENTRIES, mode="r", dtype=np.uint8)
                if size
                else np.zeros(0, np.uint8)
            )
        except (OSError, ValueError) as error:
            raise self.damaged() from error

    def __getitem__(self, name: str) -> Array:
        """Return the array of that name, mapped on first use."""
        array = self._arrays.get(name)
        if array is None:
            try:
                mapped = np.load(self._generation / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            except (OSError, ValueError) as error:
                raise self.damaged() from error
            # A plain view: indexing a memmap costs a Python call each time, and there are hundreds a question.
            array = self._arrays[name] = mapped.view(np.ndarray)
        return array

    @property
    def n_entries(self) -> int:
        """Entries, one for each locale they exist in."""
        return len(self._offsets) - 1

    def entry(self, number: int) -> Entry:
        """Return an entry by its number, 0-based; the ones asked for lately are kept."""
        entry = self._kept.get(number)
        if entry is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            entry = self._kept[number] = self._read(number)
        return entry

    def _read(self, number: int) -> Entry:
        raw = self._entries[self._offsets[number] : self._offsets[number + 1]].tobytes()
        try:
            return entry_of(json.loads(raw))
        except (ValueError, KeyError, TypeError) as error:
            raise self.damaged() from error

    def entries(self) -> Iterator[Entry]:
        """Yield every entry of every locale, in the order of the trees."""
        return (self._read(number) for number in range(self.n_entries))

    def is_current(self) -> bool:
        """Return whether no newer build has been swapped in."""
        try:
            return read_manifest(self.folder).generation == self.manifest.generation
        except IndexUnusable:
            return True  # being replaced or removed: what is mapped still serves

    def damaged(self) -> IndexUnusable:
        """Return the error that says this index cannot be used."""
        return IndexUnusable("the index in {folder} is damaged", _REBUILD, folder=os.fspath(self.folder))


def _keep_freed_memory() -> None:
    """Free one large block, so that glibc keeps what is freed after it.

    A question needs a few hundred kilobytes for less than a millisecond. Given back to the system each time, they come
    again as seventy page faults, a fifth of the question's time; after a block of this size was freed, glibc gives
    back only what is larger. Elsewhere this does nothing.
    """
    np.empty(_KEPT_BYTES, dtype=np.uint8)
