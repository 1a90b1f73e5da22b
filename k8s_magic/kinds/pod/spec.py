"""(being written)"""
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.meta import Object
def validate(spec: Object, path: str, *, is_pod: bool = False) -> list[FieldError]:
    return []
