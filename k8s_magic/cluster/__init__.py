"""The house: wires every part, keeps the door, its log, the pace and the faults.

The only package that knows all parts. May import everything but `magics`.
"""
