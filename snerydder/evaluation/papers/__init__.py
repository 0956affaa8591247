"""The report on paper: the page the engine wrote, read once (`parts.py`) and set as PDF (`pdf.py`) or Word (`word.py`). One text, three forms."""
