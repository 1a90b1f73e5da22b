"""Gives each Pod without a node the node that suits it best, or says why none does.

Owns filters, scores, preemption and the queue of waiting Pods, with kube-scheduler's names, weights and words.
Refuses to start anything: it only binds. May import `client` and below.
"""

from k8s_magic.scheduler.scheduler import Scheduler

__all__ = ["Scheduler"]
