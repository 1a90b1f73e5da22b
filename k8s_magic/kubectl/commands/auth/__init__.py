"""`kubectl auth`: whoever types may do everything."""

from k8s_magic.kubectl.command import Command

COMMAND: Command[None] = Command(name="auth", short="Ask what is allowed", usage="auth")
