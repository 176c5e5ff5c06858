"""What the state of the data means: in one sentence, and in words for every code the build writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from locales import _, ngettext
from locales.formats import number

SHEET = r" \[[^\]]*\]$"  # a workbook is told of sheet by sheet: "fairs.xlsx [Costs]"


@dataclass(frozen=True)
class Health:
    """The totals of all files; the sheets of a workbook with the same fate are one file.

    `rows_read = rows_kept + rows_rejected + rows_duplicate`.
    """

    files: int
    files_read: int
    files_refused: int
    files_unrecognised: int
    rows_read: int
    rows_kept: int
    rows_rejected: int
    rows_duplicate: int
    newest_record: datetime | None

    @property
    def share_kept(self) -> float | None:
        """Kept rows of the rows that are no mere repeats; None where nothing was read."""
        counted = self.rows_kept + self.rows_rejected
        return self.rows_kept / counted if counted else None


def health(files: pl.DataFrame) -> Health:
    """Sum up `data_health/files`."""
    states = files.select("status", pl.col("file").str.replace(SHEET, "")).unique()["status"].value_counts()
    count = dict(zip(states["status"], states["count"], strict=True))
    rows = {name: int(files[name].sum()) for name in ("rows_read", "rows_kept", "rows_rejected", "rows_duplicate")}
    newest = files["newest_record"].drop_nulls()
    return Health(
        files=sum(count.values()),
        files_read=count.get("read", 0),
        files_refused=count.get("refused", 0),
        files_unrecognised=count.get("unrecognised", 0),
        newest_record=newest.sort()[-1] if newest.len() else None,
        **rows,
    )


def headline(found: Health) -> str:
    """The page in one sentence, the most urgent matter first."""
    if not found.files:
        return _("No file was found in the exports folder.")
    if found.files_read == found.files:
        read = ngettext("The one file was read", "All {files} files were read", found.files)
    else:
        read = ngettext("{read} of {files} file was read", "{read} of {files} files were read", found.files)
    if found.rows_rejected:
        rows = ngettext(
            "{rejected} of {rows} rows waits for correction",
            "{rejected} of {rows} rows wait for correction",
            found.rows_rejected,
        )
    else:
        rows = _("every one of {rows} rows could be used")
    sentence = f"{read}; {rows}."
    return sentence.format(
        read=number(found.files_read),
        files=number(found.files),
        rejected=number(found.rows_rejected),
        rows=number(found.rows_read),
    )


def files_in_words(files: pl.DataFrame) -> pl.DataFrame:
    """Adds `state`: what became of the file, in words."""
    words = {"read": _("Read"), "refused": _("Refused"), "unrecognised": _("Not recognised")}
    return files.with_columns(state=pl.col("status").replace_strict(words, default=pl.col("status")))


def troubled(files: pl.DataFrame) -> list[tuple[str, str, str]]:
    """Files that gave no rows although they should, or that nobody knows: file, what became of it, what to do."""
    rows = files_in_words(files).filter(pl.col("status") != "read")
    return rows.select("file", "state", "message").rows()


def decisions(files: pl.DataFrame) -> pl.DataFrame:
    """How each column was read, one row per column: `file, column, understood`."""
    rows = [
        {"file": file, "column": column, "understood": _(understood) if understood else ""}
        for file, text in files.select("file", "decisions").iter_rows()
        for column, understood in json.loads(text or "{}").items()
    ]
    return pl.DataFrame(rows, schema={"file": pl.String, "column": pl.String, "understood": pl.String})


def coverage_in_words(coverage: pl.DataFrame) -> pl.DataFrame:
    """Adds `label`, `consequence` and `share` (None where there is nothing to cover)."""
    words = {
        "won_deals_with_touch": (
            _("Won deals with a touch"),
            _("Without a touch no channel and no campaign can be credited."),
        ),
        "deals_with_lead": (_("Deals that grew from a lead"), _("Without a lead the deal is missing in the funnel.")),
        "deals_converted": (
            _("Deals in the reporting currency"),
            _("Without an exchange rate the amount is in no sum. Add the currency to exchange_rates.csv."),
        ),
        "leads_with_channel": (
            _("Leads with a channel"),
            _("Unknown sources count under “other” until a mapping names their channel."),
        ),
        "leads_with_campaign": (
            _("Leads with a campaign"),
            _("Without a campaign the lead is missing in the figures of campaigns."),
        ),
        "leads_with_team": (_("Leads with a team"), _("Without an owner in the list of employees there is no team.")),
        "leads_with_time": (
            _("Leads with a time of day"),
            _("Leads with a day alone take no part in response times."),
        ),
    }
    label = {code: words[code][0] for code in words}
    consequence = {code: words[code][1] for code in words}
    return coverage.with_columns(
        label=pl.col("coverage").replace_strict(label),
        consequence=pl.col("coverage").replace_strict(consequence),
        share=pl.when(pl.col("everything") > 0).then(pl.col("covered") / pl.col("everything")),
    )


def checks_in_words(checks: pl.DataFrame, question: Callable[[str], str]) -> pl.DataFrame:
    """Adds `asked` and `verdict`. `question` gives the translated question of an audit, or "" if it has none."""
    passed, noticed, failed = _("Passed"), _("Worth a look"), _("Failed")
    asked = [question(name) or _asked(name) for name in checks["check_name"]]
    verdict = [
        passed if status == "passed" else noticed if severity == "warn" else failed
        for status, severity in checks.select("status", "severity").iter_rows()
    ]
    return checks.with_columns(
        asked=pl.Series(asked, dtype=pl.String),
        verdict=pl.Series(verdict, dtype=pl.String),
    )


def passed(checks: pl.DataFrame) -> int:
    """How many checks found nothing."""
    return checks.filter(pl.col("status") == "passed").height


def merges_in_words(merges: pl.DataFrame) -> pl.DataFrame:
    """Adds `kind_in_words` and `rule_in_words`."""
    kinds = {"person": _("Person"), "account": _("Company"), "deal": _("Deal"), "lead": _("Lead")}
    rules = {
        "crm_merge": _("merged in the CRM"),
        "same_email": _("same e-mail address"),
        "same_domain": _("same web domain"),
        "contradiction_ignored": _("contradictory merge, left alone"),
    }
    return merges.with_columns(
        kind_in_words=pl.col("kind").replace_strict(kinds, default=pl.col("kind")),
        rule_in_words=pl.col("rule").replace_strict(rules, default=pl.col("rule")),
    )


def _asked(check_name: str) -> str:
    """What a check asks that is no query: it compares with the build before."""
    if check_name == "ledger_goes_on":
        return _("Does the ledger go on from where the build before saw it?")
    mapping = check_name.removeprefix("volume_")
    return _("Did the rows of {mapping} shrink since the build before?").format(mapping=mapping)
