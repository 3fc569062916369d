"""Questionnaires: one definition each, and what follows from it: forms, tables, the data dictionary."""
