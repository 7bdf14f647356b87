"""The question-answering engine: a question in, a cited answer out."""
