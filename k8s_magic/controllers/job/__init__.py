"""Jobs run Pods until enough of them have succeeded, or too many have failed.

Source: pkg/controller/job (v1.36)
"""

from k8s_magic.controllers.job.controller import CONTROLLER

__all__ = ["CONTROLLER"]
