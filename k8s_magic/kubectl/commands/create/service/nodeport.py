"""`kubectl create service nodeport`. Source: kubectl/pkg/cmd/create/create_service.go"""

from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.writing.services import service_command

COMMAND = service_command(
    "nodeport",
    "NodePort",
    usage="nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
    short="Make a NodePort Service",
    flags=(Flag("node-port", "int", help="The port on every node."),),
)
