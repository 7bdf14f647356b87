"""Checks: readers turn files into facts, rules turn facts into findings."""
