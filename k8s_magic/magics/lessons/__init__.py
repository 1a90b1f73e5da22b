"""The tutorial's questions: what a learner was asked to bring about, checked by the cluster's state and behaviour.

One file a lesson, which exports its record LESSON; each check is a plain function over the cluster. Owns no shell:
lesson_line.py prints what a check says. May import the cluster and what lies below.
"""

from __future__ import annotations

import importlib
import pkgutil

from k8s_magic.magics.lessons.verdict import Lesson


def discover() -> dict[int, Lesson]:
    """All lessons by number."""
    found = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        lesson = getattr(importlib.import_module(f"{__name__}.{module.name}"), "LESSON", None)
        if lesson is not None:
            found[lesson.number] = lesson
    return dict(sorted(found.items()))
