"""`kubectl top`: there are no metrics yet."""

from k8s_magic.kubectl.command import Command

COMMAND: Command[None] = Command(
    name="top", short="Display resource (CPU/memory) usage", usage="top [flags]", suggest_for=("stats",)
)
