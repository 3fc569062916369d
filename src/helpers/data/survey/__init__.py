"""Answers out of what survey tools export: readers, mapping to a questionnaire, ingest."""
