"""Weekly register files in, one panel out; and what counts as an outcome. Knows nothing of the web or of effects."""
