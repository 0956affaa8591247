"""A served demo town and a Chromium to look at it with."""
