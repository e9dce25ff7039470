"""A server that speaks S3 over HTTP, in a process of its own, which can be made to deny everything."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.servers.process import answers, free_port, serving

START_S = 30.0
KEY, SECRET = "a-key-of-the-tests", "a-secret-of-the-tests"
BUCKET = "fundwatch"


@dataclass(frozen=True, slots=True)
class Server:
    """Where it answers; ``environment`` is what a process needs to find it and to be let in."""

    port: int

    @property
    def environment(self) -> dict[str, str]:
        """Variables as ``pyarrow.fs`` reads them."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def make(self, bucket: str) -> None:
        """Make a bucket, as whoever runs the store does: the product makes none."""
        self._ask(bucket, "PUT", b"")

    def url(self, place: str) -> str:
        """A place in the bucket."""
        return f"s3://{BUCKET}/{place}"

    def deny(self) -> None:
        """Know nobody any longer: every request is denied."""
        self._ask("moto-api/reset-auth", "POST", b"0")

    def allow(self) -> None:
        """Let everybody in again."""
        self._ask("moto-api/reset-auth", "POST", b"inf")

    def _ask(self, path: str, method: str, body: bytes) -> None:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        asked.request(method, f"/{path}", body, {"Content-Type": "text/plain"})
        assert asked.getresponse().status == http.HTTPStatus.OK
        asked.close()


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """The server with an empty bucket until the block ends; what it holds is in its memory."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    ready = lambda: answers(port)  # noqa: E731
    with serving(command, name="the server of S3", log=folder / "s3.log", ready=ready, within_s=START_S):
        server = Server(port)
        server.make(BUCKET)
        yield server
