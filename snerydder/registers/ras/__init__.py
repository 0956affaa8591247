"""The codes of Statistics Denmark's labour market attachment (RAS), for those who have no DREAM.

Its numbers collide with DREAM's and mean other things, so a register says its scheme and never holds both. Number and label of
each line are Statistics Denmark's; where a mark is our reading of the label, the line is only `likely`. There is no code for
dead or abroad here.

Its source, dst-ras, is Statistics Denmark's quality declaration of the register-based labour force statistics
(www.dst.dk, GetArchiveFile.aspx?fi=52899103277).
"""
