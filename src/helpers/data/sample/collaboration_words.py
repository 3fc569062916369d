"""What made-up participants of sessions and working groups are, say and offer."""

from collections.abc import Mapping

SEED = "collaboration 2022-06"

COMMUNITIES: Mapping[str, Mapping[str, float]] = {
    "south and west": {"ES": 30, "PT": 11, "IT": 20, "FR": 19, "EL": 6, "MT": 1, "CY": 2, "IE": 3},
    "centre and north": {"DE": 17, "AT": 9, "NL": 6, "BE": 8, "DK": 5, "SE": 6, "FI": 7, "CH": 2, "UK": 3},
    "east": {"PL": 19, "CZ": 8, "HU": 8, "RO": 13, "SI": 7, "LT": 8, "LV": 3, "EE": 3},
    "neighbours": {"UA": 9, "MD": 3, "GE": 1, "RS": 5, "TR": 6, "MK": 1, "ME": 1, "XK": 1},
}
"""Weight of each country by community. Countries of cluster organisations that stand nowhere never come."""

SIZES: Mapping[str, int] = {"south and west": 112, "centre and north": 88, "east": 84, "neighbours": 46}
"""Participants of each community."""

KINDS: Mapping[str, float] = {
    "cluster": 46,
    "company": 22,
    "research": 12,
    "public_authority": 10,
    "funder": 6,
    "other": 4,
}

SESSIONS: tuple[tuple[str, str, str, str, str], ...] = (
    ("eccp-webinars", "2020-03-24", "Masks and gowns: who can make what", "", "medical supplies"),
    ("eccp-webinars", "2020-06-09", "Borders, lorries and late deliveries", "", "logistics"),
    ("eccp-webinars", "2020-10-13", "Cross-border work with neighbours of the EU", "", ""),
    ("eccp-webinars", "2020-12-15", "What comes after COSME", "", ""),
    ("eaac-morning-sessions", "2020-04-21", "Raw materials for filters", "", "raw materials and metals"),
    ("eaac-morning-sessions", "2020-05-19", "Skilled workers who cannot travel", "", "skills"),
    ("eaac-morning-sessions", "2020-11-10", "Energy prices and industry", "", "energy"),
    ("eaac-morning-sessions", "2021-05-18", "Chips for cars and machines", "", "electronics"),
    ("clusters-meet-regions", "2022-03-16", "Timber for building", "PL", "wood;construction"),
    ("clusters-meet-regions", "2022-05-11", "Fertiliser, grain and logistics", "PT", "agri-food;logistics"),
    ("clusters-meet-regions", "2022-09-29", "Training for the green transition", "SI", "skills;energy"),
    ("clusters-meet-regions", "2022-11-23", "Regions that buy together", "IT", "medical supplies"),
    ("c2lab", "2022-11-09", "Second round of working groups", "ES", "energy;raw materials and metals"),
    ("c2lab", "2022-12-07", "Roadmaps: review", "", "logistics"),
    ("eu-clusters-talks", "2022-11-02", "Steel and copper: where from", "", "raw materials and metals"),
    ("eu-clusters-talks", "2022-11-16", "Building with less", "", "construction"),
)
"""Series, day, title (which gets "Sample: " in front), country, domains."""

QUESTIONS = (
    "How do others deal with late payment by buyers?",
    "Who has storage space near the border?",
    "Wie finden wir Fachkräfte für die Produktion?",
    "¿Qué ayudas hay para la energía?",
    "Où trouver des fournisseurs de matières premières ?",
    "Jak szybko uzyskać certyfikat?",
    "Come si trovano partner in altri paesi?",
    "Will the slides be shared?",
)

HOSTILE = (
    '=HYPERLINK("http://a.example","see")',
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "@SUM(A1:A9)",
    "${7*7} `id` \\input{x}",
    "<img src=x onerror=alert(2)>",
)
"""Texts that must stay texts."""

DOMAINS: Mapping[str, float] = {
    "logistics": 22,
    "energy": 20,
    "raw materials and metals": 16,
    "wood": 3,
    "agri-food": 15,
    "construction": 9,
    "electronics": 10,
    "medical supplies": 12,
    "skills": 14,
}

ECOSYSTEMS: Mapping[str, tuple[str, ...]] = {
    "logistics": ("mobility", "retail"),
    "energy": ("energy-renewables", "energy-intensive"),
    "raw materials and metals": ("energy-intensive", "aerospace-defence", "mobility"),
    "wood": ("construction", "proximity-social"),
    "agri-food": ("agri-food", "retail", "tourism"),
    "construction": ("construction", "energy-intensive"),
    "electronics": ("electronics", "digital", "aerospace-defence"),
    "medical supplies": ("health", "textiles", "digital"),
    "skills": ("cultural-creative", "digital", "tourism"),
}

ANY_STAGE = ("raw_materials", "packaging", "storage", "distribution")
MEDICAL_STAGES = ("active_substance", "formulation", "fill_and_finish", "vials", "syringes")

CAPABILITIES: tuple[tuple[str, str, str], ...] = (
    ("warehouse", "Warehouse space", "logistics;agri-food"),
    ("cold_store", "Cold storage", "logistics;agri-food;medical supplies"),
    ("freight", "Freight by road, rail or ship", "logistics"),
    ("customs", "Customs and export papers", "logistics"),
    ("route_data", "Data on routes and stocks", "logistics"),
    ("energy_audit", "Energy audits", "energy"),
    ("heat_recovery", "Recovery of heat", "energy;construction"),
    ("power_supply", "Electricity from renewables", "energy"),
    ("gas_substitution", "Processes without natural gas", "energy"),
    ("metal_supply", "Metals and alloys", "raw materials and metals"),
    ("recycling", "Recycled materials", "raw materials and metals;electronics"),
    ("substitution", "Substitutes for scarce materials", "raw materials and metals;electronics"),
    ("timber", "Timber and boards", "wood;construction"),
    ("wood_building", "Building with wood", "wood;construction"),
    ("fertiliser", "Fertiliser", "agri-food"),
    ("food_processing", "Food processing", "agri-food"),
    ("prefabrication", "Prefabricated parts", "construction"),
    ("chips", "Chips and boards", "electronics"),
    ("sensors", "Sensors", "electronics"),
    ("clean_room", "Clean-room production", "medical supplies;electronics"),
    ("sterilisation", "Sterilisation", "medical supplies"),
    ("certification", "Help with certificates", "medical supplies"),
    ("training", "Training courses", "skills"),
    ("placements", "Exchange of staff", "skills"),
    ("funding", "Funding", ""),
    ("test_lab", "Test laboratory", ""),
    ("market_access", "Contacts to buyers abroad", ""),
    ("coordination", "Coordination of projects", ""),
)
"""Code, label, domains."""

OFTEN_OFFERED: Mapping[str, tuple[str, ...]] = {
    "funder": ("funding",),
    "research": ("test_lab", "substitution"),
    "cluster": ("coordination", "market_access"),
    "public_authority": ("funding", "coordination"),
}
"""What some kinds of organisations offer whatever the domain."""

ROLES: Mapping[str, float] = {"lead": 14, "partner": 52, "expert": 20, "observer": 14}

INTERESTS = (
    "We look for partners to secure {need} in {domain}.",
    "Our members want to share {offer} with others in {domain}.",
    "{domain}: we would like to test {offer} together.",
    "We had long delays and need {need}.",
    "Nous cherchons des partenaires ({domain}).",
    "Wir suchen Partner für {domain}.",
    "Buscamos socios para {domain}.",
)
