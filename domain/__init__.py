"""The field itself: notices, roles, quotas, stages, chat. Standard library only, no I/O except the notice loader."""
