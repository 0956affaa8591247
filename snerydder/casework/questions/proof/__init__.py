"""How well the signs find what they should, and how often they trouble those who did nothing: an invented half-year of contacts
(`honest`), twelve kinds of fraud hidden in it (`frauds`), and the count (`table`). `snerydder frauds` prints it; so can anybody.
"""
