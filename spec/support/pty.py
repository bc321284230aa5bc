"""Runs a command on a terminal of its own and types at it.

Reads an order as JSON from standard input:

    argv       the command
    env        more of its environment
    columns    of the terminal (80)
    stdin, stdout, stderr    "terminal", or "pipe", or "null"
    steps      [["expect", "Code: "], ["type", "123456\n"], ["signal", "INT"],
                ["copy", "plan +(.*)"] types the group as shown last,
                ["columns", 20], ["stopped"], ["close", "stdout"],
                ["page", "http://…", "what it must hold"]]
    seconds    after which it has hung (30)

and answers as JSON: `screen`, all that the terminal got; `stdout` and `stderr`
where they are pipes; `status`, below 0 for a signal; `dumped`, whether a core
was; `echo`, whether the terminal echoes at the end; `missed`, the step that
did not come about.
"""
import fcntl
import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import urllib.request


def set_columns(fd, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def fetch(url):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=10) as page:
        return page.read().decode()


class Session:
    def __init__(self, order):
        self.deadline = time.monotonic() + order.get("seconds", 30)
        self.master, self.slave = os.openpty()
        set_columns(self.slave, order.get("columns", 80))
        os.setsid()
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
        self.screen, self.seen, self.pipes = b"", 0, {}
        self.status = None
        streams = {name: self.stream(name, order.get(name, "terminal"))
                   for name in ("stdin", "stdout", "stderr")}
        self.child = subprocess.Popen(
            order["argv"], env={**os.environ, **order.get("env", {})},
            preexec_fn=self.take_terminal, **streams)
        for fd in self.theirs:
            os.close(fd)

    theirs = []

    def stream(self, name, kind):
        if kind == "terminal":
            return self.slave
        if kind == "null":
            return subprocess.DEVNULL
        ours, theirs = os.pipe()
        self.theirs = self.theirs + [theirs]
        self.pipes[name] = [ours, b""]
        return theirs

    def take_terminal(self):
        """In the child: a job in front, as a shell would start it."""
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(self.slave, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        # Python ignores the first; what runs in the background may ignore others.
        for name in ("SIGPIPE", "SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"):
            signal.signal(getattr(signal, name), signal.SIG_DFL)

    def fds(self):
        return [self.master] + [p[0] for p in self.pipes.values() if p[0] >= 0]

    def read(self, seconds):
        """Takes what there is; tells whether there was anything."""
        ready, _, _ = select.select(self.fds(), [], [], seconds)
        for fd in ready:
            data = os.read(fd, 65536)
            if fd == self.master:
                self.screen += data
            for pipe in self.pipes.values():
                if fd == pipe[0]:
                    pipe[1] += data
                    if not data:
                        os.close(fd)
                        pipe[0] = -1
        return bool(ready)

    def look(self, options=0):
        if self.status is None:
            pid, status = os.waitpid(self.child.pid, os.WNOHANG | options)
            if pid and os.WIFSTOPPED(status):
                return True
            if pid:
                self.status = status
        return False

    def wait_for(self, done):
        while not done():
            if time.monotonic() > self.deadline:
                return False
            self.read(0.01)
        return True

    def found(self, text):
        at = self.screen.find(text.encode(), self.seen)
        if at >= 0:
            self.seen = at + len(text.encode())
        return at >= 0

    def step(self, what, *more):
        if what == "expect":
            return self.wait_for(lambda: self.found(more[0]))
        if what == "stopped":
            return self.wait_for(lambda: self.look(os.WUNTRACED))
        if what == "copy":
            shown = re.findall(more[0].encode(), self.screen)
            os.write(self.master, (shown or [b""])[-1] + b"\n")
            return bool(shown)
        if what == "page":
            return self.wait_for(lambda: more[1] in fetch(more[0]))
        if what == "type":
            os.write(self.master, more[0].encode())
        elif what == "signal":
            os.kill(self.child.pid, getattr(signal, "SIG" + more[0]))
        elif what == "columns":
            set_columns(self.slave, more[0])
        elif what == "close":
            os.close(self.pipes[more[0]][0])
            self.pipes[more[0]][0] = -1
        return True

    def finish(self):
        def ended():
            self.look()
            return self.status is not None
        hung = not self.wait_for(ended)
        if hung:
            os.kill(self.child.pid, signal.SIGKILL)
            _, self.status = os.waitpid(self.child.pid, 0)
        while self.read(0):
            if all(p[0] < 0 for p in self.pipes.values()) and not select.select(
                    [self.master], [], [], 0)[0]:
                break
        return hung


def text(data):
    return data.decode("utf-8", "backslashreplace")


def main():
    order = json.load(sys.stdin)
    session, missed = Session(order), None
    for step in order.get("steps", []):
        if not session.step(*step):
            missed = step
            break
    hung = session.finish()
    status = session.status
    echo = termios.tcgetattr(session.slave)[3] & termios.ECHO != 0
    print(json.dumps({
        "screen": text(session.screen).replace("\r\n", "\n"),
        **{name: text(pipe[1]) for name, pipe in session.pipes.items()},
        "status": os.waitstatus_to_exitcode(status),
        "dumped": os.WCOREDUMP(status),
        "echo": echo,
        "hung": hung,
        "missed": missed,
    }))


main()
