"""The codes of a municipality's own outcome file: one row per person and week, and five things a week can be.

For whoever has no register. Their file holds what the municipality itself has seen, and a person who moves away is not followed; the
report's words on what counts say so.
"""
