"""registry.k8s.io/nginx-slim: nginx as the documentation's StatefulSets use it."""

from __future__ import annotations

from dataclasses import replace

from k8s_magic.runtime.image import matching
from k8s_magic.runtime.images import nginx

IMAGE = replace(
    nginx.IMAGE,
    repositories=(
        "registry.k8s.io/nginx-slim",
        "registry.k8s.io/e2e-test-images/nginx",
        "registry.k8s.io/nginx-slim-amd64",
    ),
    size=lambda tag: 40_000_000 + sum(tag.encode()) * 5_003,
    tags=matching(r"latest|0\.\d{1,2}|1\.1\d(?:-\d|-alpine)?"),
    entrypoint=("nginx",),
    command=("-g", "daemon off;"),
)
