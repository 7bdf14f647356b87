"""Documents we hand out."""
