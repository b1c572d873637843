"""Runs a command while MiniStack, an implementation of DynamoDB, serves on a free port of this machine.

    second_opinion.py COMMAND ...

The command finds the address in DYNAMODB_ENDPOINT. Its exit code is the script's.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

# Seconds until MiniStack has to answer. It does after two.
PATIENCE = 60
# Seconds between two questions whether it does.
PAUSE = 0.1


def main() -> int:
    """Runs the command; answers its exit code."""
    command = sys.argv[1:]
    if not command:
        print("usage: second_opinion.py COMMAND ...", file=sys.stderr)
        return 2
    # Whoever is asked to end ends MiniStack first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        ministack = [sys.executable, "-m", "ministack"]
        emulator = subprocess.Popen(ministack, cwd=folder, env=environment(port, folder))
        try:
            wait_for(emulator, port)
            endpoint = f"http://127.0.0.1:{port}"
            return subprocess.run(command, env={**os.environ, "DYNAMODB_ENDPOINT": endpoint}).returncode
        finally:
            emulator.terminate()
            emulator.wait()


def free_port() -> int:
    """A port that nobody listens on. Should somebody take it at once, MiniStack says so and ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def environment(port: int, folder: str) -> dict[str, str]:
    """MiniStack's settings. The caller's own might have it check signatures, or keep its tables."""
    return {
        "PATH": os.environ["PATH"],
        "TMPDIR": folder,
        "SERVICES": "dynamodb",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }


def wait_for(emulator: subprocess.Popen[bytes], port: int) -> None:
    """Returns when MiniStack answers; ends the script when it has ended or does not."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if emulator.poll() is not None:
            sys.exit(f"MiniStack ended with code {emulator.returncode} before it answered.")
        if is_healthy(port):
            return
        time.sleep(PAUSE)
    sys.exit(f"MiniStack does not answer within {PATIENCE} s.")


def is_healthy(port: int) -> bool:
    """Whether MiniStack answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
