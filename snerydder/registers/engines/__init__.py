"""The same counts by an engine that is not ours: DuckDB on this machine, out of core, or a Spark that the authority already runs.

The count cube is whole numbers, so every engine must give the same to the last bit; they check each other, and the statistics
after it do not know which one counted.
"""
