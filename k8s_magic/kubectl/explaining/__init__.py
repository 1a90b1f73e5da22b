"""`kubectl explain`: what is asked for, whose fields these are, and the two forms in which they are told.

Owns the texts of explain. May import kinds, which know the fields.
"""
