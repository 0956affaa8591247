"""One inspection in many municipalities. Files pass between them, with figures and never a case: nobody reads another municipality's rows.

1 `calling`: whoever inspects freezes the list of municipalities, and publishes it. It says the period, the guide and the public number.
2 `joining`: each municipality freezes its own cases for it, before the number is known, and answers about its procedures.
3 The number comes: municipalities are drawn, and in each of them cases, all by the ordinary draw of a sample.
4 `sending`: each municipality sends a signed file with its list, its procedures and how many cases lack what.
5 `receiving`: each file is held against the list, the number and the key; `table` adds them up.
"""
