"""Who asks and what they may do: users, RBAC by the stored roles and bindings, service account tokens.

Whoever comes in by the notebook or with the server's own token is kubeadm's administrator, who may do everything.
Others are asked for in reviews, or acted as (`--as`, the Impersonate headers).
"""

from k8s_magic.apiserver.access.authorizer import Attributes, Authorizer
from k8s_magic.apiserver.access.users import ADMIN, impersonated

__all__ = ["ADMIN", "Attributes", "Authorizer", "impersonated"]
