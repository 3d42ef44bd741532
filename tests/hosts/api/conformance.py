"""The service against its own description: a real server on a new SQLite file, asked by schemathesis.

Usage: conformance.py PROGRAM SCHEMATHESIS FIXTURES FOLDER. The same requests in the same order every time; exit code 1
where an answer is a 5xx, or isn't what the description says.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import urllib.request

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
]
ROOT = "/api/v1/linker"
LAST = "revoke_token"


def post(address, token, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    request = urllib.request.Request(address + ROOT + path, data=data, headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


def main(program, schemathesis, fixtures, folder):
    program, schemathesis = pathlib.Path(program).resolve(), pathlib.Path(schemathesis).resolve()
    blueprint = pathlib.Path(fixtures).resolve() / "blueprints" / "local-business.json"
    config = pathlib.Path(__file__).resolve().with_name("schemathesis.toml")
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IGNY8_LINKER_")}
    environment["IGNY8_LINKER_DATABASE_URL"] = "sqlite:linker.db"
    place = {"cwd": folder, "env": environment, "text": True}
    token = subprocess.run([program, "init", "--site", "A site"], check=True, stdout=subprocess.PIPE, **place).stdout.strip()
    subprocess.run([program, "import", "blueprint", "--site", "1", blueprint], check=True, **place)
    serve = [program, "serve", "--listen", "127.0.0.1:0", "--rate", "0"]
    with open(folder / "log", "w") as log, subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=log, **place) as server:
        try:
            address = server.stdout.readline().split()[2].rstrip(",")
            # Rows of each kind: most ids that are asked for are small.
            campaign = post(address, token, "/campaigns/generate/", {"site_id": 1, "blueprint_id": 1, "country_code": "PK"})
            post(address, token, f"/campaigns/{campaign['id']}/activate/")
            post(address, token, f"/campaigns/{campaign['id']}/kpi/snapshot/", {"dr": 20})
            post(address, token, "/backlinks/check/", {"campaign_id": campaign["id"]})
            options = [
                "--header", f"Authorization: Bearer {token}",
                "--checks", ",".join(CHECKS),
                "--phases", "examples,coverage,fuzzing",
                "--generation-deterministic", "--seed", "8", "--max-examples", "50",
                "--continue-on-failure", "--workers", "1", "--no-color", "--request-timeout", "60",
            ]  # fmt: skip
            description = [schemathesis, "--config-file", config, "run", f"{address}/api/openapi.json"]
            # Whoever revokes any token soon revokes the one that asks: last.
            runs = [["--exclude-operation-id", LAST], ["--include-operation-id", LAST]]
            return max(subprocess.run(description + options + which, **place).returncode for which in runs)
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
