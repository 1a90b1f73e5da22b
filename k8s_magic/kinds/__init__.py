"""One folder per kind: names, defaults, validation, columns, describe, capabilities; and the generated tables.

Owns what is particular to a kind. Refuses to store or to act. May import `machinery` and below.
"""
