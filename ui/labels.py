"""What columns are called on screen, the same on every page."""

from __future__ import annotations

from locales import _


def label(column: str) -> str:
    """The words for a column; one nobody named is shown by its own name."""
    return labels().get(column, column.replace("_", " ").capitalize())


def labels() -> dict[str, str]:
    """All names in the language in force."""
    return {
        "account_id": _("Company"),
        "agreement_version": _("Agreement"),
        "amount": _("Amount"),
        "as_of": _("As of"),
        "asked": _("Question"),
        "build_id": _("Build"),
        "built_at": _("Built"),
        "campaign_id": _("Campaign"),
        "channel": _("Channel"),
        "closed_at": _("Closed"),
        "column": _("Column"),
        "consequence": _("What a gap means"),
        "covered": _("Covered"),
        "created_at": _("Created"),
        "deal_id": _("Deal"),
        "detail": _("Examples"),
        "everything": _("Of"),
        "file": _("File"),
        "from_id": _("Record"),
        "into_id": _("counts as"),
        "kind_in_words": _("Kind"),
        "label": _("Coverage"),
        "lead_id": _("Lead"),
        "leads": _("Leads"),
        "mapping": _("Mapping"),
        "message": _("What to do"),
        "newest_record": _("Newest record"),
        "owner_id": _("Owner"),
        "problem": _("What is wrong"),
        "reason": _("In detail"),
        "row_count": _("Rows"),
        "row_json": _("The row"),
        "row_number": _("Row"),
        "rows_duplicate": _("Exact duplicates"),
        "rows_kept": _("Kept"),
        "rows_read": _("Read"),
        "rows_rejected": _("Rejected"),
        "rule_in_words": _("Because"),
        "segment": _("Segment"),
        "share": _("Share"),
        "source": _("Lead source"),
        "source_file": _("File"),
        "stage": _("Stage"),
        "state": _("State"),
        "team": _("Team"),
        "total_rows": _("Total rows left out"),
        "understood": _("Read as"),
        "verdict": _("Result"),
        "week_start": _("Week from"),
        "what_to_do": _("What to do"),
    }
