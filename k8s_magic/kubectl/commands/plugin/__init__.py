"""`kubectl plugin`: there are none in a simulation."""

from k8s_magic.kubectl.command import Command

COMMAND: Command[None] = Command(name="plugin", short="Deal with plugins", usage="plugin [flags]")
