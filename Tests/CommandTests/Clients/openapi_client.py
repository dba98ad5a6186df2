"""Lets schemathesis send what the OpenAPI document of `martlet serve` allows, and more, and look for errors of the server.

    openapi_client.py MARTLET MODEL EXAMPLES
"""
import os
import subprocess
import sys
import tempfile

from serve_process import Server

server = Server("--parallel", "4", "--max-tokens", "4", "--quiet")
with tempfile.TemporaryDirectory() as folder:
    run = subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run", server.url + "/openapi.json",
         "--checks", "not_a_server_error", "--phases", "coverage,fuzzing", "--max-examples", sys.argv[3],
         "--generation-deterministic", "--no-color", "--request-timeout", "3600",
         # Saving slots is answered with 501.
         "--exclude-path", "/slots/{id}"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
print(run.stdout)
status, errors = server.end()
print(errors)
sys.exit(run.returncode or status)
