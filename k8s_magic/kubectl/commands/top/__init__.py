"""`kubectl top`: what nodes and Pods use."""

from k8s_magic.kubectl.command import Command

COMMAND: Command[None] = Command(
    name="top", short="Show the use of CPU and memory", usage="top [flags]", suggest_for=("stats",)
)
