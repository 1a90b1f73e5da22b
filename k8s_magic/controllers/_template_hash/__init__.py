"""The pod-template-hash exactly as the real Deployment controller computes it: a function of the template alone.

Source: pkg/controller/controller_utils.go ComputeHash, k8s.io/utils/dump ForHash, apimachinery/pkg/util/rand
"""

from k8s_magic.controllers._template_hash.compute import TemplateHashes, compute_hash

__all__ = ["TemplateHashes", "compute_hash"]
