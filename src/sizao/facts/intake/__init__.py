"""Files in, facts or refusals out. Every row of a file is stored or refused with its row, column, value and what to
do.

`encodings`, `dates` and `tables` read files into rows of cells; a `mapping` turns the cells of one kind of file into
facts or stays; `importing` joins the two: `import_file`. Line lists, contact lists, SORMAS and Go.Data files are in
`facts/lists`.
"""
