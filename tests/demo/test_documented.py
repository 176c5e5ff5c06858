"""docs/demo.md names what is there."""

from __future__ import annotations

from pathlib import Path

from .reading import Exports

TEXT = (Path(__file__).parents[2] / "docs" / "demo.md").read_text(encoding="utf-8")


def test_every_block_of_the_truth_is_explained(company: Exports) -> None:
    assert [key for key in company.truth if f"| `{key}` |" not in TEXT] == []


def test_every_file_is_listed(company: Exports) -> None:
    ends = {path.name.removeprefix("hubspot-crm-exports") for path in company.folder.iterdir()}
    assert [end for end in ends if f"{end}`" not in TEXT] == []


def test_the_figures_in_the_text_are_those_of_the_default_company(company: Exports) -> None:
    entities = company.truth["entities"]
    assert f"{entities['leads']:,} leads in {entities['accounts']:,} companies" in TEXT
    assert company.truth["deals"]["won"]["deals"] > 400
    effects = company.truth["planted"]["channel_effects"]["channels"]
    assert (effects["webinar"]["odds_factor_on_winning"], effects["display"]["odds_factor_on_winning"]) == (3.0, 0.35)
    fast = company.truth["planted"]["fast_answers"]
    told = (fast["fast_means_business_minutes"], fast["odds_factor_on_acceptance"], fast["odds_factor_on_sql"])
    assert told == (240, 2.6, 1.6)
