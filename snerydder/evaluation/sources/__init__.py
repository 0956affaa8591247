"""The two published sources, held against a run of the invented trial: each figure a program can produce, theirs and ours, side by side."""
