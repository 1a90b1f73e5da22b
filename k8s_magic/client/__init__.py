"""How a component talks to the API server: transports, informers, work queues, controller loops, events.

Owns the two transports' common behaviour and the machinery of level-based control. Refuses to know what any
kind means. May import `runtime` and everything below.
"""
