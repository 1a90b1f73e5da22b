"""EndpointSlices: the addresses of a Service's Pods in slices of at most a hundred.

Source: pkg/controller/endpointslice, staging/src/k8s.io/endpointslice (v1.36)
"""

from k8s_magic.controllers.endpointslice.controller import CONTROLLER

__all__ = ["CONTROLLER"]
