"""mart.credits: who earned what of a deal, one row per model; a view of `mart.touch_credits`.

Stored side by side the models cost a fourteenth of the keys, and a reader who asks for one model reads that one alone.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from measures.attribution_table import MODELS
from pipeline.marts import columns as c
from pipeline.marts import touch_credits
from pipeline.marts.columns import Tables

OF_ROW = touch_credits.Row.columns()
OF_MODEL = {
    "model": c.text("the model", key=True),
    "share": c.ratio("share of the deal"),
    "credit": c.money("amount of the share, reporting currency; null = the deal's amount is not known"),
}
LAST = ("unattributed_reason", "ruling_id", "agreement_version")
NAMES = ["model", *(name for name in OF_ROW if name not in LAST), "share", "credit", *LAST]

Columns: type[dy.Schema] = type(
    "Columns",
    (dy.Schema,),
    {name: (OF_ROW | OF_MODEL)[name] for name in NAMES}
    | {
        "__doc__": """One row per model, deal and eligible touch, plus one per remainder that no touch earns.

        For every model, basis and deal `credit` adds up to the deal's amount, to the cent, and `share` to 1. A view of
        `mart.touch_credits`, where the models stand side by side."""
    },
)


def view() -> str:
    """The view as SQL."""
    return " union all ".join(
        f"select {', '.join(_sql(name, model) for name in NAMES)} from mart.touch_credits "
        f"where {model}_share is not null and (touch_id is not null or {model}_share > 0)"
        for model in MODELS
    )


def of(marts: Tables) -> pl.DataFrame:
    """The same rows from the marts in memory."""
    rows = marts["touch_credits"]
    is_row = {
        model: pl.col(f"{model}_share").is_not_null()
        & (pl.col("touch_id").is_not_null() | (pl.col(f"{model}_share") > 0))
        for model in MODELS
    }
    return pl.concat(
        rows.filter(is_row[model])
        .with_columns(pl.lit(model).alias("model"), share=f"{model}_share", credit=f"{model}_credit")
        .select(NAMES)
        for model in MODELS
    )


def _sql(name: str, model: str) -> str:
    if name == "model":
        return f"'{model}' as model"
    return f'{model}_{name} as "{name}"' if name in OF_MODEL else name
