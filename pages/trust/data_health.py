"""Data health: what was read, what waits for correction, and how far can the figures be trusted?"""

import ui
from charts import data_health as charts
from findings import data_health as findings
from findings import lead_sources, rejections
from ui import Column, _, ask

FILES = ["file", "state", "mapping", "rows_read", "rows_kept", "rows_rejected", "rows_duplicate", "newest_record"]
MERGES = ["kind_in_words", "from_id", "into_id", "rule_in_words"]
REJECTED = ["source_file", "row_number", "problem", "what_to_do", "reason", "row_json"]
files = findings.files_in_words(ask("data_health/files"))
found = findings.health(files)
checks = findings.checks_in_words(ask("data_health/checks"), lambda name: ui.question(f"audits/{name}"))
part_of_all = _("{part} of {all}")

ui.heading(_("Data health"), _("What was read, what waits for correction, and how far can the figures be trusted?"))
ui.answer(findings.headline(found))
ui.cards([
    ui.Card(_("Files read"), part_of_all.format(part=ui.number(found.files_read), all=ui.number(found.files))),
    ui.Card(_("Rows kept"), ui.percent(found.share_kept, 2), help=_("Of all rows that are no mere repeats.")),
    ui.Card(_("Newest record"), ui.day(found.newest_record)),
    ui.Card(_("Checks passed"), part_of_all.format(part=findings.passed(checks), all=checks.height)),
])  # fmt: skip
if found.files_read < found.files:
    ui.section(_("Files that need your attention"), _("Nothing in these files is part of any figure."))
    ui.items(findings.troubled(files))

ui.chart(
    charts.rows_by_file(files), _("Rows by file"), _("read = kept + rejected + exact duplicates"),
    key="rows_by_file", query="data_health/files",
)  # fmt: skip
ui.table(files, FILES, key="files", folded=_("All files"))
ui.table(findings.decisions(files), key="decisions", folded=_("How every column was read"))

if found.rows_rejected:
    ui.section(_("Rows that wait for correction"), _("They are in no figure until the source is corrected."))
    rules, (left, right) = ask("data_health/rejected_rules"), ui.columns(2)
    with left:
        file = ui.pick(_("File"), rules["source_file"], key="file", everything=_("All files"))
    with right:
        rule = ui.pick(_("Reason"), rules["rule"], key="rule", everything=_("All reasons"), words=rejections.problem)
    rejected = rejections.in_words(ask("data_health/rejected_rows", file=file, rule=rule))
    ui.table(rejected, REJECTED, key="rejected", height=320)
ui.section(_("Coverage"), _("A gap here is a blind spot on other pages."))
covered = findings.coverage_in_words(ask("data_health/coverage"))
ui.chart(charts.coverage(covered), _("What the figures can see"), key="coverage", query="data_health/coverage")
ui.table(covered, ["label", "share", "everything", "consequence"], key="gaps", folded=_("What a gap means"))
ui.table(ask("data_health/unmapped_sources"), key="unmapped", folded=_("Lead sources without a channel"))

whole_year = lead_sources.judged(ui.as_of().date(), 0) | {"dimension": "source"}
rejected = lead_sources.rejections(ask("lead_sources/rejections", **whole_year))
ui.table(rejected, lead_sources.rejection_columns(Column), key="rejections", folded=_("What sales rejects, by source"))
ui.section(_("Checks"), _("The books must balance, or a build is not published."))
ui.table(checks, ["verdict", "asked", "row_count", "detail"], key="checks", download=False)
ui.section(_("Builds"))
builds = ask("data_health/builds")
ui.chart(charts.rows_by_build(builds), _("Rows read by each build"), key="builds", query="data_health/builds")
merges = findings.merges_in_words(ask("data_health/merges"))
ui.table(merges, MERGES, key="merges", folded=_("Records that are one and the same"))
