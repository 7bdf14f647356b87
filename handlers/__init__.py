"""One file for each thing a person can ask the bot to do."""
