"""What a person types in a notebook: %kubectl, %%kubectl, %%manifest, %cluster, %curl; completion.

Owns the current cluster of one IPython shell. May import everything.
"""
