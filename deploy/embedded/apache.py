"""Apache Kafka as the stack's broker: jars by Maven, KRaft nodes on loopback, data kept until they are thrown away.

``python -m embedded.apache`` fetches the jars, or says in one line why they cannot be had;
``python -m embedded.apache kafka-topics …`` runs one of Kafka's own tools.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

from embedded.child import Unavailable

REPOSITORY = Path(__file__).resolve().parents[2]
KAFKA = REPOSITORY / "deploy" / "kafka"
JARS = REPOSITORY / "build" / "kafka"
JVM = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""A small heap, one thread that collects, and one quick compilation: a broker on a laptop, shared with all the rest."""
FETCH_S = 600
TOOLS = {
    "kafka-topics": "org.apache.kafka.tools.TopicCommand",
    "kafka-consumer-groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
    "kafka-configs": "kafka.admin.ConfigCommand",
    "kafka-get-offsets": "org.apache.kafka.tools.GetOffsetShell",
    "kafka-console-consumer": "org.apache.kafka.tools.consumer.ConsoleConsumer",
    "kafka-dump-log": "kafka.tools.DumpLogSegments",
}
"""Operators' commands by the names of Kafka's own scripts."""


def version() -> str:
    """The version that ``deploy/kafka/pom.xml`` asks for."""
    found = re.search(r"<kafka.version>(.+)</kafka.version>", (KAFKA / "pom.xml").read_text())
    assert found is not None  # noqa: S101  # the file is ours
    return found[1]


def jars() -> Path:
    """The folder with the jars of broker and tools, fetched if need be; ``Unavailable`` where they cannot be had."""
    folder = JARS / version()
    if (folder / "complete").exists():
        return folder
    for program, of in (("java", "JDK 17 atau lebih baru"), ("mvn", "Maven")):
        if shutil.which(program) is None:
            raise Unavailable(f"KAFKA=apache perlu {of}: perintah '{program}' tidak ada di mesin ini.")
    command = ["mvn", "-q", "-B", "-f", str(KAFKA / "pom.xml"), "dependency:copy-dependencies"]
    command.append(f"-DoutputDirectory={folder}")
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=FETCH_S)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"KAFKA=apache: Maven belum selesai mengambil jar setelah {FETCH_S} detik.") from None
    if done.returncode:
        said = next(iter((done.stdout + done.stderr).splitlines()), "tanpa pesan")
        raise Unavailable(f"KAFKA=apache: Maven tidak dapat mengambil Apache Kafka {version()}: {said[:300]}")
    (folder / "complete").touch()
    return folder


def program(main: str, *arguments: str) -> list[str]:
    """The command of one of Kafka's own programs, by its class or by its name in ``TOOLS``."""
    log = f"-Dlog4j2.configurationFile={KAFKA / 'log4j2.properties'}"
    return ["java", *JVM, log, "-cp", f"{jars()}/*", TOOLS.get(main, main), *arguments]


def node(
    home: Path, cluster: str, brokers: Mapping[int, int], controllers: Mapping[int, int], me: int, told: int
) -> list[str]:
    """The command of one node of a cluster, by its number; the ports of all nodes are given by number too.

    ``told`` is the port at which it tells its clients to find it.
    A folder without data is formatted for the cluster, whose id tells consumers which life of the broker this is.
    """
    folder = home / f"node-{me}"
    quorum = ",".join(f"{number}@127.0.0.1:{port}" for number, port in controllers.items())
    copies = len(brokers)
    lines = [
        (KAFKA / "server.properties").read_text(),
        f"node.id={me}",
        f"listeners=BROKER://127.0.0.1:{brokers[me]},CONTROLLER://127.0.0.1:{controllers[me]}",
        f"advertised.listeners=BROKER://127.0.0.1:{told}",
        f"controller.quorum.voters={quorum}",
        f"log.dirs={folder / 'data'}",
        *(f"{topic}.topic.replication.factor={copies}" for topic in ("offsets", "transaction.state.log")),
        f"share.coordinator.state.topic.replication.factor={copies}",
    ]
    folder.mkdir(parents=True, exist_ok=True)
    properties = folder / "server.properties"
    properties.write_text("\n".join(lines) + "\n")
    if not (folder / "data" / "meta.properties").exists():
        format_ = program("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(properties))
        done = subprocess.run(format_, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"kafka-storage format: {(done.stdout + done.stderr)[-600:]}")
    return program("kafka.Kafka", str(properties))


def cluster_id(home: Path) -> str:
    """The id of the cluster whose data are under ``home``; a new one where there are none."""
    kept = home / "cluster"
    if not kept.exists():
        home.mkdir(parents=True, exist_ok=True)
        kept.write_text(urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "_"))
    return kept.read_text()


def main(arguments: list[str]) -> int:
    """Fetch the jars, then run the tool that is named, if one is; the exit code is the tool's."""
    try:
        jars()
    except Unavailable as reason:
        print(reason, file=sys.stderr)
        return 1
    if not arguments:
        return 0
    if arguments[0] not in TOOLS:
        print(f"{arguments[0]}: pilihannya {', '.join(TOOLS)}.", file=sys.stderr)
        return 2
    command = program(*arguments)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
