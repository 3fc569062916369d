"""What changed between two builds: facts by severity, figures, tables, text, data, parameters, and why.

``sides`` reads a folder of reports, ``facts``, ``rows``, ``text`` and ``causes`` each compare one thing,
``compare`` puts them together, and ``page`` writes one HTML page of it.
"""
