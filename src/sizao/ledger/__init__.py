"""What cannot be undone: the log of acts as a tree of salted commitments, its checkpoints, and proofs to take along.

Only `signing` needs a library of ciphers; everything else takes what signs and what checks as an argument.
"""
