"""The command line: reads what a person asked, calls the kernel, and says the answer in zh or en.

`main.py` is the door, one file per command stands beside it. The clock, random salts and the locale are read here
(`providers.py`, `ambient.py`) and nowhere below.
"""
