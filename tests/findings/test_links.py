"""Only addresses of the web are followed; whatever else stands in a link of the CRM stays text."""

import pytest

from findings.links import web_address


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://crm.example/leads/7?tab=1#top", id="https"),
        pytest.param("http://intranet:8080/lead/7", id="http with a port"),
    ],
)
def test_web_addresses_are_followed(url):
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="empty"),
        pytest.param("javascript:alert(1)", id="a script"),
        pytest.param(" javascript:alert(1)", id="a script behind a blank"),
        pytest.param("java\nscript:alert(1)", id="a script in two lines"),
        pytest.param("data:text/html,<script>", id="a page of its own"),
        pytest.param("//evil.example/x", id="no scheme"),
        pytest.param("https://", id="no host"),
        pytest.param("https://[", id="half an address"),
        pytest.param("https://bank.example@evil.example/", id="a name that hides the host"),
        pytest.param("https://crm.example/\u202eexe.7", id="turned around"),
        pytest.param('https://crm.example/"onclick="x', id="quotes"),
        pytest.param("https://crm.example/" + "x" * 10_000, id="too long"),
    ],
)
def test_others_are_not(url):
    assert web_address(url) is None
