"""Runs spec/c/torture.c over the scenarios beside this file.

    python3 spec/torture/run.py LUA PROGRAM [quick]

Every request for memory is refused once in its turn; `quick` leaves out most
of those that whole calls make. The servers on the other side of loopback are
threads of this process, with "/" for a reply and "/stats" for the number of
requests, itself left out. They outlive clients that die at any moment.
"""
import os
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CERTIFICATES = "build/certificates/"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def reply(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("X-Amzn-RequestId", "r-1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests += 1
        self.reply(b"{}")

    def do_GET(self):
        self.reply(b"%d" % self.server.requests)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    requests = 0
    context = None

    def finish_request(self, connection, address):
        if self.context:
            connection = self.context.wrap_socket(connection, server_side=True)
        super().finish_request(connection, address)

    def handle_error(self, *_):
        pass  # clients break off: that is the test


def serve(context=None):
    server = Server(("127.0.0.1", 0), Handler)
    server.context = context
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return "%s://127.0.0.1:%d" % ("https" if context else "http", server.server_port)


def tls_context(lua):
    subprocess.run([lua, "-e", "require('spec.support.certificates').get()"], check=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES + "good.pem", CERTIFICATES + "good.key")
    return context


def torture(program, every, names, **variables):
    files = ["spec/torture/%s.lua" % name for name in names]
    command = [program, "--every", str(every)] + files
    return subprocess.run(command, env={**os.environ, **variables}).returncode == 0


def main(lua, program, quick=None):
    plain, tls = serve(), serve(tls_context(lua))
    results = [
        torture(program, 1, ["build", "parse", "sign", "http1"]),
        torture(program, 97 if quick else 7, ["dpop"]),
        torture(program, 5 if quick else 1, ["srp"]),
        torture(program, 9 if quick else 1, ["require"]),
        torture(program, 3 if quick else 1, ["core_call", "http", "call"], TORTURE_URL=plain),
        torture(program, 17 if quick else 1, ["loop"], TORTURE_URL=plain),
        torture(program, 211 if quick else 3, ["tls"], TORTURE_URL=tls, TORTURE_CA=CERTIFICATES + "ca.pem"),
    ]
    return 0 if all(results) else 1


sys.exit(main(*sys.argv[1:]))
