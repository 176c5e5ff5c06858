"""What the benchmark times is the real thing: its thirteen models are those of the exact functions, touch by touch."""

from pathlib import Path

import polars as pl
import pytest

from benchmarks import journeys
from benchmarks.attribution import difference
from benchmarks.contenders import tandem
from measures import shapley
from measures.attribution import weights
from measures.markov import removal_effects

TOUCHES = 3_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("journeys")
    journeys.write(folder, TOUCHES)
    return folder


@pytest.fixture(scope="module")
def paths(folder: Path) -> pl.DataFrame:
    """One row per journey: its channels in order, and what it was worth."""
    log = pl.read_parquet(folder / "touches.parquet").sort("journey", "occurred_at", "touch")
    told = log.group_by("journey", maintain_order=True).agg("channel", "occurred_at")
    return told.join(pl.read_parquet(folder / "journeys.parquet"), on="journey")


def test_every_model_hands_out_what_was_won(folder, paths):
    found = tandem.main(folder)
    assert len(found) == 13
    for model, credit in found.items():
        assert sum(credit.values()) == pytest.approx(paths["cents"].sum()), model
        assert min(credit.values()) >= 0, model


def test_it_is_what_the_exact_functions_say(folder, paths):
    found = tandem.main(folder)
    exact = {model: dict.fromkeys(found["first"], 0.0) for model in ("first", "last", "linear", "time_decay")}
    for row in paths.filter("is_won").iter_rows(named=True):
        days = [(row["closed_at"] - at).total_seconds() / 86_400 for at in row["occurred_at"]]
        for model, credit in exact.items():
            shares = weights(model, len(days), {}, days_before=days)
            for channel, share in zip(row["channel"], shares, strict=True):
                credit[channel] += share * row["cents"]
    told = ((row["channel"], int(row["is_won"]), int(not row["is_won"])) for row in paths.iter_rows(named=True))
    exact["markov"] = removal_effects(told).removal_effect
    sets = ((row["channel"], row["cents"]) for row in paths.filter("is_won").iter_rows(named=True))
    exact["shapley"] = shapley.credit(sets)
    for model, credit in exact.items():
        share = {name: part / sum(credit.values()) for name, part in credit.items()}
        ours = {name: part / sum(found[model].values()) for name, part in found[model].items()}
        assert ours == pytest.approx(share, abs=1e-12), model


def test_a_difference_is_told_in_shares_of_all_credit():
    ours = {"first": {"a": 60.0, "b": 40.0}, "markov": {"a": 50.0, "b": 50.0}}
    theirs = {"first": {"a": 6.0, "b": 4.0}, "markov": {"a": 0.51, "b": 0.49}}
    assert difference(ours, theirs) == "rules 0e+00, Markov 1.00%"
