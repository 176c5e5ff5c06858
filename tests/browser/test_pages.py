"""Every page opens for a person: in both languages, light, dark and on a phone, without a complaint."""

import re

import pytest

from tests.contracts.tree import ROOT, python_files

pytestmark = pytest.mark.browser

PAGES = len(python_files("pages"))
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SEEN_AS = {
    "English, light": {"locale": "en-GB", "color_scheme": "light", "viewport": DESK},
    "German, dark": {"locale": "de-DE", "color_scheme": "dark", "viewport": DESK},
    "German, phone": {"locale": "de-DE", "viewport": PHONE, "is_mobile": True, "has_touch": True},
}


def addresses(page) -> list[str]:
    """Where the menu leads, in its order."""
    links = page.locator('[data-testid="stSidebarNavLink"]')
    return [re.sub(r"^https?://[^/]+|\?.*$", "", link.get_attribute("href")) for link in links.all()]


@pytest.mark.parametrize("looks", SEEN_AS)
def test_every_page_opens_without_a_complaint(visit, dashboard, looks):
    window = visit(dashboard, **SEEN_AS[looks])
    menu = addresses(window.open("/"))
    assert len(menu) == PAGES
    titles = set()
    for address in menu:
        page = window.open(address)
        assert page.locator('[data-testid="stException"]').count() == 0, dashboard.last_words()
        titles.add(page.locator("h1").first.inner_text())
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{address} scrolls sideways"
    assert len(titles) == PAGES
    assert window.complaints == []
    assert window.strangers == []
    assert dashboard.complaints() == []


def test_language_is_the_browsers_and_the_address_overrides_it(visit, dashboard):
    german = visit(dashboard, locale="de-DE").open("/").locator("h1").first.inner_text()
    english = visit(dashboard, locale="en-US").open("/").locator("h1").first.inner_text()
    assert german != english
    assert visit(dashboard, locale="en-US").open("/", lang="de").locator("h1").first.inner_text() == german


def test_dark_is_dark_and_light_is_light(visit, dashboard):
    def brightness(scheme: str) -> int:
        page = visit(dashboard, color_scheme=scheme).open("/")
        colour = page.evaluate("getComputedStyle(document.querySelector('[data-testid=\"stApp\"]')).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)[:3]))

    assert brightness("dark") < 150 < 600 < brightness("light")


def test_a_shared_address_shows_the_same_view(visit, dashboard):
    """Period and filters travel in the address, not in the session of whoever chose them."""
    funnel = next(address for address in addresses(visit(dashboard).open("/")) if "funnel" in address)
    short = (
        visit(dashboard, locale="en-GB").open(funnel, period="last_4_weeks").locator("main, section").first.inner_text()
    )
    long = (
        visit(dashboard, locale="en-GB")
        .open(funnel, period="last_52_weeks")
        .locator("main, section")
        .first.inner_text()
    )
    assert short != long


def test_the_browser_under_test_is_able_to_complain(visit, dashboard):
    """The three tests above would pass with deaf ears; these are not."""
    window = visit(dashboard)
    page = window.open("/")
    page.evaluate("console.warn('heard'); new Image().src = 'http://127.0.0.1:9/stranger.png'")
    page.wait_for_timeout(300)
    assert any("warning: heard" in complaint for complaint in window.complaints)
    assert window.strangers == ["http://127.0.0.1:9/stranger.png"]


def test_pages_are_counted(request):
    assert PAGES == len(list((ROOT / "pages").glob("*/*.py"))) > 0
