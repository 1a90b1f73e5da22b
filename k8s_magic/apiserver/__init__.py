"""verb, admission, defaulting, validation, store, watch: the API in one process.

Owns the stored objects and their history; the only one who writes them. Refuses to act on them. May import
`kinds` and below.
"""
