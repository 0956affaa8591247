"""From one protocol file to a report: reads, judges, estimates, draws and writes. Works without Django."""
