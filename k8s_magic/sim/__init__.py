"""Simulated time and chance.

Owns the event kernel, named random streams and the pace that ties simulated time to a person's clock.
Refuses wall clocks (outside `pace.py`) and knows nothing of Kubernetes. Imports nothing of the package.
"""
