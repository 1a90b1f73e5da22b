"""DaemonSets have one Pod on every node that suits.

Source: pkg/controller/daemon (v1.36)
"""

from k8s_magic.controllers.daemonset.controller import CONTROLLER

__all__ = ["CONTROLLER"]
