"""Which objects a command line means: types, names, selectors and files, as cli-runtime's resource.Builder reads them.

result = select(Query(arguments=("deploy", "web"), namespace="default", continue_on_error=True), client, streams)
infos = result.all()            # raises what went wrong
result.visit(lambda info: ...)  # with kubectl's behaviour when some of them fail
"""

from k8s_magic.kubectl.resources.builder import select
from k8s_magic.kubectl.resources.info import Info
from k8s_magic.kubectl.resources.query import Query
from k8s_magic.kubectl.resources.result import Result

__all__ = ["Info", "Query", "Result", "select"]
