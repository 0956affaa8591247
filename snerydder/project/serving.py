"""A web server in a process of its own, watched until it answers and stopped with its parent."""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from snerydder.project.postgres import Unavailable

PATIENCE = 60.0


def require_port(host: str, port: int, command: str) -> None:
    """Say it before anything slow is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise Unavailable(_refused(fault, host, port, command)) from fault


def _refused(fault: OSError, host: str, port: int, command: str) -> str:
    if fault.errno == errno.EADDRINUSE:
        return f"Port {port} er optaget af et andet program. Prøv: {command} --port {free_port(port + 1)}"
    if fault.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} kræver særlige rettigheder. Prøv: {command} --port {free_port(8000)}"
    return f"Adressen {host}:{port} kan ikke bruges ({fault.strerror}). Prøv: {command} --port {free_port(8000)}"


def free_port(first: int = 0) -> int:
    """The first free port from `first` on; with 0, any."""
    for port in range(first, min(first + 100, 65_536)) if first else (0,):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise Unavailable("Der er ingen ledig port.")


@contextmanager
def serving(host: str, port: int, environment: dict[str, str], workers: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    """The server, once it has answered. It is stopped when the block ends, however it ends."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    process = subprocess.Popen([*command, "snerydder.project.wsgi:application"], env=environment, start_new_session=True)
    try:
        _wait(process, host, port, environment.get("SNERYDDER_HOSTS", "").split(",")[0].strip() or "localhost")
        yield process
    finally:
        stop(process)


def _wait(process: subprocess.Popen[bytes], host: str, port: int, name: str) -> None:
    until = time.monotonic() + PATIENCE
    said = "ingen svar"
    while time.monotonic() < until:
        if process.poll() is not None:
            raise Unavailable("Webserveren stoppede, før den svarede. Grunden står ovenfor.")
        try:
            asked = http.client.HTTPConnection(host, port, timeout=5)
            asked.request("GET", "/healthz", headers={"Host": name})
            answer = asked.getresponse()
            said = f"{answer.status} {answer.read(200).decode(errors='replace').strip()}"
            asked.close()
            if answer.status == 200:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise Unavailable(f"Webserveren svarede ikke inden for {PATIENCE:.0f} sekunder ({said}).")


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
