"""Review comments on reports: the sheet for reviewers, its return, answers, and how a draft shows them."""

AS = "review_sheet"
"""What `evidence ingest` calls sheets of `evidence review-sheet` that come back."""
