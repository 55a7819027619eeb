"""Who is who: identities under keys of their own, found by keyed hashes; the registries of units, places and areas.

A subject such as `person:p1` says nothing about anybody. Who it is lies here, apart from every fact, and ends with one key.
"""
