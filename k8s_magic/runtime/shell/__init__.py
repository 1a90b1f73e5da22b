"""The shell and the common tools that images bring: enough of sh, busybox and coreutils for what tutorials type.

Owns parsing, expansion and the running of scripts over simulated time. Nothing here touches the host.
"""
