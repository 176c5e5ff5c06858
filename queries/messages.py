"""Hands the words of the query headers to Babel, so that they are translated like any other sentence on screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from queries import parse


def extract(
    file: IO[bytes], keywords: object, comment_tags: object, options: dict[str, Any]
) -> Iterator[tuple[int, str, str, list[str]]]:
    """An extractor in Babel's sense: `(line, function, message, comments)` for question, grain and definition."""
    query = parse("header", file.read().decode("utf-8"))
    for words in (query.question, query.grain, query.definition):
        if words:
            yield 1, "_", words, []
