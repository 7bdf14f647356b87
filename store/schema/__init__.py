"""The tables, as typed SQLAlchemy models: mail (what comes and goes) and campaign (who and what it is about)."""
