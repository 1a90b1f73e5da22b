"""`kubectl create service externalname`. Source: kubectl/pkg/cmd/create/create_service.go"""

from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.writing.services import service_command

COMMAND = service_command(
    "externalname",
    "ExternalName",
    usage="externalname NAME --external-name external.name [--dry-run=server|client|none]",
    short="Make an ExternalName Service",
    flags=(Flag("external-name", help="The DNS name that the Service stands for."),),
    required=("external-name",),
)
