"""The command line: arguments in, text and exit code out, over a Transport.

Owns kubectl's words. Refuses to know which cluster it talks to. May import `client` and below.
"""
