"""Weekly register files in, one panel out; and what counts as an outcome. Knows nothing of the web or of effects.

From Python, without a protocol:

    from pathlib import Path
    import numpy as np
    from snerydder.registers import codes, outcomes, reading, weeks
    from snerydder.registers.source import Source

    listed = codes.read(Path("koder.csv"), "dream")        # or codes.read(): the list shipped with Snerydder
    source = Source(Path("dream.csv"), key="pnr")          # wide; long, spells and compact: see Source
    found = reading.read(source, {"P1", "P2"}, listed)     # frozen: found.panel, found.unfirm, found.quality
    reading.refuse_unfirm(found, listed)                   # in a final run

    start = np.array([weeks.from_iso(2012, 34)] * 2)       # each person's week 0
    seen = outcomes.Seen(found.panel, listed, rows=np.arange(2), start=start, weeks=76)
    education = outcomes.find("su_education").weekly(seen)  # persons × weeks of yes and no
    observed = seen.covered()                               # False where the register does not tell

What is what:

- `source.Source`: the file and what its columns are called. `form` is wide (`y_yyww`), long, spells or compact; a file is CSV
  (comma, semicolon or tab; UTF-8 or Windows-1252), Parquet, SAS (.sas7bdat, .xpt), Stata or Excel, told by its content.
- `reading.read(source, wanted, codes) -> Reading`: the persons wanted, in the order of their keys. The same register gives the
  same panel, to the last bit, whatever the order of rows and columns, the spelling of the codes, the form and the format.
- `snerydder.panel.Panel`: run-length spells and months as arrays. A blank week is a week without public benefit, an observed
  state; a week the file does not cover was not observed.
- `codes.CodeList`: a data file one can replace, of one scheme (dream or ras), each line with how sure it is and when it holds.
- `quality.Row`: one weakness of the data, its count, share, the policy used and the rows to look up; never a person.
- `outcomes`: one file each. `Seen.grid()` are the codes, `Seen.marked("education")` what the list says of them in their week,
  `Seen.in_month("grad")` the month's number by the week's Thursday.
- `faults.BadInput`: bad input as a sentence: file, place, what was found, what was expected, what to do.
- `compact`, `compact_import` (`compact_columns`, `compact_csv`), `kernels`, `engines`: registers of any size.
"""
