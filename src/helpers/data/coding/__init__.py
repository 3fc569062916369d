"""Sheets in which people code answers by themes, and the datasets that come of them.

A wave ``<questionnaire>/<vintage>`` of answers has at most one dataset of human codes beside it,
``coded_<questionnaire>_<vintage>``: one row an answer and coder. Sheets go out by ``evidence review`` and
come back by ``evidence ingest``; comments, in which people write what they like, stay in ``data/restricted``.
"""

AS = "coded_answers"
"""What `evidence ingest --as` calls sheets that come back."""
