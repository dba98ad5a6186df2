#!/usr/bin/env python3
"""What jinja2, configured as `transformers` does it, makes of chat templates. Needs jinja2, and gguf for GGUF files.

  chat-template-goldens.py                 rewrites the goldens in Tests/ChatTemplatesTests/Fixtures
  chat-template-goldens.py FILE...         renders templates (.jinja, .gguf) and prints {"name", "template", "results"}
                                           as one JSON object per line; results are in the order of conversations.json
"""
import datetime
import functools
import json
import pathlib
import sys

import jinja2
import jinja2.ext
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment

FIXTURES = pathlib.Path(__file__).parent.parent / "Tests/ChatTemplatesTests/Fixtures"
NOW = 1720094400  # 2024-07-04, also in the tests

class Generation(jinja2.ext.Extension):
    """The tag that marks what the assistant wrote: a call block around a function that returns its body."""
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("render"), [], [], body).set_lineno(line)

    def render(self, caller):
        return caller()

def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)

def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

def environment(kind):
    env = kind(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    env.filters["tojson"] = tojson
    env.filters["from_json"] = json.loads  # not of transformers; see Filter.fromJSON
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda format: datetime.datetime.fromtimestamp(NOW).strftime(format)
    return env

# The second lets templates change lists and maps, as Martlet does.
STRICT, LENIENT = environment(ImmutableSandboxedEnvironment), environment(SandboxedEnvironment)

@functools.cache
def compiled(env, source):
    return env.from_string(source)

KINDS = (  # the first that fits
    (jinja2.exceptions.SecurityError, "security"), (jinja2.exceptions.UndefinedError, "undefined"),
    (jinja2.exceptions.TemplateSyntaxError, "syntax"), (jinja2.exceptions.TemplateRuntimeError, "runtime"),
    (jinja2.exceptions.TemplateError, "raised"), (Exception, "python"))

def render(source, context):
    """{"text": ...}, or {"error": kind, "message": ...}"""
    for env in STRICT, LENIENT:
        try:
            return {"text": compiled(env, source).render(**context)}
        except Exception as error:
            kind = next(kind for cls, kind in KINDS if isinstance(error, cls))
            message = f"{type(error).__name__}: {error}" if kind == "python" else str(error)
            result = {"error": kind, "message": message}
        if kind != "security":
            break
    return result

def template_of(path):
    if path.suffix != ".gguf":
        return path.read_text(encoding="utf-8")
    import gguf
    field = gguf.GGUFReader(path).get_field("tokenizer.chat_template")
    return field.contents() if field else None

conversations = json.loads((FIXTURES / "conversations.json").read_text(encoding="utf-8"))
if len(sys.argv) > 1:
    for path in map(pathlib.Path, sys.argv[1:]):
        if (source := template_of(path)) is not None:
            results = [render(source, case["context"]) for case in conversations]
            print(json.dumps({"name": path.name, "template": source, "results": results}))
    sys.exit()
for path in sorted(FIXTURES.glob("*.jinja")):
    results = [render(path.read_text(encoding="utf-8"), case["context"]) for case in conversations]
    path.with_suffix(".golden.json").write_text(json.dumps(results, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
path = FIXTURES / "expressions.jsonl"
context = (FIXTURES / "expressions.context.json").read_text(encoding="utf-8")
cases = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
lines = [{**case, "result": render(case["template"], json.loads(context))} for case in cases]
path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
