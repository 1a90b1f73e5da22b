"""`kubectl auth`: what somebody may do. Whoever types may do everything, unless they act as somebody else (`--as`)."""

from k8s_magic.kubectl.command import Command

COMMAND: Command[None] = Command(name="auth", short="Ask what is allowed", usage="auth")
