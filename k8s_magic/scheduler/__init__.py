"""Which node a Pod goes to: queue, filters, scores, binding.

Owns no state that it could not rebuild from the API. May import `client` and below.
"""
