"""Apache Kafka in KRaft mode: jars from Maven Central, one node on 127.0.0.1, data in a folder of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.servers.process import ServerUnavailable, answers, free_port, needed_program, serving

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
POM = HERE / "pom.xml"
LIBS = PROJECT / ".cache" / "kafka" / "libs"
# A fixed id: one node that nobody else joins.
CLUSTER_ID = "ZnVuZHdhdGNoLXRlc3QtMQ"
HEAP = "-Xmx384m"
START_S = 90.0

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
num.partitions=1
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=4
log.cleaner.enable=true
log.cleaner.dedupe.buffer.size=16777216
log.segment.bytes=134217728
"""


def install() -> Path:
    """Bring Kafka's jars into the project's cache, once, and return their folder.

    Raises
    ------
    ServerUnavailable
        When Java, Maven or Maven Central cannot be had.
    """
    needed_program("java", package="openjdk-17-jre-headless")
    LIBS.parent.mkdir(parents=True, exist_ok=True)
    stamp = LIBS.parent / "pom.xml"
    with (LIBS.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_bytes() != POM.read_bytes():
            _copy_jars()
            stamp.write_bytes(POM.read_bytes())
    return LIBS


def _copy_jars() -> None:
    maven = needed_program("mvn", package="maven")
    shutil.rmtree(LIBS, ignore_errors=True)
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={LIBS}", "-DincludeScope=runtime"]
    copied = subprocess.run([maven, "-q", "-B", "-f", str(POM), *goal], capture_output=True, text=True, check=False)
    if copied.returncode != 0 or not any(LIBS.glob("kafka_*.jar")):
        raise ServerUnavailable(f"Kafka's jars could not be brought by Maven:\n{copied.stdout[-1500:]}")


def version() -> str:
    """Return the version of the jars in the cache, as their names give it."""
    return next(LIBS.glob("kafka-server-[0-9]*.jar")).stem.removeprefix("kafka-server-")


@contextmanager
def running(port: int | None = None, *, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run one node with an empty log until the block ends; gives its ``host:port``.

    ``settings`` are broker properties that go before ours.

    Raises
    ------
    ServerUnavailable
        When it cannot be had or does not come up.
    """
    port = port or free_port()
    with tempfile.TemporaryDirectory(prefix="fundwatch-kafka-") as folder:
        home = Path(folder)
        with serving(
            prepared(home, port, settings or {}),
            name="Apache Kafka",
            log=home / "server.log",
            ready=lambda: answers(port),
            within_s=START_S,
            env={**os.environ, "LOG_DIR": folder},
        ):
            yield f"127.0.0.1:{port}"


def prepared(home: Path, port: int, settings: Mapping[str, str]) -> list[str]:
    """Make a node's empty log in ``home`` and return the command that starts it, again and again on the same log.

    Raises ``ServerUnavailable`` when it cannot be had.
    """
    libs = install()
    properties = home / "server.properties"
    ours = PROPERTIES.format(port=port, controller=free_port(), data=home / "data")
    # Of a property that stands twice, the last counts.
    properties.write_text(ours + "".join(f"{name}={value}\n" for name, value in settings.items()))
    _format(libs, properties)
    return _java(libs, "kafka.Kafka", str(properties))


def _format(libs: Path, properties: Path) -> None:
    storage = ["format", "--standalone", "-t", CLUSTER_ID, "-c", str(properties)]
    made = subprocess.run(_java(libs, "kafka.tools.StorageTool", *storage), capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise ServerUnavailable(f"Kafka's storage could not be formatted:\n{made.stdout[-1500:]}{made.stderr[-1500:]}")


def _java(libs: Path, main: str, *arguments: str) -> list[str]:
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", HEAP]
    return ["java", *quick, "-cp", f"{libs}/*", main, *arguments]
