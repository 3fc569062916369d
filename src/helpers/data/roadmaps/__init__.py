"""Roadmaps of working groups: a template to fill in, its return, and points made from the steps."""

AS = "roadmap"
"""What `evidence ingest --as` calls a roadmap that comes back."""
