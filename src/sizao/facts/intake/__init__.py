"""Files in, facts or refusals out. Every row of a file is stored or refused with its row, column, value and what to do.

`encodings`, `dates` and `tables` read files into rows of cells; mappings turn rows into facts, stays or refusals;
line lists, contact lists and the files of other systems are in `facts/lists`. `importing.import_file` is the one door
for all of them.
"""
