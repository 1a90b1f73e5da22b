"""The views: what they show, as live widget, static picture and plain text.

Owns pictures, never state. May import `client` and below.
"""
