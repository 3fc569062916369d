"""How it reaches the reader: parameters, portfolio, engine, export, provenance, check."""
