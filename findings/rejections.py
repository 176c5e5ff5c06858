"""Why a row was set apart and what to do about it, in words for every rule code of the sources."""

from __future__ import annotations

import polars as pl

from locales import _


def rules() -> dict[str, tuple[str, str]]:
    """What is wrong and what to do, by rule."""
    correct = _("Correct the cell in the source system and export again.")
    return {
        "amount_has_currency": (
            _("An amount has no currency"),
            _('Export the currency too, or name it in the mapping: [read] currency = "EUR".'),
        ),
        "broken_quotes": (
            _("Quotation marks are not closed"),
            _("Export the file again; if it stays so, remove the stray quotation mark in the source system."),
        ),
        "control_character": (_("A cell holds a control character"), correct),
        "damaged_id": (
            _("A spreadsheet has damaged the record’s id"),
            _("Export again and do not open the file in a spreadsheet before the import."),
        ),
        "duplicate_key": (
            _("Two rows of one id contradict each other"),
            _("Decide in the source system which of the two is right, and export again."),
        ),
        "error_cell": (_("The cell holds a spreadsheet error"), _("Repair the formula in the spreadsheet.")),
        "future_date": (_("The date lies in the future"), correct),
        "malformed": (_("The value does not have the form it needs"), correct),
        "min": (_("The value is smaller than it can be"), correct),
        "max": (_("The value is larger than it can be"), correct),
        "missing_value": (_("A value that is needed is missing"), _("Fill in the cell in the source system.")),
        "not_a_date": (
            _("The cell holds no date"),
            _("Correct the cell, or name the way dates are written in the mapping."),
        ),
        "not_a_flag": (_("The cell holds neither yes nor no"), correct),
        "not_a_number": (
            _("The cell holds no number"),
            _("Correct the cell, or name the decimal mark in the mapping."),
        ),
        "number_too_large": (_("The number is too large"), correct),
        "sentinel_date": (
            _("The date stands for “unknown”, such as 1 January 1970"),
            _("Enter the real date, or empty the cell."),
        ),
        "time_does_not_exist": (
            _("The time does not exist: the clock was put forward"),
            _("Name the zone the source writes in the mapping: [read] zone."),
        ),
        "two_digit_year": (_("The year has two digits"), _("Export with four-digit years.")),
        "unknown_value": (
            _("The word is not known"),
            _("Add the word to a [values] table of the mapping."),
        ),
        "won_or_lost_not_both": (_("The deal is both won and lost"), correct),
        "wrong_field_count": (
            _("The row has too few or too many fields"),
            _("Export the file again; a line break or a separator inside a cell may have torn the row."),
        ),
    }


def in_words(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds `problem` and `what_to_do`; a rule without words keeps its code."""
    known = rules()
    return rows.with_columns(
        problem=pl.col("rule").replace_strict({rule: known[rule][0] for rule in known}, default=pl.col("rule")),
        what_to_do=pl.col("rule").replace_strict(
            {rule: known[rule][1] for rule in known},
            default=pl.lit(_("See the wording beside it.")),
        ),
    )


def problem(rule: str) -> str:
    """What is wrong, for one rule."""
    return rules().get(rule, (rule, ""))[0]
