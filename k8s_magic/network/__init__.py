"""How a request finds its way: cluster DNS, Services, endpoints, node ports.

Owns the dataplane's tables, rebuilt from the API. May import `client` and below.
"""
