"""Keeping safe what people handed in: backups of it, and proof that it is as it was promised.

Nothing here is loaded by a service that starts; the commands load it."""
