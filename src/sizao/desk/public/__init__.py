"""The desk of everyone: what is in force and on which source, what areas are rated, how to challenge, whether a
message is real."""
