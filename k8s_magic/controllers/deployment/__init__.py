"""Deployments: rollouts as a choreography of ReplicaSets.

Source: pkg/controller/deployment (v1.36)
"""

from k8s_magic.controllers.deployment.controller import CONTROLLER

__all__ = ["CONTROLLER"]
