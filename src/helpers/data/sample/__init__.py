"""Sample data: invented answers to the questionnaires, in the formats that survey tools export.

See ``docs/sample_data.md``: what the numbers are, what is dirty on purpose, what they must not be taken for.
"""
