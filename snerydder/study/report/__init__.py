"""The report: one page that stands alone, its figures and its tables. Everything drawn here is read from `Findings`."""
