"""%kubectl and %%kubectl: one command, or a cell of them as in a shell."""

import pytest


@pytest.fixture
def web(cell) -> None:
    cell("%kubectl create deployment web --image=nginx --replicas=3")
    cell("%kubectl rollout status deployment/web")


def test_a_line_prints_as_from_a_shell_and_answers_text_code_and_objects(cell, shell) -> None:
    assert cell("made = %kubectl create deployment web --image=nginx --replicas=2") == "deployment.apps/web created\n"
    made = shell.user_ns["made"]
    assert (made.text, made.stdout, made.stderr, made.exit_code) == (
        "deployment.apps/web created\n",
        "deployment.apps/web created\n",
        "",
        0,
    )
    assert [(obj["kind"], obj["metadata"]["name"]) for obj in made.objects] == [("Deployment", "web")]
    assert cell("gone = %kubectl get pod nope") == 'stderr: Error from server (NotFound): pods "nope" not found\n'
    assert (shell.user_ns["gone"].exit_code, shell.user_ns["gone"].objects) == (1, [])
    cell("pods = %kubectl get pods")
    assert [obj["kind"] for obj in shell.user_ns["pods"].objects] == ["Pod", "Pod"]


def test_a_value_just_printed_is_not_shown_again_but_later(cell) -> None:
    assert cell("pods = %kubectl get pods") == "stderr: No resources found in default namespace.\n"
    assert cell("%kubectl get ns default -o name") == "namespace/default\n"
    assert "namespace/default" in cell("_")
    assert "No resources found" in cell("print(pods)")


def test_words_as_kubectl_takes_them(cell, web) -> None:
    assert cell("%kubectl get deploy web -oname") == "deployment.apps/web\n"
    assert cell("%kubectl get deployment/web --output=name") == "deployment.apps/web\n"
    assert cell("%kubectl get deploy web -o jsonpath='{.spec.replicas}{\"\\n\"}'") == "3\n"
    assert cell("%kubectl get deploy web -o=jsonpath={.spec.template.spec.containers[0].image}") == "nginx"
    assert cell("%kubectl exec deploy/web -- echo -n --flag") == "--flag"


@pytest.mark.parametrize(
    ("pipe", "answer"),
    [
        ("grep -c web", "3\n"),
        ("wc -l", "4\n"),
        ("head -1", "NAME\n"),
        ("tail -n 1 | cut -d- -f1", "web\n"),
        ("sort -r | head -n 1 | cut -d- -f1", "web\n"),
        ("grep nothing", ""),
        ("awk 'NR==1 {print $1}'", "NAME\n"),
    ],
)
def test_pipes_that_beginners_use(cell, web, pipe: str, answer: str) -> None:
    assert cell(f"%kubectl get pods -o custom-columns=NAME:.metadata.name | {pipe}") == answer


def test_a_pipe_reads_a_watch_line_by_line_and_may_end_it(cell, web) -> None:
    cell("%kubectl scale deployment web --replicas=4")
    text = cell("%kubectl get deploy -w --no-headers | head -1; sleep 5")
    assert [line.split()[:2] for line in text.splitlines()] == [["web", "3/4"]]
    assert cell("%kubectl logs -f deploy/web | grep -m1 entrypoint").startswith("/docker-entrypoint.sh: ")
    assert cell("%kubectl get pods -w --request-timeout=3s | grep -c 1/1") == "4\n"


def test_a_cell_has_comments_variables_and_lines_without_kubectl(cell, shell) -> None:
    text = cell(
        """%%kubectl
# a comment
create namespace shop   # and one behind a command

NS=$(kubectl get namespace shop -o jsonpath='{.metadata.name}')
kubectl create deployment web -n $NS --image=nginx
get deployments --namespace=${NS} -o name
echo "in $NS"
"""
    )
    assert text == "namespace/shop created\ndeployment.apps/web created\ndeployment.apps/web\nin shop\n"
    assert shell.user_ns["NS"] == "shop"
    assert cell("%kubectl get deploy -n $NS -o name") == "deployment.apps/web\n"
    shell.user_ns["WHERE"] = "shop"
    assert cell("%kubectl get deploy -n $WHERE -o name") == "deployment.apps/web\n"
    cell("name = %kubectl get ns shop -o name")
    assert cell("%kubectl get $name -o name") == "namespace/shop\n"


def test_braces_belong_to_jsonpath_and_not_to_python(cell, shell) -> None:
    shell.user_ns["metadata"] = "wrong"
    assert cell("%kubectl get ns default -o go-template={{.metadata.name}}") == "default"
    assert cell("%kubectl get ns default -o jsonpath={.metadata.name}") == "default"


