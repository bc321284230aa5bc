"""Runs the re-entrancy matrix (matrix.lua) against a server of its own.

    python3 spec/reentry/run.py PROGRAM all|quick [ROW...]

PROGRAM is spec/c/malloc_lua.c, built. Each request to the server carries one
tag in every part: path, header, body, credentials. The server counts requests
whose parts belong to different requests, and those that come twice. A tag
that begins with "m" was changed on the way by a finalizer: only there may
parts differ.
"""
import json
import os
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HEADERS = ("X-Tag", "X-Amz-Security-Token")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def parts(self, body):
        yield self.path.strip("/")
        for name in HEADERS:
            yield self.headers.get(name, "")
        yield self.headers.get("Authorization", "").partition("Credential=")[2]
        try:
            fields = json.loads(body)
        except ValueError:
            fields = {"Username": "no JSON"}
        yield str(fields.get("Username", ""))
        yield str(fields.get("AuthParameters", {}).get("USERNAME", ""))

    def tags(self, body):
        tags = [part.partition("-")[0] for part in self.parts(body)]
        return [tag for tag in tags if tag] or ["no tag"]

    def judge(self, tags):
        tag = tags[0]
        if any(t.startswith("m") for t in tags):
            return
        if any(t != tag for t in tags):
            self.server.wrong.append("mixed: " + " ".join(tags))
        elif tag in self.server.seen:
            self.server.wrong.append("twice: " + tag)
        self.server.seen.add(tag)

    def reply(self, tag, body):
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("X-Amzn-RequestId", tag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        tags = self.tags(self.rfile.read(int(self.headers["Content-Length"])))
        self.judge(tags)
        self.reply(tags[0], json.dumps({"Tag": tags[0]}).encode())

    def do_GET(self):  # what went wrong so far
        self.reply("wrong", "\n".join(self.server.wrong).encode())
        self.server.wrong.clear()

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.wrong, self.seen = [], set()

    def handle_error(self, *_):
        pass  # connections are closed at any moment: that is the test


def run(program, mode, *names):
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as lines:
        lines.write(b"line\n" * 200000)
        lines.seek(0)
        variables = {"REENTRY_URL": "http://127.0.0.1:%d" % server.server_port, "REENTRY_FOLDER": folder}
        command = [program, "spec/reentry/matrix.lua", mode, *names]
        # A session of its own has no terminal to ask for secrets on.
        done = subprocess.run(command, env={**os.environ, **variables}, stdin=lines, start_new_session=True)
    return done.returncode


def main(program, mode="all", *names):
    code = run(program, mode, *names)
    if code:
        print("reentry: ended with %d (REENTRY_TRACE=1 names each cell)" % code)
    return 1 if code else 0


sys.exit(main(*sys.argv[1:]))
