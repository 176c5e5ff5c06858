"""The invented company: teams, markets, channels, campaigns and the effects planted in them.

Everything here is made up. Working habits differ on purpose from every library default.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# channel, share of new leads, chance to become an MQL, odds factor on acceptance, odds factor on winning (planted)
CHANNELS: list[tuple[str, float, float, float, float]] = [
    ("Paid Search", 0.170, 0.60, 1.05, 1.10),
    ("Organic Search", 0.150, 0.60, 1.10, 1.00),
    ("Paid Social", 0.110, 0.47, 0.80, 0.55),
    ("Organic Social", 0.040, 0.45, 0.85, 0.75),
    ("Display", 0.060, 0.34, 0.45, 0.35),
    ("Email Marketing", 0.080, 0.62, 1.15, 1.50),
    ("Webinar", 0.080, 0.72, 1.40, 3.00),
    ("Event", 0.060, 0.70, 1.30, 2.20),
    ("Content", 0.080, 0.52, 0.95, 1.80),
    ("Referrals", 0.045, 0.80, 1.80, 2.40),
    ("Partner", 0.050, 0.82, 2.20, 2.40),
    ("Outbound", 0.040, 0.45, 0.75, 0.70),
    ("Direct Traffic", 0.025, 0.60, 1.00, 1.00),
    ("Other Campaigns", 0.010, 0.40, 0.80, 0.90),
]
CHANNEL = {name: number for number, (name, *_) in enumerate(CHANNELS)}
CHANNEL_NAMES = [row[0] for row in CHANNELS]
CHANNEL_WORDS = [  # the same in Tandem's words
    "paid_search", "organic_search", "paid_social", "organic_social", "display", "email", "webinar", "event", "content",
    "referral", "partner", "outbound", "direct", "other",
]  # fmt: skip
LEAD_SHARE = np.array([row[1] for row in CHANNELS])
MQL_CHANCE = np.array([row[2] for row in CHANNELS])
ACCEPT_ODDS = np.array([row[3] for row in CHANNELS])
WIN_ODDS = np.array([row[4] for row in CHANNELS])
# ways to come by around the time a person becomes a lead, and while interest lasts (no advertising then)
EARLY_MIX = np.array([0.11, 0.14, 0.09, 0.04, 0.06, 0.15, 0.12, 0.0, 0.11, 0.008, 0.014, 0.0, 0.14, 0.003])
EARLY_MIX = EARLY_MIX / EARLY_MIX.sum()
LATER_MIX = np.array([0.02, 0.14, 0.01, 0.01, 0.0, 0.30, 0.19, 0.0, 0.17, 0.004, 0.012, 0.0, 0.144, 0.0])
LATER_MIX = LATER_MIX / LATER_MIX.sum()

# one or two sources per channel, as the CRM's drill-down says
SOURCES: dict[str, list[str]] = {
    "Paid Search": ["Google Ads"],
    "Organic Search": ["Suchmaschine"],
    "Paid Social": ["LinkedIn Ads"],
    "Organic Social": ["LinkedIn", "Videokanal"],
    "Display": ["Bannernetz Blinkstern"],
    "Email Marketing": ["Newsletter", "Aktionsmail"],
    "Webinar": ["Webinar-Reihe"],
    "Event": ["Messe"],
    "Content": ["Whitepaper", "Spindelrechner"],
    "Referrals": ["Kundenempfehlung"],
    "Partner": ["Partnerportal Fräswelt"],
    "Outbound": ["Adressliste", "Kaltakquise"],
    "Direct Traffic": ["Webseite"],
    "Other Campaigns": ["Sonstige"],
}
SLOW_CHANNEL = "Partner"  # planted: excellent leads that wait too long for an answer
BAD_CHANNEL = "Display"  # planted: many leads, hardly any business
SLOW_FACTOR = 5.0
FAST_MINUTES = 240  # an answer within as many business minutes is "fast" in the planted effect
FAST_ACCEPT_ODDS = 2.6  # odds factor of a fast answer on being accepted
FAST_SQL_ODDS = 1.6  # ... and on becoming an SQL afterwards
ACCEPT_CHANCE, SQL_CHANCE, OPPORTUNITY_CHANCE, WIN_CHANCE = 0.57, 0.62, 0.72, 0.165  # before any odds factor
REPEAT_WIN_CHANCE = 0.36  # business with existing customers
REPEAT_SHARE, LEGACY_SHARE = 0.028, 0.014  # their deals per lead: within the window, and open from before it
FRIDAY_FACTOR = 2.8  # handed over on Friday after 13:00: the answer takes longer

LEAD_TYPES = ["Demo request", "Contact request", "Content", "Event", "Referral", "List", "Other"]
# share of each lead type by channel; rows sum to one
_DEMO, _CONTACT, _CONTENT, _EVENT, _REFERRAL, _LIST, _OTHER = np.eye(7)
LEAD_TYPE_MIX = np.array(
    [
        0.45 * _DEMO + 0.40 * _CONTACT + 0.15 * _CONTENT,
        0.35 * _DEMO + 0.45 * _CONTACT + 0.20 * _CONTENT,
        0.15 * _DEMO + 0.20 * _CONTACT + 0.65 * _CONTENT,
        0.15 * _DEMO + 0.35 * _CONTACT + 0.50 * _CONTENT,
        0.10 * _DEMO + 0.20 * _CONTACT + 0.70 * _CONTENT,
        0.30 * _DEMO + 0.35 * _CONTACT + 0.35 * _CONTENT,
        0.15 * _DEMO + 0.05 * _CONTACT + 0.80 * _EVENT,
        0.05 * _DEMO + 0.95 * _EVENT,
        0.10 * _DEMO + 0.90 * _CONTENT,
        0.20 * _CONTACT + 0.80 * _REFERRAL,
        0.20 * _CONTACT + 0.80 * _REFERRAL,
        1.00 * _LIST,
        0.30 * _DEMO + 0.70 * _CONTACT,
        1.00 * _OTHER,
    ]
)
QUALIFY_HOURS = np.array([1.0, 2.0, 80.0, 40.0, 12.0, 120.0, 60.0])  # median captured -> qualified by lead type
ANSWER_MINUTES = np.array(
    [60.0, 80.0, 150.0, 140.0, 75.0, 240.0, 200.0]
)  # median business minutes to the first attempt

TEAMS: list[tuple[str, str, int, float]] = [  # team, department, heads, pace (answer time factor)
    ("Vertrieb Süd", "Sales", 8, 0.85),
    ("Vertrieb West", "Sales", 7, 0.95),
    ("Vertrieb Nord-Ost", "Sales", 6, 1.50),
    ("Vertrieb Alpen", "Sales", 5, 1.05),
    ("Inside Sales", "Sales", 6, 0.70),  # works on Saturdays, too
    ("Digitalmarketing", "Marketing", 6, 1.0),
    ("Messen & Inhalte", "Marketing", 5, 1.0),
]
SALES_TEAMS = [name for name, department, *_ in TEAMS if department == "Sales"]
SATURDAY_TEAM = "Inside Sales"

REGIONS: list[tuple[str, str, float, int]] = [  # region, country, share, team number
    ("Baden-Württemberg", "Deutschland", 0.24, 0),
    ("Bayern", "Deutschland", 0.17, 0),
    ("Nordrhein-Westfalen", "Deutschland", 0.17, 1),
    ("Hessen", "Deutschland", 0.06, 1),
    ("Rheinland-Pfalz", "Deutschland", 0.04, 1),
    ("Saarland", "Deutschland", 0.01, 1),
    ("Niedersachsen", "Deutschland", 0.07, 2),
    ("Sachsen", "Deutschland", 0.05, 2),
    ("Thüringen", "Deutschland", 0.03, 2),
    ("Schleswig-Holstein", "Deutschland", 0.02, 2),
    ("Berlin", "Deutschland", 0.02, 2),
    ("Vorarlberg", "Österreich", 0.03, 3),
    ("Oberösterreich", "Österreich", 0.03, 3),
    ("Zürich", "Schweiz", 0.03, 3),
    ("Aargau", "Schweiz", 0.03, 3),
]
SEGMENTS: list[tuple[str, float, float, int, int]] = [  # segment, share, deal size factor, employees from, to
    ("Kleinbetriebe", 0.40, 0.62, 8, 49),
    ("Mittelstand", 0.46, 1.05, 50, 499),
    ("Großkunden", 0.14, 1.75, 500, 6000),
]
SMALL_SEGMENT = 0  # looked after by the Saturday team unless abroad
INDUSTRIES = [
    "Maschinenbau", "Automobilzulieferer", "Medizintechnik", "Werkzeug- & Formenbau", "Luftfahrt", "Energietechnik",
    "Lohnfertigung", "Elektrotechnik",
]  # fmt: skip
TITLES = [
    "Leiterin Fertigung", "Leiter Fertigung", "Geschäftsführerin", "Geschäftsführer", "Einkauf", "Technische Leitung",
    "Arbeitsvorbereitung", "Instandhaltung", "Qualitätssicherung", "Produktionsplanung",
]  # fmt: skip
CONSENTS = [
    ("Freely given consent from contact", 0.46),
    ("Legitimate interest - prospect/lead", 0.34),
    ("Legitimate interest - existing customer", 0.12),
    ("Not applicable", 0.08),
]
HEARD = [
    "Messe",
    "Suchmaschine",
    "Empfehlung eines Kollegen",
    "Fachzeitschrift",
    "Webinar",
    "LinkedIn",
    "weiß nicht mehr",
]
MACHINES = [
    "Fräszentrum FZ-5",
    "Drehmaschine D-80",
    "Schleifzelle SZ",
    "Laserzelle L-3",
    "Wartungsvertrag",
    "Automationszelle",
]
REJECT_REASONS = ["Kein Bedarf", "Falsche Zielgruppe", "Wettbewerber", "Keine Kontaktdaten", "Student / Forschung"]
RECYCLE_REASONS = ["Kein Budget in diesem Jahr", "Zeitpunkt zu früh", "Ansprechpartner gewechselt"]
LOST_REASONS = ["Preis", "Wettbewerber", "Projekt verschoben", "Lieferzeit", "Technik passt nicht", "Keine Rückmeldung"]
DEAL_STAGES = [
    "Appointment Scheduled", "Qualified To Buy", "Presentation Scheduled", "Decision Maker Bought-In", "Contract Sent",
]  # fmt: skip
WON, LOST = "Closed Won", "Closed Lost"


@dataclass(frozen=True)
class Campaign:
    """A campaign; weeks count from the first week of the window, `last_week` is inclusive."""

    campaign_id: str
    name: str
    channel: str
    first_week: int
    last_week: int
    weekly_cost: float  # for 6,000 leads in 78 weeks, in `currency`
    currency: str = "EUR"
    budget_factor: float = 1.05


FAIRS: list[tuple[str, int, float]] = [  # name, week of the window, cost in EUR
    ("Spanwelt Süd", 16, 68_000.0),
    ("Metallikum", 25, 52_000.0),
    ("Fräsforum Alpen", 35, 31_000.0),
    ("Werkzeugtage Nord", 46, 39_000.0),
    ("Zerspanika", 55, 84_000.0),
    ("Hausmesse „Späne & Öl“", 65, 27_000.0),
]
WEEKS = 78


def campaigns() -> list[Campaign]:
    """All campaigns of the window. A few carry names that are nasty but harmless on purpose."""
    always = [
        ("Marke", 1900.0), ("Fräsmaschinen", 1250.0), ("Drehmaschinen", 980.0), ("Schleifen & Läppen", 520.0),
        ("=1+1 Wochen Probefräsen", 240.0),
    ]  # fmt: skip
    rows = [Campaign(f"2110000000{n}", f"Suche | {name}", "Paid Search", 0, WEEKS - 1, cost)
            if not name.startswith("=") else Campaign(f"2110000000{n}", name, "Paid Search", 30, 52, cost)
            for n, (name, cost) in enumerate(always, 1)]  # fmt: skip
    rows += [
        Campaign("22200000001", "Display | Umsehen & Wiederkommen", "Display", 0, WEEKS - 1, 1150.0),
        Campaign("22200000002", "<b>Frühjahrsaktion</b> Display", "Display", 40, 56, 420.0),
    ]
    for n, (name, first, last, cost, currency) in enumerate([
        ("Fertigungsleiter DACH", 0, 38, 2100.0, "EUR"), ("Fertigungsleiter DACH 2", 39, WEEKS - 1, 2350.0, "EUR"),
        ("Schweiz Präzision", 8, WEEKS - 1, 640.0, "CHF"), ("**Herbstoffensive** [hier](#)", 70, 72, 5200.0, "EUR"),
    ], 1):  # fmt: skip
        rows.append(Campaign(f"33300000{n}", name, "Paid Social", first, last, cost, currency))
    for n in range(6):
        rows.append(
            Campaign(f"NL-{n + 1:02d}", f"Newsletter Staffel {n + 1}", "Email Marketing", n * 13, n * 13 + 12, 0.0)
        )
        rows.append(
            Campaign(f"WEB-{n + 1:02d}", f"Webinar {n + 1}: Späne, Zahlen, Öfen", "Webinar", n * 13, n * 13 + 12, 0.0)
        )
    rows += [
        Campaign("WP-01", "Whitepaper Rüstzeiten halbieren", "Content", 0, WEEKS - 1, 0.0),
        Campaign("WP-02", "Whitepaper Kühlschmierstoffe", "Content", 20, WEEKS - 1, 0.0),
        Campaign("PAR-01", "Partnerprogramm Fräswelt", "Partner", 0, WEEKS - 1, 0.0),
        Campaign("EMP-01", "Kunden werben Kunden", "Referrals", 0, WEEKS - 1, 0.0),
    ]
    for n, (name, week, cost) in enumerate(FAIRS, 1):
        rows.append(Campaign(f"MESSE-{n:02d}", name, "Event", week, week, cost))
    return rows
