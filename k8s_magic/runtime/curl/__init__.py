"""curl, shared by the shell's curl and the %curl magic: its options, its transfers, its words.

Source: curl 7.88.1 as Debian 12 ships it, observed.
"""
