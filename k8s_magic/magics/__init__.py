"""What a person types in a notebook: %kubectl, %%kubectl, %%manifest, %cluster, %curl; completion.

Owns the current cluster of one IPython shell. May import everything.
"""

from k8s_magic.magics.extension import load_ipython_extension, unload_ipython_extension

__all__ = ["load_ipython_extension", "unload_ipython_extension"]
