"""Asks `martlet serve` with the command `llm`, by OpenAI's and by Ollama's interface.

    llm_client.py MARTLET MODEL
"""
import json
import os
import subprocess
import sys
import tempfile

from serve_process import MODEL, Server, expect, passed

LLM = os.path.join(os.path.dirname(sys.executable), "llm")
QUESTION = "What is the capital of France?"
CONFIGURATION = """\
- model_id: local
  model_name: "{model}"
  api_base: "{url}/v1"
  supports_schema: true
  supports_tools: true
- model_id: local-text
  model_name: "{model}"
  api_base: "{url}/v1"
  completion: true
"""


def main():
    server = Server()
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "extra-openai-models.yaml"), "w") as file:
            file.write(CONFIGURATION.format(model=MODEL, url=server.url))
        environment = {**os.environ, "LLM_USER_PATH": folder, "OLLAMA_HOST": server.url, "OPENAI_API_KEY": "none"}

        def llm(*arguments):
            run = subprocess.run(
                [LLM, *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            expect(run.returncode == 0, run.stderr)
            return run.stdout.strip()

        greedy = ["-o", "temperature", "0"]
        whole = llm("-m", "local", "-s", "Be brief.", "--no-stream", *greedy, "-o", "max_tokens", "16", QUESTION)
        expect("Paris" in whole, whole)
        streamed = llm("-m", "local", "-s", "Be brief.", *greedy, "-o", "max_tokens", "16", QUESTION)
        expect(streamed == whole, (streamed, whole))
        expect(llm("-c", *greedy, "-o", "max_tokens", "4", "And of Italy?"))
        passed("chat")
        schema = {"type": "object", "properties": {"colour": {"enum": ["black", "white"]}}, "required": ["colour"]}
        bound = json.loads(llm("-m", "local", *greedy, "--schema", json.dumps(schema), "Describe a martlet."))
        expect(bound["colour"] in ("black", "white"), bound)
        passed("schema")
        text = llm("-m", "local-text", *greedy, "-o", "max_tokens", "8", "1, 2, 3, 4, 5, 6,")
        expect("7, 8" in text, text)
        passed("text")
        expect(MODEL in llm("ollama", "models"))
        expect("Paris" in llm("-m", "ollama/" + MODEL, *greedy, "-o", "num_predict", "16", QUESTION))
        passed("ollama")
        logged = json.loads(llm("logs", "-n", "0", "--json"))
        expect(len(logged) == 6, logged)
    status, errors = server.end()
    expect(status == 0, errors)
    passed("end")


main()
