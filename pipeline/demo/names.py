"""Names nobody bears: invented syllables, mail domains under `.example`."""

from __future__ import annotations

import numpy as np
import polars as pl

_FIRST_A = ["Bren", "Tal", "Mel", "Quin", "Sör", "Zel", "Fen", "Lüt", "Gar", "Ild", "Nor", "Wim", "Jök", "Pel"]
_FIRST_B = ["do", "vine", "rik", "sa", "tjan", "mund", "lise", "ka", "bert", "wina"]
_LAST_A = [
    "Brüm",
    "Fnö",
    "Quas",
    "Zwör",
    "Dral",
    "Mülk",
    "Strib",
    "Klunt",
    "Päx",
    "Gnei",
    "Wurz",
    "Torf",
    "Schnal",
    "Bläß",
    "Hux",
    "Drö",
]
_LAST_B, _LAST_C = ["el", "an", "ig", "or", "um", "ess", "ül", "at"], ["berger", "kötter", "sen", "mann", "dal", "ritz"]
_FIRST = [a + b for a in _FIRST_A for b in _FIRST_B]
_LAST = [a + b + c for a in _LAST_A for b in _LAST_B for c in _LAST_C]
_FIRM_A = "Zwirb Quarg Fräx Druns Möll Spand Klix Brost Tülv Gerx Nidl Vorz Schlumb Hägg Plonk Wetz Jüsk Ramp Ölb Käff"
_FIRM_B = "elin ora aska ung onda ufer ista ola endo ürna axa imo etta olm usta afix igra enz olda äna"
_FIRM_C = "Werk Tech Metall Bau Präzision Form Guss Zerspanung Stahl Dreh Mechanik Antrieb"
_FIRM = [words.split() for words in (_FIRM_A, _FIRM_B, _FIRM_C)]
_LEGAL = ["GmbH", "GmbH & Co. KG", "AG", "KG", "e. K."]
_NASTY = {3: "<i>Quargonda</i> Metallbau GmbH", 11: "=Fräxola Dreh AG", 17: "**Klixürna** & [Söhne](#) KG"}


def _mixed(numbers: np.ndarray, *sizes: int) -> list[np.ndarray]:
    """Spread consecutive numbers over all combinations, each combination once (a step coprime to their count)."""
    total = int(np.prod(sizes))
    step = next(step for step in range(int(total * 0.618), total) if np.gcd(step, total) == 1)
    code = (numbers.astype(np.int64) * step) % total
    parts = []
    for size in sizes:
        parts.append(code % size)
        code = code // size
    return parts


def _gather(words: list[str], at: np.ndarray) -> pl.Series:
    return pl.Series(words, dtype=pl.String).gather(pl.Series(at.astype(np.uint32)))


def _ascii(column: pl.Expr) -> pl.Expr:
    return (
        column.str.to_lowercase()
        .str.replace_many(["ä", "ö", "ü", "ß"], ["ae", "oe", "ue", "ss"])
        .str.replace_all(r"[^a-z0-9]+", "-")
        .str.strip_chars("-")
    )


def people(numbers: np.ndarray) -> pl.DataFrame:
    """First and last names; `slug` is what stands before the @."""
    first, last = _mixed(numbers, len(_FIRST), len(_LAST))
    again = numbers // (len(_FIRST) * len(_LAST))  # more people than combinations: the address gets a number
    frame = pl.DataFrame({"first": _gather(_FIRST, first), "last": _gather(_LAST, last), "again": again})
    slug = _ascii(pl.col("first")) + "." + _ascii(pl.col("last"))
    return frame.select(
        "first",
        "last",
        slug=slug + pl.when(pl.col("again") > 0).then(pl.col("again").cast(pl.String)).otherwise(pl.lit("")),
    )


def companies(numbers: np.ndarray) -> pl.DataFrame:
    """Company names and their mail domains, both unique."""
    third, second, first = _mixed(numbers, *(len(words) for words in reversed(_FIRM)))
    stem = pl.DataFrame(
        {
            "first": _gather(_FIRM[0], first),
            "second": _gather(_FIRM[1], second),
            "third": _gather(_FIRM[2], third),
            "again": numbers // np.prod([len(words) for words in _FIRM]),
            "legal": _gather(_LEGAL, numbers % len(_LEGAL)),
            "number": numbers,
        }
    )
    count = pl.when(pl.col("again") > 0).then(pl.format(" {}", pl.col("again") + 1)).otherwise(pl.lit(""))
    name = pl.format("{}{}-{}", "first", "second", "third") + count
    frame = stem.select("number", name=name + " " + pl.col("legal"), domain=_ascii(name) + ".example")
    nasty = pl.col("number").replace_strict(list(_NASTY), list(_NASTY.values()), default=None, return_dtype=pl.String)
    return frame.select(name=pl.coalesce(nasty, "name"), domain="domain")
