"""The optional language model: it may understand a follow-up and word an answer; it decides nothing."""