def test_here_documents_continued_lines_and_loops(cell) -> None:
    text = cell(
        """%%kubectl
apply -f - <<EOF
apiVersion: v1
kind: ConfigMap
metadata:
  name: get pods
  labels: {}
EOF
cat <<'EOF' | kubectl apply -f -
apiVersion: v1
kind: ConfigMap
metadata: {name: two}
data: {get: $HOME}
EOF
for name in a b; do kubectl create configmap $name; done
get configmaps \\
  --field-selector metadata.name=two \\
  -o jsonpath='{.items[*].data.get}'
"""
    )
    assert text == (
        "configmap/two created\nconfigmap/a created\nconfigmap/b created\n$HOME"
        'stderr: The ConfigMap "get pods" is invalid: metadata.name: Invalid value: "get pods": a lowercase RFC 1123 '
        "subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
        "alphanumeric character (e.g. 'example.com', regex used for validation is "
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\n"
    )


def test_a_cell_goes_on_after_an_error_and_answers_the_last_code(cell, shell) -> None:
    text = cell("%%kubectl\nget pod nope\nget namespace default -o name\nget nonsense")
    assert text.startswith("namespace/default\nstderr: Error from server (NotFound)")
    assert text.endswith('error: the server doesn\'t have a resource type "nonsense"\n')
    assert shell.user_ns["_"].exit_code == 1
    assert cell("%%kubectl\nget pod nope || echo 'none yet'\nget ns default -o name && echo fine").startswith(
        "none yet\nnamespace/default\nfine\n"
    )


def test_output_into_a_file_of_the_notebook_and_back(cell) -> None:
    cell("%kubectl create configmap a --from-literal=k=v --dry-run=client -o yaml > a.yaml")
    assert cell("%kubectl apply -f a.yaml") == "configmap/a created\n"
    assert cell("%kubectl get -f a.yaml -o name") == "configmap/a\n"


def test_other_names_for_kubectl(cell) -> None:
    assert cell("%%kubectl\nalias k=kubectl kn='kubectl -n kube-system'\nk get ns default -o name") == (
        "namespace/default\n"
    )
    assert cell("%%kubectl\nkn get deploy -o name | cat") == "deployment.apps/coredns\n"
    assert cell("%%kubectl\nalias ll='ls -l'") == (
        "stderr: alias: only kubectl and curl can be given other names here\n"
    )


def test_what_waits_does_not_run_in_the_background(cell) -> None:
    assert cell("%%kubectl\nget pods -w &\nsleep 1\necho on") == (
        "on\nstderr: kubectl: a command that waits cannot run in the background here; give it its own cell\n"
    )


@pytest.mark.parametrize(
    ("line", "words", "code"),
    [
        ("get pods --nope", "error: unknown flag: --nope", 1),
        ("frobnicate", 'error: unknown command "frobnicate" for "kubectl"', 1),
        ("get pods | nope", "bash: line 1: nope: command not found", 127),
        ("get pods 'a", "syntax error", 2),
        ("edit deploy web", "error: kubectl edit needs an editor", 1),
        ("-n", "error: flag needs an argument: 'n' in -n", 1),
    ],
)
def test_what_is_wrong_is_said_in_words(cell, shell, line: str, words: str, code: int) -> None:
    assert words in cell(f"%kubectl {line}")
    assert shell.user_ns["_"].exit_code == code


def test_curl_stands_outside_the_cluster(cell, web, shell) -> None:
    cell("%kubectl expose deployment web --port=80 --type=NodePort")
    cell("PORT = %kubectl get service web -o jsonpath='{.spec.ports[0].nodePort}'")
    for node in ("node-1", "node-2", "control-plane"):
        assert "<title>Welcome to nginx!</title>" in cell(f"%curl http://{node}:$PORT/")
    assert cell("%curl -s -o /dev/null -w '%{http_code}\\n' http://node-1:$PORT/nope") == "404\n"
    assert cell("%curl http://web/") == "stderr: curl: (6) Could not resolve host: web\n"
    assert cell("%curl -s http://node-1:30999/") == ""
    assert shell.user_ns["_"].exit_code == 7


def test_files_are_copied_to_and_from_the_folder_of_cells(cell) -> None:
    cell("%kubectl run web --image=nginx")
    cell("%kubectl wait pod/web --for=condition=Ready")
    script = """%%kubectl
echo hello > page.txt
kubectl cp ~/page.txt web:/tmp/
kubectl exec web -- cat /tmp/page.txt
kubectl cp web:/etc/nginx/nginx.conf ./conf/nginx.conf
grep -c worker_processes conf/nginx.conf
debug web -q --image=busybox --attach -- echo seen
"""
    assert cell(script) == "hello\ntar: Removing leading `/' from member names\n1\nseen\n"
