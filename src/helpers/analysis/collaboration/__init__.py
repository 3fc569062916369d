"""Collaboration: sessions, who may take part, partners and working groups."""
