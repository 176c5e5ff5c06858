"""The files look like real exports, and the same arguments give the same bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from pipeline import demo

from .reading import HEADERS, TOUCHES, Exports

SMALL = 400


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_arguments_give_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    demo.write(tmp_path / "here", leads=SMALL, seed=7)
    command = "import sys; from pathlib import Path; from pipeline.demo import write; "
    command += f"write(Path(sys.argv[1]), leads={SMALL}, seed=7)"
    there = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland", "POLARS_MAX_THREADS": "1"}
    root = Path(demo.__file__).parents[2]
    subprocess.run([sys.executable, "-c", command, str(tmp_path / "there")], env=there, cwd=root, check=True)
    assert _hashes(tmp_path / "here") == _hashes(tmp_path / "there")
    assert len(_hashes(tmp_path / "here")) == 13


def test_another_seed_gives_another_company(tmp_path: Path) -> None:
    demo.write(tmp_path / "a", leads=SMALL, seed=1)
    demo.write(tmp_path / "b", leads=SMALL, seed=2)
    a, b = _hashes(tmp_path / "a"), _hashes(tmp_path / "b")
    same = {"hubspot-users.csv", "hubspot-campaigns.csv", "agreement.toml"}
    assert {name for name in a if a[name] == b[name]} <= same


@pytest.mark.parametrize("name", HEADERS)
def test_headers_are_those_the_mappings_expect(company: Exports, name: str) -> None:
    with (company.folder / name).open(encoding="utf-8") as file:
        assert file.readline().rstrip("\n") == HEADERS[name]


def test_google_ads_speaks_german_with_title_lines_and_total_rows(company: Exports) -> None:
    lines = (company.folder / "Kampagnenbericht.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "Kampagnenbericht"
    assert lines[1] == "26. Mai 2025 - 22. November 2026"
    assert lines[2] == "Tag,Kampagnen-ID,Kampagne,Währungscode,Kosten,Impr.,Klicks,Conversions"
    assert [line.split(",")[:3] for line in lines[-3:]] == [
        ["Gesamt: Konto", " --", " --"], ["Gesamt: Suche", " --", " --"], ["Gesamt: Display", " --", " --"],
    ]  # fmt: skip


def test_linkedin_is_utf16_with_tabs_and_a_preamble(company: Exports) -> None:
    raw = (company.folder / "linkedin-campaign-performance.csv").read_bytes()
    assert raw.startswith(b"\xff\xfeC\x00")
    header = raw.decode("utf-16").split("\n\n", 1)[1].splitlines()[0]
    assert (
        header == "Start Date (in UTC)\tCampaign ID\tCampaign Name\tCurrency\tTotal Spent\tImpressions\tClicks\tLeads"
    )


def test_the_events_workbook_has_two_sheets(company: Exports) -> None:
    book = openpyxl.load_workbook(company.folder / "messen-und-events.xlsx", read_only=True)
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    book.close()
    assert list(sheets) == ["Teilnehmer", "Kosten"]
    assert sheets["Teilnehmer"][0] == ("Veranstaltung", "Datum", "Kampagnen-ID", "E-Mail", "Firma", "Status")
    assert sheets["Kosten"][0] == ("Kampagnen-ID", "Veranstaltung", "Beginn", "Ende", "Kosten (EUR)")
    status = [row[5] for row in sheets["Teilnehmer"][1:]]
    came = company.truth["events"]
    assert status.count("Teilgenommen") == came["attended"]
    assert status.count("Angemeldet") == came["registered_only"]
    costs = sum(Decimal(str(row[4])) for row in sheets["Kosten"][1:])
    assert f"{costs:.2f}" == company.truth["spend"]["event"]["EUR"]


def test_every_team_has_at_least_five_people(company: Exports) -> None:
    users = company.rows("hubspot-users.csv")
    heads = Counter((user["Department"], user["Team"]) for user in users)
    assert min(heads.values()) >= 5
    assert sum(department == "Sales" for department, _ in heads) >= 4
    assert len({user["Name"] for user in users}) == len(users)


def test_nobody_and_no_company_can_be_mistaken_for_a_real_one(company: Exports) -> None:
    addresses = [row["Email"].strip().lower() for row in company.contacts if row["Email"]]
    addresses += [user["Email"] for user in company.rows("hubspot-users.csv")]
    assert all(address.endswith(".example") for address in addresses)
    companies = company.distinct("hubspot-crm-exports-companies.csv")
    assert all(row["Company Domain Name"].lower().endswith(".example") for row in companies)
    assert all(row["Phone Number"].startswith("+49 000 ") for row in company.contacts)
    assert any("ü" in row["Last Name"] for row in company.contacts)


def test_some_names_are_nasty_and_arrive_unchanged(company: Exports) -> None:
    names = {row["Campaign name"] for row in company.rows("hubspot-campaigns.csv")}
    assert set(company.truth["planted"]["nasty_names"]) < names
    firms = {row["Company name"] for row in company.rows("hubspot-crm-exports-companies.csv")}
    assert {firm[0] for firm in firms} >= {"<", "=", "*"}


def test_touches_can_be_asked_for_and_nothing_lies_after_as_of(tmp_path: Path) -> None:
    truth = demo.write(tmp_path, leads=SMALL, touches=5_001, as_of=datetime(2026, 3, 31, 12, 0))
    exports = Exports(tmp_path)
    assert sum(row["Activity type"] in TOUCHES for row in exports.log) == truth["log"]["touches"] == 5_001
    assert max(row["Activity date"] for row in exports.log) <= "2026-03-31 12:00:00"
    assert max(row["Create Date"] for row in exports.contacts) <= "2026-03-31 12:00:00"
    assert truth["arguments"]["first_day"] == "2024-09-30"


def test_too_few_touches_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="need at least"):
        demo.write(tmp_path, leads=SMALL, touches=10)


@pytest.mark.parametrize(
    ("leads", "seed", "as_of"),
    [
        pytest.param(200, 2, datetime(2024, 2, 29, 12), id="smallest, leap day"),
        pytest.param(250, 3, datetime(2027, 1, 3, 23, 59), id="Sunday of week 53"),
        pytest.param(300, 7, datetime(2026, 10, 25, 2, 30), id="in the doubled hour"),
    ],
)
def test_any_size_and_day_will_do(tmp_path: Path, leads: int, seed: int, as_of: datetime) -> None:
    truth = demo.write(tmp_path, leads=leads, seed=seed, as_of=as_of)
    exports = Exports(tmp_path)
    assert len(exports.contacts) == truth["entities"]["contact_records"]
    assert len(exports.deals) == truth["entities"]["deals"]
    assert max(row["Activity date"] for row in exports.log) <= as_of.isoformat(" ")
    stages = truth["lead_stages"]["cycle_1"]
    assert leads == stages["lead"] > stages["mql"] > stages["sal"] > stages["sql"] > stages["opportunity"] > 0
