"""The rules that several kinds share: metadata, names, addresses, selectors, and the words for breaking them.

Owns what is not particular to one kind. Complaints come in the order in which the API server finds them.
"""
