"""What several handlers say and do about a case: its report as text, the questions it raises, and its next state."""
