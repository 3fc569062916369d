"""The two country codes in which Eurostat and ISO 3166-1 differ."""

ISO_TO_EUROSTAT = {"GR": "EL", "GB": "UK"}
EUROSTAT_TO_ISO = {eurostat: iso for iso, eurostat in ISO_TO_EUROSTAT.items()}
