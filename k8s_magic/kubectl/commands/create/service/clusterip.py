"""`kubectl create service clusterip`. Source: kubectl/pkg/cmd/create/create_service.go"""

from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.writing.services import service_command

COMMAND = service_command(
    "clusterip",
    "ClusterIP",
    usage="clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]",
    short="Make a ClusterIP Service",
    flags=(Flag("clusterip", help="The address to use; None makes a headless Service."),),
)
