"""What is let in at all: the file's first bytes must fit its name, archives are looked at before they are unpacked."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from pipeline.sources.faults import Refused

Kind = Literal["text", "xlsx", "parquet"]
SUFFIXES: dict[str, Kind] = {
    ".csv": "text", ".tsv": "text", ".tab": "text", ".txt": "text", ".xlsx": "xlsx",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
_NAMED = {
    ".xls": "an old Excel workbook (.xls); save it as .xlsx or CSV",
    ".xlsm": "a workbook with macros; save it as .xlsx",
    ".xlsb": "a binary workbook (.xlsb); save it as .xlsx",
    ".ods": "an OpenDocument table; save it as .xlsx or CSV",
    ".htm": "a web page; export CSV or XLSX instead",
    ".html": "a web page; export CSV or XLSX instead",
    ".zip": "an archive; unpack it first",
    ".gz": "compressed; unpack it first",
    ".zst": "compressed; unpack it first",
    ".bz2": "compressed; unpack it first",
    ".xz": "compressed; unpack it first",
    ".7z": "an archive; unpack it first",
    ".db": "a database file, which is never opened here; export CSV from it",
    ".duckdb": "a database file, which is never opened here; export CSV from it",
    ".sqlite": "a database file, which is never opened here; export CSV from it",
}
_MAGIC = (
    (0, b"\x1f\x8b", "compressed (gzip); unpack it first"),
    (0, b"\x28\xb5\x2f\xfd", "compressed (zstd); unpack it first"),
    (0, b"BZh", "compressed (bzip2); unpack it first"),
    (0, b"\xfd7zXZ\x00", "compressed (xz); unpack it first"),
    (0, b"7z\xbc\xaf", "an archive (7z); unpack it first"),
    (0, b"\xd0\xcf\x11\xe0", "password-protected or an old .xls workbook; save it as .xlsx without a password"),
    (0, b"SQLite format 3", "a database file, which is never opened here; export CSV from it"),
    (8, b"DUCK", "a database file, which is never opened here; export CSV from it"),
    (0, b"%PDF", "a PDF; export CSV or XLSX instead"),
)


@dataclass(frozen=True)
class Limits:
    """What one file may cost. `memory_bytes` is address space of the reading process, `seconds` its wall clock."""

    memory_bytes: int = 12 * 2**30
    seconds: float = 900
    columns: int = 2_000
    field_characters: int = 1_000_000
    line_bytes: int = 64 * 2**20
    archive_entries: int = 1_000
    archive_entry_bytes: int = 512 * 2**20
    archive_ratio: int = 100
    block_bytes: int = 24 * 2**20


def kind_of(path: Path, limits: Limits) -> Kind | None:
    """How to read the file; `None` if its name says it is no export. Raises `Refused` where name and content differ."""
    suffix = path.suffix.lower()
    if suffix in _NAMED:
        raise Refused(f"The file is {_NAMED[suffix]}.")
    kind = SUFFIXES.get(suffix)
    if kind is None:
        return None
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused("The file is empty (0 bytes). Export it again.")
    for offset, magic, sentence in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            raise Refused(f"The file is {sentence}.")
    if kind != "text" and re.match(rb"\s*<(!doctype|html|table|\?xml)", head, re.IGNORECASE):
        raise Refused(f"The file is a web page or XML named {suffix}; export CSV or XLSX instead.")
    if (head[:4] == b"PAR1") != (kind == "parquet"):
        raise Refused(f"Name and content differ: {suffix} but {'' if kind == 'text' else 'not '}a Parquet file inside.")
    if (head[:4] == b"PK\x03\x04") != (kind == "xlsx"):
        raise Refused(f"Name and content differ: {suffix} but {'not ' if kind == 'xlsx' else ''}a workbook inside.")
    if kind == "text" and re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype|html)", head, re.IGNORECASE):
        raise Refused(f"The file is a web page named {suffix}; perhaps the login page of the tool. Export it again.")
    if kind == "xlsx":
        check_archive(path, limits)
    return kind


def check_archive(path: Path, limits: Limits) -> None:
    """Refuse bombs, macros, encrypted and wandering entries from the archive's directory alone."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused(f"The workbook is damaged or cut off ({error}). Export it again.") from None
    if len(entries) > limits.archive_entries:
        raise Refused(f"The workbook has {len(entries):,} parts inside, more than {limits.archive_entries:,}.")
    for entry in entries:
        inner = PurePosixPath(entry.filename.replace("\\", "/"))
        if inner.is_absolute() or ".." in inner.parts:
            raise Refused(f"The workbook holds a part that points outside: {entry.filename!r}.")
        if entry.flag_bits & 1:
            raise Refused("The workbook is encrypted; save it without a password.")
        if inner.name.lower() == "vbaproject.bin":
            raise Refused("The workbook holds macros; save it as .xlsx without them.")
        if inner.suffix.lower() in (".zip", ".xlsx", ".gz"):
            raise Refused(f"The workbook holds another archive: {entry.filename!r}.")
        if entry.file_size > limits.archive_entry_bytes:
            raise Refused(
                f"A part of the workbook unpacks to {entry.file_size / 2**20:,.0f} MiB, more than is allowed."
            )
        if entry.file_size > 2**20 and entry.file_size > limits.archive_ratio * max(entry.compress_size, 1):
            raise Refused("The workbook unpacks to more than a hundred times its size, like an archive made to harm.")
    if not any(entry.filename.lower().replace("\\", "/") == "xl/workbook.xml" for entry in entries):
        raise Refused("The file is an archive but no Excel workbook.")


def label(path: Path, root: Path) -> str:
    """The file's name as shown to people: relative, without control characters or broken bytes, not endless."""
    name = path.relative_to(root).as_posix().encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else "�" for letter in name)[-200:]
