"""Evaluates a model of this machine directly and behind two interfaces of `martlet serve`; prints the checks that passed.

    evaluation_client.py MARTLET MODEL
"""
import json
import os
import subprocess
import tempfile
import urllib.request

from serve_process import MARTLET, MODEL, Server, expect, passed

TASKS = [
    {"task_id": f"Own/{number}", "prompt": prompt, "entry_point": name, "canonical_solution": solution,
     "test": f"def check(candidate):\n    assert candidate([3, 4]) == {answer}\n"}
    for number, (name, solution, answer, prompt) in enumerate([
        ("first", "    return items[0]\n", 3, 'def first(items):\n    """ Return the first item of a list. """\n'),
        ("total", "    return sum(items)\n", 7, 'def total(items):\n    """ Return the sum of a list. """\n')])]
folder = tempfile.mkdtemp()
data = os.path.join(folder, "own.jsonl")
with open(data, "w") as file:
    file.write("".join(json.dumps(task) + "\n" for task in TASKS))


def martlet(*arguments, status=0, environment=None):
    run = subprocess.run([MARTLET, *arguments], capture_output=True, text=True, cwd=folder,
                         env={**os.environ, **(environment or {})})
    expect(run.returncode == status, (arguments, run.returncode, run.stdout, run.stderr))
    return run


def evaluate(model, *arguments, **options):
    run = martlet("eval", "run", "humaneval", "--data", data, "--results", folder, "--json", "--model", model,
                  *arguments, **options)
    score = json.loads(run.stdout)
    with open(score["results"]) as file:
        score["answers"] = {row["task"]: row["completion"] for row in map(json.loads, file)}
    return score


local = evaluate(MODEL, "--context", "2048")
expect(local["total"] == 2 and set(local["answers"]) == {"Own/0", "Own/1"}, local)
passed("local")

server = Server(environment={"MARTLET_API_KEY": "secret"})
request = urllib.request.Request(server.url + "/v1/models", headers={"Authorization": "Bearer secret"})
with urllib.request.urlopen(request) as answer:
    name = json.load(answer)["data"][0]["id"]
keys = {"OPENAI_API_KEY": "secret", "ANTHROPIC_API_KEY": "secret"}
remote = {dialect: evaluate(f"{dialect}:{name}@{server.url}/v1", "--prefill", environment=keys)
          for dialect in ("openai", "anthropic")}
for dialect, score in remote.items():
    # Anthropic's form takes no white space at the end of what is begun.
    answers, own = ({task: answer.lstrip("\n") for task, answer in run["answers"].items()} for run in (score, local))
    expect(answers == own and score["passed"] == local["passed"], (dialect, score, local))
    passed(dialect)

wrong = martlet("eval", "run", "humaneval", "--data", data, "--results", folder + "/wrong", "--model",
                f"openai:{name}@{server.url}/v1", status=2, environment={"OPENAI_API_KEY": "guess"})
expect("OPENAI_API_KEY" in wrong.stderr, wrong.stderr)
passed("a wrong key")

again = martlet("eval", "run", "humaneval", "--data", data, "--results", folder + "/again", "--json", "--model",
                "recorded:" + local["results"])
expect(json.loads(again.stdout)["passed"] == local["passed"], again.stdout)
passed("recorded")

files = [local["results"], remote["openai"]["results"]]
compared = json.loads(martlet("eval", "compare", "--json", *files).stdout)
expect(compared["difference"]["value"] == 0 if isinstance(compared["difference"], dict)
       else compared["difference"] == 0, compared)
martlet("eval", "compare", "--many", *files)
page = os.path.join(folder, "page.html")
martlet("eval", "report", *files, "--output", page, "--price", f"{local['model']}=1/2")
with open(page) as file:
    text = file.read()
expect("Own/0" in text and "<script" not in text, text[:500])
scale = json.loads(martlet("eval", "scale", "--json", local["results"]).stdout)
expect("capability" in scale["axes"] and scale["version"] == 2, scale)
cost = martlet("eval", "cost", "--results", local["results"], "--prefill", "100", "--decode", "20", "--hardware", "1000",
               "--price", "1/2")
expect("Own machines cost less" in cost.stdout, cost.stdout)
leak = os.path.join(folder, "corpus.py")
with open(leak, "w") as file:
    file.write("x = 1\n" * 50 + TASKS[0]["prompt"] + TASKS[0]["canonical_solution"])
found = json.loads(martlet("eval", "contamination", "--data", data, "--corpus", leak, "--json").stdout)
expect({item["id"]: item["verdict"] for item in found["items"]}["Own/0"] == "verbatim", found)
passed("compare, report, scale, cost, contamination")

status, errors = server.end()
expect(status == 0, errors)
passed("end")
