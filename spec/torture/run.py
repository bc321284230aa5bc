"""Runs spec/c/torture.c over the scenarios beside this file.

    python3 spec/torture/run.py LUA PROGRAM [quick]

Every request for memory is refused once in its turn, and every call of the
system, libcurl and OpenSSL fails once; `quick` leaves out most of those that
whole calls make. The servers on the other side of loopback are
threads of this process, with "/" for a reply and "/stats" for the number of
requests, itself left out. They outlive clients that die at any moment.
"""
import fcntl
import os
import select
import ssl
import subprocess
import sys
import termios
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


def torture(program, every, names, calls, **variables):
    command = command_of(program, every, calls, names)
    return subprocess.run(command, env={**os.environ, **variables}).returncode == 0


def command_of(program, memory, calls, names):
    files = ["spec/torture/%s.lua" % name for name in names]
    return [program, "--memory", str(memory), "--calls", str(calls)] + files


def type_at(terminal, child):
    """Types until the program has ended; what it shows is thrown away."""
    while child.poll() is None:
        os.write(terminal, b"secret\n")
        while select.select([terminal], [], [], 0.002)[0]:
            os.read(terminal, 65536)


def torture_at_terminal(program, every, names, calls):
    ours, theirs = os.openpty()

    def take_terminal():
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    child = subprocess.Popen(command_of(program, every, calls, names), stdin=theirs, preexec_fn=take_terminal)
    type_at(ours, child)
    return child.returncode == 0


# Of the requests for memory each how many-th, in full and in the short form.
SCENARIOS = [
    (1, 1, ["build", "parse", "sign", "http1", "files", "process", "chance", "watch"]),
    (7, 97, ["dpop"]),
    (1, 5, ["srp"]),
    (0, 0, ["rsa"]),
    (1, 9, ["require"]),
]
OVER_LOOPBACK = [
    (1, 3, ["core_call", "http", "call"]),
    (0, 0, ["proxy"]),
    (1, 17, ["loop"]),
]


def main(lua, program, form="full"):
    plain, tls = serve(), serve(tls_context(lua))
    calls = 7 if form == "quick" else 1

    def every(full, quick):
        return {"full": full, "quick": quick, "calls": 0}[form]

    results = [torture(program, every(full, quick), names, calls) for full, quick, names in SCENARIOS]
    results += [
        torture(program, every(full, quick), names, calls, TORTURE_URL=plain, http_proxy=plain)
        for full, quick, names in OVER_LOOPBACK
    ]
    results += [
        torture_at_terminal(program, every(1, 1), ["terminal"], calls),
        torture(program, every(3, 211), ["tls"], calls, TORTURE_URL=tls, TORTURE_CA=CERTIFICATES + "ca.pem"),
    ]
    return 0 if all(results) else 1


sys.exit(main(*sys.argv[1:]))
