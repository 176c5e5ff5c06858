"""Names come from forms that strangers fill in: whatever they typed is shown, never obeyed."""

import csv
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser.conftest import serving
from tests.browser.test_pages import addresses
from tests.conftest import AS_OF, tandem

pytestmark = pytest.mark.browser

NAMES = {
    "script": "<script>window.__caught=1</script>",
    "image": '<img src=x onerror="window.__caught=2">',
    "markdown link": "[Angebot](javascript:window.__caught=3)",
    "markdown image": "![x](http://127.0.0.1:9/pixel.png)",
    "emphasis": "**fett** _kursiv_ `code` ~~weg~~",
    "formula": "$\\frac{1}{2}$ und $5 bis $9",
    "icon and colour": ":material/delete: :red[rot] :streamlit: :smile:",
    "heading": "# Überschrift",
    "table": "a | b\n--|--\n1 | 2",
    "backwards": "Angebot \u202egpj.exe\u202c an \u200bWerk",
    "long": "Dreh" * 2500,
}


ALIVE = 'a[href^="javascript:"], img[src*="pixel"], img[src="x"], svg a'  # a name that became a link or a picture


@pytest.fixture(scope="session")
def exports(tmp_path_factory) -> Path:
    """Tandem's own CSV format, every free text a trap."""
    folder = tmp_path_factory.mktemp("malicious")
    traps = list(NAMES.values())
    tables = {
        "accounts": [{"account_id": f"a{n}", "name": trap, "industry": trap} for n, trap in enumerate(traps)],
        "people": [{"person_id": f"p{n}", "account_id": f"a{n}", "name": trap} for n, trap in enumerate(traps)],
        "employees": [{"employee_id": f"e{n}", "name": trap, "team": trap} for n, trap in enumerate(traps)],
        "campaigns": [{"campaign_id": f"c{n}", "name": trap, "channel": "event"} for n, trap in enumerate(traps)],
        "leads": [
            {
                "lead_id": f"l{week}-{n}", "person_id": f"p{n}", "account_id": f"a{n}", "campaign_id": f"c{n}",
                "created_at": f"2026-11-{2 + 7 * week:02d}T09:30:00Z", "source": trap, "channel": "event",
                "segment": trap, "region": trap, "owner_id": f"e{n}",
                "qualified_at": f"2026-11-{2 + 7 * week:02d}T09:31:00Z",
                "assigned_at": f"2026-11-{2 + 7 * week:02d}T09:32:00Z", "crm_url": f"javascript:window.__caught={n}",
            }
            for n, trap in enumerate(traps) for week in range(3)
        ],
    }  # fmt: skip
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    (folder / "<img src=x onerror=window.__caught=4> **laut**.csv").write_text("nothing;known\n1;2\n", "utf-8")
    return folder


def test_names_are_shown_and_never_obeyed(exports, tmp_path_factory, visit):
    """In the filters, as the chosen filter, on axes and in tables; text content also holds what a canvas draws."""
    builds = tmp_path_factory.mktemp("malicious_builds")
    tandem("build", "--exports", exports, "--builds", builds, "--as-of", AS_OF)
    with serving(builds, builds / "log") as server:
        window = visit(server, locale="en-GB")
        shown = ""
        for address in addresses(window.open("/")):
            for trap in ("", *list(NAMES.values())[:4]):
                page = window.open(address, **({"segment": quote(trap)} if trap else {}))
                shown += page.locator("body").text_content()
                assert page.evaluate("window.__caught") is None, address
                assert page.locator(ALIVE).count() == 0, address
                assert page.locator('[data-testid="stException"]').count() == 0, server.last_words()
        page = window.open("/funnel")
        options = window.unfold(page.locator('[data-testid="stSidebar"]').get_by_role("combobox").last)
        shown += " ".join(options.all_text_contents())
        assert page.evaluate("window.__caught") is None
        assert window.strangers == []
    unseen = [kind for kind, trap in NAMES.items() if " ".join(trap.split()) not in " ".join(shown.split())]
    assert unseen == []
