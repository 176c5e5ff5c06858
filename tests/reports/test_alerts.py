"""What is about to be missed and what was missed is told once, in the reader's language, and not lost on the way."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from typer.testing import CliRunner

import locales
from agreement import load
from queries.published import published_file
from reports.__main__ import app
from reports.alerts import alerts, message, plain, recent, subject, untold
from reports.channels import NotSent
from reports.settings import SettingsError, channels
from reports.told import Told
from tests.reports.servers import mail_server, webhook

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 10, tzinfo=BERLIN)  # a Monday
HOUR = timedelta(hours=1)
DEMO_TEAMS = {"Inside Sales", "Vertrieb Süd", "Vertrieb West", "Vertrieb Nord-Ost", "Vertrieb Alpen"}


def row(lead_id="4711", status="breached", due=NOW - HOUR, **columns):
    told = {
        "lead_id": lead_id, "cycle": 1, "status": status, "assigned_at": due - HOUR, "due_at": due, "team": "Nord",
        "source": "Messe", "lead_type": "demo_request", "crm_url": "https://crm.example/4711",
    }  # fmt: skip
    return told | columns


def found(*rows, now=NOW):
    return alerts(pl.DataFrame(list(rows)), load(), now)


def test_a_handover_is_about_to_be_missed_from_its_warning_on():
    soon = row(status="pending", due=NOW + HOUR)
    assert found(soon, now=NOW + timedelta(minutes=29)) == []
    assert [alert.kind for alert in found(soon, now=NOW + timedelta(minutes=30))] == ["due_soon"]


def test_the_warning_comes_in_working_time():
    """Due on Monday ten minutes after the office opens: on Friday evening half an hour of work lies ahead no more."""
    opens = datetime(2026, 11, 23, 9, tzinfo=BERLIN)
    early, late = (row(status="pending", due=opens + timedelta(minutes=n), lead_type="other") for n in (10, 40))
    friday = datetime(2026, 11, 20, 17, tzinfo=BERLIN)
    assert [alert.due_at for alert in found(early, late, now=friday)] == [early["due_at"]]
    assert len(found(early, late, now=opens + timedelta(minutes=10))) == 2


def test_missed_ones_come_first_and_each_has_a_name_for_good():
    both = found(row("b", "pending", due=NOW), row("a"), row("c", due=NOW - 2 * HOUR))
    assert [alert.key for alert in both] == ["breached:c#1", "breached:a#1", "due_soon:b#1"]
    assert [alert.lead_id for alert in untold(both, {"breached:c#1": ""})] == ["a", "b"]


def test_a_new_reader_is_not_told_history():
    old = row("old", due=NOW - timedelta(days=3))
    assert [alert.lead_id for alert in recent(found(old, row("new")), NOW)] == ["new"]


@pytest.mark.parametrize(
    ("language", "first", "line"),
    [
        pytest.param(
            "en", "Tandem: 1 handover missed, 1 due soon",
            "- Lead 4711 · due 23 Nov 2026, 09:00 · Demo request · Messe · Nord · ", id="en",
        ),
        pytest.param(
            "de", "Tandem: 1 Übergabe verfehlt, 1 bald fällig",
            "- Lead 4711 · fällig 23.11.2026, 09:00 · Demo-Anfrage · Messe · Nord · ", id="de",
        ),
    ],
)  # fmt: skip
def test_the_message_speaks_the_readers_language_and_names_nobody(language, first, line):
    locales.use(language)
    rows = [row(), row("2", "pending", due=NOW, crm_url=None)]
    text = message(found(*rows), NOW)
    assert subject(found(*rows)) == first == text.splitlines()[0]
    assert line in text
    assert "https://crm.example/4711" in text


def test_a_long_list_is_cut_and_says_so():
    text = message(found(*(row(f"L{n}") for n in range(40))), NOW)
    assert text.count("\n- ") == 26
    assert "and 15 more" in text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("<!channel> urgent", "‹!channel› urgent", id="mention of a whole channel"),
        pytest.param("@here", "@\u2060here", id="mention of everybody"),
        pytest.param("a\nDue soon:\n- b", "a Due soon: - b", id="lines of its own"),
        pytest.param("abc\u202ecba", "abc cba", id="turned around"),
    ],
)
def test_names_from_a_crm_are_plain_text(name, shown):
    assert plain(name) == shown


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://crm.example/a b", "<https://x>", ""])
def test_what_is_no_web_address_is_no_link(url):
    assert found(row(crm_url=url))[0].crm_url is None


@pytest.fixture
def told(tmp_path, demo_build):
    """Runs the command against the demo build, a few minutes before its first pending handover is due."""
    settings, state = tmp_path / "alerts.toml", tmp_path / "told.json"

    def run(*options, text=None):
        if text is not None:
            settings.write_text(text, "utf-8")
        arguments = ["alerts", "--builds", str(demo_build), "--settings", str(settings), "--state", str(state)]
        return CliRunner().invoke(app, [*arguments, "--now", "2026-11-23T16:00:00", "--language", "en", *options])

    run.state = state
    return run


def test_printed_once_and_then_nothing_new(told):
    first, again = told(), told()
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "Lead " in first.output
    assert "Nothing new" in again.output
    assert "Nichts Neues" in told("--language", "de").output


def test_a_dry_run_sends_and_remembers_nothing(told):
    with webhook() as server:
        assert told("--dry-run", text=f'[webhook]\nurl = "{server.url}"').exit_code == 0
        assert server.received == []
    assert not told.state.exists()


def test_every_channel_is_told_once_in_its_own_language(told):
    with webhook() as hook, mail_server() as mail:
        text = f"""
        language = "de"
        [webhook]
        url = "{hook.url}"
        [mail]
        host = "127.0.0.1"
        port = {mail.port}
        from = "tandem@firma.example"
        to = ["lead@firma.example", "desk@firma.example"]
        encryption = "none"
        language = "en"
        """
        assert told(text=text).exit_code == 0
        assert told().exit_code == 0
        assert [body["text"].splitlines()[0].split(":")[0] for body in hook.received] == ["Tandem"]
        assert "fällig" in hook.received[0]["text"]
        assert [letter["To"] for letter in mail.received] == ["lead@firma.example", "desk@firma.example"]
        assert "due " in mail.received[0].get_content()
        assert mail.received[0]["Subject"].startswith("Tandem: ")


@pytest.mark.parametrize("status", [500, 404, 302])
def test_what_was_not_taken_is_tried_again_and_nothing_is_lost(told, status):
    with webhook() as server:
        server.status = status
        failed = told(text=f'[webhook]\nurl = "{server.url}"')
        assert failed.exit_code == 1
        assert "tried again" in failed.output
        server.status = 200
        assert told().exit_code == 0
        assert len(server.received) == 1, "the terminal was told before, the webhook only now"
        assert told().exit_code == 0
        assert len(server.received) == 1


def test_an_address_that_is_refused_keeps_nothing_from_the_others(told):
    with mail_server() as mail:
        mail.refused = ["gone@firma.example"]
        text = f"""
        [mail]
        host = "127.0.0.1"
        port = {mail.port}
        from = "tandem@firma.example"
        to = ["gone@firma.example", "desk@firma.example"]
        encryption = "none"
        """
        assert told(text=text).exit_code == 1
        assert told().exit_code == 1
        mail.refused = []
        assert told().exit_code == 0
        assert [letter["To"] for letter in mail.received] == ["desk@firma.example", "gone@firma.example"]


def test_a_team_is_told_of_its_own(told):
    def lines(text):
        return [line for line in text.splitlines() if line.startswith("- Lead")]

    mine = next(part for part in lines(told("--dry-run").output)[0].split(" · ") if part in DEMO_TEAMS)
    with webhook() as server:
        text = "".join(f'[[webhook]]\nurl = "{server.url}"\nteam = "{team}"\n' for team in (mine, "Nowhere"))
        assert told(text=text).exit_code == 0
        (body,) = server.received
        assert lines(body["text"])
        assert all(f" · {mine} · " in line for line in lines(body["text"]))


def test_a_mail_server_without_encryption_gets_neither_message_nor_password(told, monkeypatch):
    monkeypatch.setenv("TANDEM_ALERTS_MAIL_PASSWORD", "s3cret")
    with mail_server() as mail:
        text = f'[mail]\nhost = "127.0.0.1"\nport = {mail.port}\nfrom = "a@b.example"\nto = "c@d.example"\nuser = "u"'
        failed = told(text=text)
        assert failed.exit_code == 1
        assert "SMTPNotSupportedError" in failed.output
        assert mail.received == []
        assert not any("AUTH" in line for line in mail.heard)


def test_no_secret_is_in_what_is_printed_or_kept(told, tmp_path, monkeypatch):
    monkeypatch.setenv("TANDEM_ALERTS_WEBHOOK", "http://127.0.0.1:9/hook/s3cret")
    monkeypatch.setenv("TANDEM_ALERTS_MAIL_PASSWORD", "s3cret")
    settings = '[mail]\nhost = "127.0.0.1"\nport = 9\nfrom = "a@b.example"\nto = "c@d.example"\nuser = "u"'
    failed = told(text=settings)
    assert failed.exit_code == 1
    assert "s3cret" not in failed.output + told.state.read_text("utf-8")
    for way in channels(tmp_path / "alerts.toml"):
        assert "s3cret" not in repr(way) + way.name
        with pytest.raises(NotSent) as error:
            way.send("subject", "text")
        assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("webhook = ", "not valid TOML", id="broken"),
        pytest.param('[webhook]\nurl = "http://[x"', "https://", id="half an address"),
        pytest.param('[webhook]\nkey = "x"', "key is not known", id="unknown line"),
        pytest.param('webhook = "http://x"', r"\[\[webhook\]\]", id="no section"),
        pytest.param(
            '[mail]\nhost = "h"\nfrom = "a@b"\nto = "c@d"\nuser = "u"\nencryption = "none"',
            "in the open",
            id="a password in the open",
        ),
        pytest.param('[mail]\nhost = "h"\nfrom = "a@b"\nto = ["c@d", "c@d"]', "named twice", id="told twice"),
        pytest.param("[slack]\n", "slack is not known", id="unknown section"),
        pytest.param('[webhook]\nurl = "ftp://x"', "https://", id="no web address"),
        pytest.param('[mail]\nhost = "h"\nfrom = "a@b"', "to is missing", id="to nobody"),
        pytest.param(
            '[mail]\nhost = "h"\nfrom = "a@b\\nBcc: x@y"\nto = "c@d"', "from is missing", id="a header of its own"
        ),
        pytest.param('language = "fr"\n[webhook]\nurl = "http://x"', "language", id="no such language"),
    ],
)
def test_settings_that_cannot_be_used_say_why(tmp_path, told, text, complaint):
    (tmp_path / "s.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=complaint):
        channels(tmp_path / "s.toml", {})
    assert told(text=text).exit_code == 1


def test_old_keys_are_forgotten_and_a_damaged_file_says_so(tmp_path):
    told, old = Told(tmp_path / "told.json"), found(row(due=NOW - timedelta(days=91)))
    told.remember("x", old, NOW - timedelta(days=2))
    told.remember("x", found(row("new")), NOW)
    assert list(Told(tmp_path / "told.json").of("x")) == ["breached:new#1"]
    (tmp_path / "told.json").write_text("{", "utf-8")
    with pytest.raises(ValueError, match="damaged"):
        Told(tmp_path / "told.json")


def test_without_a_published_file_it_says_what_to_do(tmp_path):
    assert published_file(tmp_path) is None
    missing = CliRunner().invoke(app, ["alerts", "--builds", str(tmp_path)])
    assert missing.exit_code == 1
    assert "make build" in missing.output
