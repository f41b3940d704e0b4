"""Which broker and database the launcher starts, and what it says where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from embedded import apache, secantusd
from embedded.child import Unavailable
from embedded.servers import Servers
from embedded.stack import PORTS

VARIABLES = ("KINARA_KAFKA", "KINARA_MONGO", "KAFKA", "MONGO", "NODES")


@pytest.fixture(autouse=True)
def _nothing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_without_a_word_it_is_the_embedded_broker_and_the_python_database() -> None:
    servers = Servers.asked()
    assert (servers.broker, servers.engine) == ("tansu", "python")
    assert servers.ports == ["kafka", "mongo"]


def test_three_nodes_of_apache_kafka_are_named_to_the_clients_and_know_one_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAFKA", "apache")
    monkeypatch.setenv("NODES", "3")
    monkeypatch.setattr(apache, "jars", lambda: tmp_path)
    for node in (1, 2, 3):
        (tmp_path / f"node-{node}" / "data").mkdir(parents=True)
        (tmp_path / f"node-{node}" / "data" / "meta.properties").touch()  # formatted already
    servers = Servers.asked()
    address = servers.kafka_url(PORTS)
    assert address.startswith("kafka://127.0.0.1:19092,127.0.0.1:19094,127.0.0.1:19096?")
    assert list(servers.broker_commands(tmp_path, PORTS)) == ["kafka", "kafka-2", "kafka-3"]
    properties = (tmp_path / "node-2" / "server.properties").read_text().splitlines()
    assert "controller.quorum.voters=1@127.0.0.1:19093,2@127.0.0.1:19095,3@127.0.0.1:19097" in properties
    assert "offsets.topic.replication.factor=3" in properties


def test_a_broker_behind_another_door_sends_its_clients_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apache, "jars", lambda: tmp_path)
    (tmp_path / "node-1" / "data").mkdir(parents=True)
    (tmp_path / "node-1" / "data" / "meta.properties").touch()  # formatted already
    Servers(broker="apache").broker_commands(tmp_path, PORTS, {"kafka": 7})
    properties = (tmp_path / "node-1" / "server.properties").read_text().splitlines()
    assert "advertised.listeners=BROKER://127.0.0.1:7" in properties
    assert "listeners=BROKER://127.0.0.1:19092,CONTROLLER://127.0.0.1:19093" in properties
    command = Servers().broker_commands(tmp_path, PORTS, {"kafka": 7})["kafka"]
    assert command[command.index("--advertised-listener-url") + 1] == "tcp://127.0.0.1:7"
    assert command[command.index("--listener-url") + 1] == "tcp://127.0.0.1:19092"


def test_a_report_names_the_servers_on_which_something_was_measured() -> None:
    own = Servers(broker="apache", engine="rust").versions
    assert own["broker"] == f"Apache Kafka {apache.version()}"
    assert own["database"] == f"SecantusDB {secantusd.VERSION} (Rust)"
    embedded = Servers().versions
    assert embedded["broker"].startswith("Tansu ")
    assert embedded["database"].endswith(" (Python)")
    assert Servers(kafka="kafka://theirs:9092", mongo="mongodb://theirs").versions == {
        "broker": "outside", "database": "outside",
    }  # fmt: skip


def test_an_outside_server_is_used_whatever_else_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("KAFKA", "apache"), ("KINARA_KAFKA", "kafka://theirs:9092"), ("MONGO", "rust")):
        monkeypatch.setenv(name, value)
    servers = Servers.asked()
    assert servers.kafka_url(PORTS) == "kafka://theirs:9092"
    assert servers.ports == ["mongo"]


@pytest.mark.parametrize(("name", "value"), [("KAFKA", "redpanda"), ("MONGO", "mongod"), ("NODES", "2")])
def test_what_it_does_not_have_is_refused_with_what_it_has(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Unavailable, match=rf"{name}={value}: pilihannya "):
        Servers.asked()


@pytest.mark.parametrize(
    ("there", "said"), [((), "perintah 'java' tidak ada"), (("java",), "perintah 'mvn' tidak ada")]
)
def test_a_machine_without_jdk_or_maven_is_told_so_in_one_line(
    there: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in there:
        (tmp_path / program).write_text("#!/bin/sh\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(apache, "JARS", tmp_path / "jars")
    with pytest.raises(Unavailable) as refusal:
        apache.jars()
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_maven_that_cannot_fetch_is_quoted_in_one_line_and_leaves_nothing_that_looks_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program, does in (("java", ""), ("mvn", "echo '[ERROR] no route to repository'; echo more; exit 1")):
        (tmp_path / program).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(apache, "JARS", tmp_path / "jars")
    with pytest.raises(Unavailable, match=r"^[^\n]*\[ERROR\] no route to repository$"):
        apache.jars()
    assert not list((tmp_path / "jars").rglob("complete"))


def test_a_maven_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program, does in (("java", ""), ("mvn", "exec sleep 30")):
        (tmp_path / program).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(apache, "JARS", tmp_path / "jars")
    monkeypatch.setattr(apache, "FETCH_S", 0.2)
    with pytest.raises(Unavailable, match="belum selesai"):
        apache.jars()


def test_a_machine_without_rust_is_told_so_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(secantusd, "ROOT", tmp_path / "secantusd")
    with pytest.raises(Unavailable, match=r"^MONGO=rust perlu Rust: [^\n]*'cargo' tidak ada[^\n]*$"):
        secantusd.binary()
