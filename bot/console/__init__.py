"""The web pages for people who are signed in, all below /console."""
