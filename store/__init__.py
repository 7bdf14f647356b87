"""Rows and files: every state move of the service, and nothing that a person reads."""
