"""Every draw in the product, replayable from a seed that is text."""
