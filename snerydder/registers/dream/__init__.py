"""DREAM's weekly codes: three digits, one a week by a rule of priority, one day in the week is enough.

A blank week is a week without public benefit: an observed state, and not the same as a job. Employment stands in the monthly
`branche_yyyy_mm` and `grad_yyyy_mm`. Only 651, 652 and 997-999 are confirmed by sources read; codes.csv says so line by line.

Its sources: dreamtools is github.com/carstennielsen/DREAMtoolsR; dream-doc is the ministry's own description of the register
(2015); "unconfirmed" is what published studies use, not held against a code book.
"""
