"""The flags every command takes. Source: cli-runtime/pkg/genericclioptions/config_flags.go; `kubectl options`."""

from __future__ import annotations

from k8s_magic.kubectl.flags import Flag

PERSISTENT: tuple[Flag, ...] = (
    Flag("as", help="User to act as."),
    Flag("as-group", "array", help="Group to act as; may be repeated."),
    Flag("as-uid", help="UID to act as."),
    Flag("as-user-extra", "array", help="Extra fields of the user to act as; may be repeated."),
    Flag("cache-dir", default="~/.kube/cache", help="Cache folder (unused here)."),
    Flag("certificate-authority", help="Certificate authority file (unused here)."),
    Flag("client-certificate", help="Client certificate file (unused here)."),
    Flag("client-key", help="Client key file (unused here)."),
    Flag("cluster", help="Cluster of the kubeconfig to use."),
    Flag("context", help="Context of the kubeconfig to use.", candidates="context"),
    Flag("disable-compression", "bool", help="Do not compress answers (no effect here)."),
    Flag("insecure-skip-tls-verify", "bool", help="Do not check the server's certificate (no effect here)."),
    Flag("kubeconfig", help="Kubeconfig file (unused here: the notebook keeps its own)."),
    Flag("kuberc", help="Preferences file (unused here)."),
    Flag("log-flush-frequency", "duration", default=5.0, help="Seconds between log flushes (no effect here)."),
    Flag("match-server-version", "bool", help="Require the server's version to be the client's."),
    Flag("namespace", short="n", help="Namespace to work in.", candidates="namespace"),
    Flag("password", help="Password (unused here)."),
    Flag("profile", default="none", help="Profile to capture (no effect here)."),
    Flag("profile-output", default="profile.pprof", help="File of the profile (no effect here)."),
    Flag("request-timeout", default="0", help="How long to wait for one answer; 0 is for ever."),
    Flag("server", short="s", help="Address of the API server (unused here)."),
    Flag("tls-server-name", help="Server name for certificate checks (unused here)."),
    Flag("token", help="Bearer token (unused here)."),
    Flag("user", help="User of the kubeconfig to act as."),
    Flag("username", help="User name (unused here)."),
    Flag("v", "int32", short="v", help="Log verbosity (no effect here)."),
    Flag("vmodule", help="Log verbosity by file (no effect here)."),
    Flag("warnings-as-errors", "bool", help="Fail when the server sends a warning."),
)
