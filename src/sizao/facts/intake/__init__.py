"""Files in, facts or refusals out. Every row of a file is stored or refused with its row, column, value and what to
do.

`encodings`, `dates` and `tables` read files into rows of cells; mappings turn rows into facts; `refusals` is what
could not be.
"""
