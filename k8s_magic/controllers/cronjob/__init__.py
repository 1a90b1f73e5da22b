"""CronJobs make Jobs by the clock of simulated time.

Source: pkg/controller/cronjob (v1.36)
"""

from k8s_magic.controllers.cronjob.controller import CONTROLLER

__all__ = ["CONTROLLER"]
