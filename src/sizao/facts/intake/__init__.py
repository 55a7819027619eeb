"""Files in, facts or refusals out. Every row of a file is stored or refused with its row, column, value and what to do.

`encodings`, `dates` and `tables` read files into rows of cells (done). Mappings turn rows into facts. Division of hands while this is
being built: stays, tickets, cases, tests, rides and `import_file` are the facts room's; line lists, contact lists, SORMAS and Go.Data
files with their summaries are in `facts/lists/`, written at the same time by somebody else, and plug in through
`sizao.facts.lists.MAPPINGS` (name → how to recognise a header, how to read a table).
"""
