"""Bytes to UTF-8 text: encoding found or declared, never lossy. Valid UTF-8 stays, all else is rewritten."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.sources.faults import Refused

_CHUNK = 8 * 2**20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Not used in cp1252 (five), or letters so rare that they mean damage rather than text.
_UNLIKELY = {0x81, 0x8D, 0x8F, 0x90, 0x9D, 0xFF, 0xFE}


@dataclass(frozen=True)
class Text:
    """A UTF-8 file with line feeds or CR LF; the text begins at `start`. `notes` are told to people."""

    path: Path
    start: int
    encoding: str
    notes: tuple[str, ...] = ()


def prepare(path: Path, declared: str | None, work: Path) -> Text:
    """Find the encoding, hand out readable UTF-8. Raises `Refused` naming line and byte of what cannot be decoded."""
    with path.open("rb") as file:
        head = file.read(2**16)
    bom, marked = next(((bom, name) for bom, name in _BOMS if head.startswith(bom)), (b"", ""))
    if declared:
        try:
            encoding = codecs.lookup(declared).name.removesuffix("-sig")
        except LookupError:
            raise Refused(
                f"[read] encoding = {declared!r} is no encoding known here, such as utf-8 or cp1252."
            ) from None
        if encoding == "utf-16":
            encoding = marked or "utf-16-le"
        bom = bom if marked == encoding else b""
    else:
        encoding = marked or _unmarked(head)
    notes: tuple[str, ...] = ()
    if encoding == "utf-8":
        fault = _first_fault(path, len(bom))
        if fault is not None:
            offset, has_utf8 = fault
            if declared or marked or has_utf8 or not _looks_cp1252(path):
                raise Refused(_where(path, offset, "UTF-8"))
            encoding = "cp1252"
            notes = ("read as cp1252 (Windows)",)
    elif not marked and not declared:
        notes = (f"read as {encoding}",)
    only_cr = b"\r" in head and b"\n" not in head.replace(b"\r\n", b"\n") and encoding != "utf-16-le"
    if encoding == "utf-8" and not only_cr:
        return Text(path, len(bom), "utf-8", (*notes, *_doubled(path)))
    target = work / f"{path.stem[:40]}.utf8"
    _rewrite(path, len(bom), encoding, target)
    return Text(target, 0, encoding, notes)


def _unmarked(head: bytes) -> str:
    """UTF-16 without a mark shows as every other byte zero."""
    if len(head) >= 8:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if odd > 0.4 * len(head) / 2 and not even:
            return "utf-16-le"
        if even > 0.4 * len(head) / 2 and not odd:
            return "utf-16-be"
    return "utf-8"


def _chunks(path: Path, start: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while chunk := file.read(_CHUNK):
            yield chunk


def _first_fault(path: Path, start: int) -> tuple[int, bool] | None:
    """Offset of the first byte that is no UTF-8, and whether real UTF-8 letters stand elsewhere in the file."""
    position, rest, has_utf8 = start, b"", False
    for chunk in _chunks(path, start):
        data = rest + chunk
        if data.isascii():
            position, rest = position + len(data), b""
            continue
        try:
            text, used = codecs.utf_8_decode(data, "strict", False)
        except UnicodeDecodeError as error:
            before = has_utf8 or not data[: error.start].isascii()
            return position + error.start, before or _has_utf8_after(path, position + error.start)
        has_utf8 = has_utf8 or len(text) != used
        position, rest = position + used, data[used:]
    return (position, has_utf8) if rest else None


def _has_utf8_after(path: Path, offset: int) -> bool:
    """Two-byte letters of UTF-8 (ä is C3 A4) beyond the fault: then the byte is damage, not another encoding."""
    with path.open("rb") as file:
        file.seek(offset + 1)
        data = file.read(4 * _CHUNK)
    return any(bytes([0xC3, low]) in data for low in range(0x80, 0xC0))


def _looks_cp1252(path: Path) -> bool:
    return not any(byte in chunk for chunk in _chunks(path, 0) for byte in _UNLIKELY)


def _where(path: Path, offset: int, encoding: str) -> str:
    line, seen, byte = 1, 0, b""
    for chunk in _chunks(path, 0):
        if seen + len(chunk) > offset:
            line += chunk.count(b"\n", 0, offset - seen)
            byte = chunk[offset - seen : offset - seen + 1]
            break
        line += chunk.count(b"\n")
        seen += len(chunk)
    return (
        f"Line {line:,}: byte 0x{byte.hex().upper()} at position {offset:,} is not {encoding}. The file is damaged or"
        ' in another encoding; export it again as UTF-8, or add to the mapping: [read] encoding = "cp1252"'
    )


def _rewrite(path: Path, start: int, encoding: str, target: Path) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    position = start
    carriage = False  # a CR at the end of a chunk may belong to a CR LF
    with target.open("w", encoding="utf-8", newline="") as out:
        for chunk in _chunks(path, start):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                raise Refused(_where(path, position + error.start, encoding)) from None
            position += len(chunk)
            text = ("\r" if carriage else "") + text
            carriage = text.endswith("\r")
            text = text[:-1] if carriage else text
            out.write(text.replace("\r\n", "\n").replace("\r", "\n"))
        try:
            tail = decoder.decode(b"", True)
        except UnicodeDecodeError:
            raise Refused(f"The file ends in the middle of a {encoding} character; the transfer was cut off.") from None
        out.write(("\n" if carriage else "") + tail)


def _doubled(path: Path) -> tuple[str, ...]:
    """Umlauts decoded twice on their way ("MÃ¼ller"): told, not changed."""
    for chunk in _chunks(path, 0):
        # Ã and all that follows it; one byte is looked for much faster than two
        for letter in "üöäßé" if b"\x83" in chunk and "Ã".encode() in chunk else "":
            twice = letter.encode().decode("cp1252").encode()
            at = chunk.find(twice)
            if at >= 0:
                word = chunk[max(0, at - 12) : at + 16].decode("utf-8", "ignore").replace("\n", " ")
                return (f"umlauts look decoded twice, e.g. “{word}”; export the file again as UTF-8",)
    return ()
