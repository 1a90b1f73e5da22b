"""Watches over nodes: who is silent becomes Unknown, is tainted, and its Pods count as not ready.

Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go (v1.36)
"""

from k8s_magic.controllers.nodelifecycle.controller import CONTROLLER

__all__ = ["CONTROLLER"]
