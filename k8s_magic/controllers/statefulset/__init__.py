"""StatefulSets have numbered Pods with stable names, made and replaced in order.

Source: pkg/controller/statefulset (v1.36)
"""

from k8s_magic.controllers.statefulset.controller import CONTROLLER

__all__ = ["CONTROLLER"]
