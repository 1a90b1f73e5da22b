"""What every floor above shares: names of kinds, metadata accessors, errors, selectors, quantities, patches.

Owns value types and pure functions over wire-form objects (plain dicts). Refuses state, time and chance.
May import `sim` and `text`.
"""
