"""Containers and images: how a simulated image starts, logs, answers HTTP, runs commands, crashes.

Owns what runs inside a Pod's sandbox. Refuses to know the API server's state: it is told by kubelets what to run.
Nothing in here touches the host: files, processes and network are simulated. May import `apiserver` and below.
"""
