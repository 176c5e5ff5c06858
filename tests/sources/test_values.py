"""Words compared: in any case, with empty cells as the word ""."""

import polars as pl
import pytest

from pipeline.sources.values import Choice


@pytest.mark.parametrize(
    ("words", "cell", "holds"),
    [
        pytest.param(["Open"], "OPEN", True, id="case does not count"),
        pytest.param([" open "], "Open", True, id="blanks around the word do not count"),
        pytest.param(["Straße"], "STRASSE", True, id="the sharp s has no capital"),
        pytest.param(["Open"], "Opened", False, id="a part is not the word"),
        pytest.param(["Open"], None, False, id="an empty cell holds no word"),
        pytest.param(["Open", ""], None, True, id="the empty word stands for an empty cell"),
    ],
)
def test_a_cell_holds_one_of_some_words(words: list[str], cell: str | None, holds: bool) -> None:
    column = pl.Series([cell, "something else", cell])
    assert Choice(words)(column).to_list() == [holds, False, holds]
