"""`kubectl config`: the kubeconfig, which lives in the notebook."""

from k8s_magic.kubectl.command import Command

COMMAND: Command[None] = Command(
    name="config", short="Read and change the kubeconfig", usage="config SUBCOMMAND", help_to_stderr=True
)
