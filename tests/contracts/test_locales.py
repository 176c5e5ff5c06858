"""German says everything English says, with the same placeholders and in the agreed words."""

import re
import subprocess
import sys

from babel.messages.pofile import read_po

import locales
from tests.contracts.tree import ROOT
from tests.golden import load

TEMPLATE = ROOT / "locales" / "tandem.pot"
GERMAN = ROOT / "locales" / "de" / "LC_MESSAGES" / "tandem.po"
PLACEHOLDER = re.compile(r"%\{[^}]*\}|\{[^}]*\}|<br>")


def messages(file):
    with file.open("rb") as source:
        return {message.id: message for message in read_po(source, locale="de") if message.id}


def forms(text):
    return list(text) if isinstance(text, tuple | list) else [text]


def first(identity):
    return forms(identity)[0]


SPOKEN = list(messages(GERMAN).values())


def test_catalogue_holds_what_the_code_says(tmp_path):
    fresh = tmp_path / "fresh.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", "locales/babel.cfg"]
    subprocess.run(
        [*command, "-k", "_", "-k", "ngettext:1,2", "--omit-header", "-o", str(fresh), "."], cwd=ROOT, check=True
    )
    said = set(messages(fresh))
    assert said == set(messages(TEMPLATE)), "run `make messages`"
    assert said == set(messages(GERMAN)), "run `make messages` and translate what is new"


def offenders(is_wrong):
    return [(first(message.id), message.string) for message in SPOKEN if is_wrong(message)]


def test_every_message_is_translated():
    assert len(SPOKEN) > 100
    assert not offenders(lambda message: message.fuzzy or not all(forms(message.string)))


def test_placeholders_are_the_same():
    def marks(text):
        return {mark for form in forms(text) for mark in PLACEHOLDER.findall(form)}

    assert not offenders(lambda message: marks(message.id) != marks(message.string))


def test_a_sentence_ends_as_a_sentence():
    def ends(text):
        return [form[-1] if form[-1] in ".?" else "" for form in forms(text)][-1]

    abbreviated = ("Pp.",)
    assert not offenders(
        lambda message: (
            ends(message.id) != ends(message.string) and first(message.string).split()[-1] not in abbreviated
        )
    )


def test_readers_are_addressed_politely_and_quoted_in_german():
    familiar = re.compile(r"\b(?:du|dein\w*|dich|dir)\b", re.IGNORECASE)
    assert not offenders(lambda message: any(familiar.search(form) for form in forms(message.string)))
    assert not offenders(
        lambda message: any("”" in form or form.count("„") != form.count("“") for form in forms(message.string))
    )


def test_terms_are_the_agreed_ones():
    agreed = load("de_labels")["expected"]
    ours = {message.id: message.string for message in SPOKEN}
    shared = {
        term: agreed[term]
        for term in ("Win rate", "Lead source", "Campaign", "Funnel", "Opportunity", "Owner", "Disqualified", "Stage")
    }
    assert {term: ours[term] for term in shared} == shared


def test_a_reader_of_each_language_hears_it():
    locales.use("de")
    assert locales._("Data health") == "Datenqualität"
    assert locales.ngettext("{count} won", "{count} won", 2) == "{count} gewonnen"
    locales.use("en")
    assert locales._("Data health") == "Data health"
    assert locales._("no such message") == "no such message"


def test_an_unknown_language_is_english():
    locales.use("xx")
    assert locales.language() == "en"
