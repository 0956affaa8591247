"""An invented trial with the published trial's numbers: nobody in it exists, and no number in it was measured.

The weekly numbers in each arm are fixed as whole persons; chance decides only who they are. So shares, differences and errors are
the same in every draw, while subgroups are not.
"""
