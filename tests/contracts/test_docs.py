"""Documents tell the truth: generated ones are current, commands and links exist, both languages say the same."""

import re
import subprocess

import duckdb
import pytest

from pipeline import contract
from queries.published import published_file
from tests.contracts.tree import ROOT, name, repository_files

DOCUMENTS = [file for file in repository_files() if file.suffix == ".md"]
ENGLISH, GERMAN = ROOT / "README.md", ROOT / "README.de.md"


def test_data_contract_is_current():
    assert contract.PATH.read_text("utf-8") == contract.text(), "run `make docs`"


def test_published_file_holds_exactly_what_the_contract_says(demo_build):
    with duckdb.connect(str(published_file(demo_build)), read_only=True) as connection:
        columns = connection.execute(
            "select table_schema || '.' || table_name, column_name, data_type from information_schema.columns "
            "order by table_schema, table_name, ordinal_position"
        ).fetchall()
    published: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in columns:
        published.setdefault(table, []).append((column, kind))
    promised = {table.name: [(column.name, column.type) for column in table.columns] for table in contract.tables()}
    assert published == promised


def test_keys_of_the_contract_identify_rows(demo_build):
    with duckdb.connect(str(published_file(demo_build)), read_only=True) as connection:
        for table in contract.tables():
            keys = ", ".join(column.name for column in table.columns if column.is_key)
            if keys:
                repeated = f"select {keys} from {table.name} group by all having count(*) > 1 limit 3"
                assert connection.execute(repeated).fetchall() == [], table.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_somewhere(document):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text("utf-8"))
    links += re.findall(r'(?:src|srcset|href)="([^"#]+)"', document.read_text("utf-8"))
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert not missing


def test_commands_named_in_documents_exist():
    help_text = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    known = set(re.findall(r"^  make ([a-z]+)", help_text, re.MULTILINE))
    assert {"run", "test", "help", "build", "demo", "lint", "bench", "docs", "soak"} <= known
    named = {
        command
        for document in DOCUMENTS
        for command in re.findall(r"(?:`|^)make ([a-z-]+)", document.read_text("utf-8"), re.MULTILINE)
    }
    assert named
    assert named <= known


def test_both_readmes_say_the_same():
    """Same headings in number and depth, same commands, same pictures but for their language, same links."""

    def skeleton(text: str) -> dict[str, object]:
        prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        links = re.findall(r"\]\(([^)]+)\)", text) + re.findall(r'src="([^"]+)"', text)
        return {
            "headings": [len(marks) for marks in re.findall(r"^(#+) ", prose, re.MULTILINE)],
            "code": [re.sub(r"#.*", "", block) for block in re.findall(r"```.*?```", text, flags=re.DOTALL)],
            "rows": len(re.findall(r"^\|", prose, re.MULTILINE)),
            "links": sorted(link for link in links if "README" not in link),
        }

    assert skeleton(ENGLISH.read_text("utf-8")) == skeleton(GERMAN.read_text("utf-8"))


def test_pictures_are_small_and_shown():
    shown = {link for document in DOCUMENTS for link in re.findall(r"images/([\w.-]+)", document.read_text("utf-8"))}
    pictures = {file.name: file.stat().st_size for file in (ROOT / "docs" / "images").glob("*.png")}
    assert set(pictures) == shown
    assert all(size < 300_000 for size in pictures.values())


def test_every_decision_says_what_why_what_it_costs_and_what_keeps_it():
    pages = [page for page in (ROOT / "docs" / "decisions").glob("*.md") if page.name != "README.md"]
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    for page in pages:
        text = page.read_text("utf-8")
        assert all(part in text for part in ("**Decision.**", "**Why.**", "**Cost.**", "**Kept by**")), page.name
        assert f"]({page.name})" in listed
