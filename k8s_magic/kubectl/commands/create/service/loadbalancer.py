"""`kubectl create service loadbalancer`. Source: kubectl/pkg/cmd/create/create_service.go"""

from k8s_magic.kubectl.writing.services import service_command

COMMAND = service_command(
    "loadbalancer",
    "LoadBalancer",
    usage="loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
    short="Make a LoadBalancer Service",
    flags=(),
)
