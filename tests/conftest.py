"""Settings that every test shares."""

from hypothesis import settings

# The same examples on every machine, however slow it is.
settings.register_profile("evidence", deadline=None, derandomize=True, database=None, max_examples=60)
settings.load_profile("evidence")
