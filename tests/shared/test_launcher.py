"""``make up`` and ``make demo`` as processes: what dies comes back, and whatever their end, nothing stays behind."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from embedded import up
from embedded.child import Child, free_port
from embedded.servers import Servers
from embedded.stack import PORTS, REPOSITORY, SERVICES, STUB, Stack, complete_topics
from kinara.kit import topics
from kinara.kit.ids import new_id
from kinara.kit.mongo import Database, Session
from kinara.kit.settings import KafkaUrl
from kinara.kit.testing import eventually
from kinara.kit.topics import Registry, TopicsDiffer

EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
UP = "import json, sys; from pathlib import Path; from embedded.up import main; "
UP += "sys.exit(main(Path(sys.argv[1]), json.loads(sys.argv[2])))"
DEMO = (
    "import sys; from pathlib import Path; from embedded.demo.__main__ import main; sys.exit(main(Path(sys.argv[1])))"
)
ALONE = {"KINARA_KAFKA": "", "KINARA_MONGO": "", "KINARA_SIASN_BASE_URL": "", "FORCE_COLOR": ""}
"""No outside server, whatever the tests themselves run on."""


def command(home: Path, script: str, *arguments: str, **env: str) -> Child:
    """A command of the Makefile on data of its own, with few people so that it starts quickly."""
    shown = {"PYTHONPATH": str(REPOSITORY / "deploy"), "SIASN_STUB_PEOPLE": "50"} | ALONE | env
    return Child("command", [sys.executable, "-c", script, str(home), *arguments], home / "output", shown)


class Launcher:
    """``make up`` on free ports."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ports = {name: free_port() for name in PORTS}
        self.process = command(home, UP, json.dumps(self.ports))

    def said(self) -> str:
        """What it has printed so far."""
        return self.process.log.read_text()

    def pids(self) -> dict[str, int]:
        """Its processes by name, as its lines say; of one that was started again the latest."""
        return {found[1]: int(found[2]) for found in re.finditer(r"^ *(\w+) .*pid (\d+)", self.said(), re.MULTILINE)}

    def log(self, name: str) -> str:
        """The log of one of its processes."""
        return (self.home / "logs" / f"{name}.log").read_text()

    async def answers(self, name: str, path: str) -> bool:
        """Whether a process of it says yes."""
        try:
            async with httpx.AsyncClient() as http:
                return (await http.get(f"http://127.0.0.1:{self.ports[name]}{path}")).is_success
        except httpx.TransportError:
            return False

    async def ready(self) -> bool:
        """Whether all services are ready."""
        return all([await self.answers(name, "/health/ready") for name in SERVICES])

    async def ended(self) -> int | None:
        """Wait for its end and give its exit code."""
        assert await asyncio.to_thread(self.process.wait, 60), self.said()
        return self.process.exit_code


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Launcher]:
    """A launcher that has said that everything is up; the tests of this file use it in their order."""
    launcher = Launcher(Path(tmp_path_factory.mktemp("up")))
    launcher.process.start()

    def is_up() -> bool:
        assert launcher.process.running, launcher.said()
        return "Berhenti: Ctrl-C" in launcher.said()

    await eventually(is_up, within=90)
    yield launcher
    launcher.process.stop()


def alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def listens(port: int) -> bool:
    """Whether anybody answers there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_every_process_has_its_line_once_all_are_ready_and_the_stub_siasn_is_one(running: Launcher) -> None:
    assert running.pids().keys() == {"kafka", "mongo", STUB, *SERVICES}
    assert all(map(alive, running.pids().values()))
    assert await running.ready()
    assert await running.answers(STUB, "/stub/ready")


async def test_an_operator_sources_one_file_and_speaks_to_it_with_kinara(running: Launcher) -> None:
    assert f"source {running.home / 'env'}" in running.said()
    assert (running.home / "env").stat().st_mode & 0o077 == 0
    kinara = Path(sys.executable).with_name("kinara")
    asked = f"source {running.home / 'env'} && {kinara} "
    letters = await shell(asked + "dlq ls --service appraisal --json")
    token = await shell(asked + "token --role hr --unit /16.71")
    assert json.loads(letters) == []
    address = f"http://127.0.0.1:{running.ports['personnel']}/v1/employees"
    async with httpx.AsyncClient() as http:
        assert (await http.get(address, headers={"Authorization": f"Bearer {token.strip()}"})).status_code == 200


async def shell(asked: str) -> str:
    """What a command prints that succeeds."""
    bash = await asyncio.create_subprocess_exec("bash", "-c", asked, stdout=asyncio.subprocess.PIPE)
    said, _ = await bash.communicate()
    assert bash.returncode == 0
    return said.decode()


async def test_a_broker_that_is_killed_is_started_again_and_the_services_go_on_with_it(running: Launcher) -> None:
    killed = running.pids()
    os.kill(killed["kafka"], signal.SIGKILL)
    await eventually(lambda: running.pids()["kafka"] != killed["kafka"])
    if Servers.asked().broker == "tansu":  # it forgets everything; Apache Kafka has its data again
        await eventually(lambda: all("new incarnation" in running.log(name) for name in SERVICES), within=60)
    await eventually(running.ready, within=60)
    assert running.pids() == killed | {"kafka": running.pids()["kafka"]}
    assert [name for name, pid in running.pids().items() if not alive(pid)] == []


async def test_asked_more_than_once_to_stop_it_drains_the_services_and_leaves_no_process(running: Launcher) -> None:
    pids = running.pids()
    running.process.signal(signal.SIGINT)
    await eventually(lambda: "Menghentikan layanan" in running.said(), every=0.01)
    running.process.signal(signal.SIGINT)
    running.process.signal(signal.SIGTERM)
    assert await running.ended() == 0
    assert "Traceback" not in running.said()
    assert [name for name in SERVICES if json.loads(running.log(name).splitlines()[-1])["event"] != "stopped"] == []
    assert [name for name, pid in pids.items() if alive(pid)] == []


def test_a_signal_that_comes_while_a_process_is_made_waits_until_the_process_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = subprocess.Popen

    def interrupted(*arguments: Any, **options: Any) -> Any:
        made = real(*arguments, **options)
        signal.raise_signal(signal.SIGINT)
        return made

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what it runs beside it ignore it
    child = Child("child", [sys.executable, "-c", "import signal; signal.pause()"], tmp_path / "log")
    with pytest.raises(KeyboardInterrupt):
        child.start()
    signal.signal(signal.SIGINT, usual)
    assert child.running
    child.kill()


async def test_a_process_that_cannot_start_ends_all_others_and_is_named(tmp_path: Path) -> None:
    launcher = Launcher(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", launcher.ports["kafka"]))
        launcher.process.start()
        assert await launcher.ended() == 1
    assert "kafka did not start" in launcher.said()
    assert "Traceback" not in launcher.said()
    assert [name for name, port in launcher.ports.items() if listens(port)] == []


async def test_a_stack_beside_another_is_refused_before_it_touches_anything_of_it(tmp_path: Path) -> None:
    launcher = Launcher(tmp_path)
    with socket.create_server(("127.0.0.1", launcher.ports["kafka"])):
        launcher.process.start()
        assert await launcher.ended() == 1
    assert f"Port {launcher.ports['kafka']} (kafka) sudah dipakai" in launcher.said()
    assert not (tmp_path / "logs").exists()


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Free ports, in an environment that names no outside server."""
    for name, value in ALONE.items():
        monkeypatch.setenv(name, value)
    return {name: free_port() for name in PORTS}


def test_a_siasn_that_the_operator_names_is_asked_with_their_settings_and_not_the_stub(
    tmp_path: Path, ports: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = {"KINARA_SIASN_BASE_URL": "https://siasn.example", "KINARA_SIASN_APIM_KEY": "theirs"}
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)
    with up.prepared(tmp_path, ports) as stack:
        stack.start_stub()
        assert stack.children == {}
    told = os.environ | stack.env
    assert {name: value for name, value in told.items() if name.startswith("KINARA_SIASN_")} == theirs


async def test_what_its_database_has_acknowledged_outlives_a_kill(tmp_path: Path, ports: dict[str, int]) -> None:
    async def accept(session: Session) -> None:
        await database["rows"].insert_one({"_id": "accepted"}, session=session)

    with up.prepared(tmp_path, ports) as stack:
        stack.start_database()
        database = Database(stack.mongo_url, "kept")
        await database.transact(accept, rerun_unknown=False)
        stack.children["mongo"].kill()
        stack.revive()
        assert [row["_id"] for row in await database.find("rows", {})] == ["accepted"]
        database.close()


@pytest.fixture
def mine(registry: Registry) -> Registry:
    """A registry with one topic, which no broker has yet."""
    cell = f"c{new_id()}"
    return replace(registry, cells={cell: frozenset()}, default_cell=cell, services=("feedback",), groups={})


async def test_an_outside_broker_that_stands_alone_is_asked_for_one_copy_of_what_it_lacks(
    servers: Stack, mine: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[NewTopic] = []
    real = AIOKafkaAdminClient.create_topics

    async def noted(admin: AIOKafkaAdminClient, wanted: list[NewTopic]) -> Any:
        asked.extend(wanted)
        return await real(admin, wanted)

    monkeypatch.setattr(AIOKafkaAdminClient, "create_topics", noted)
    url = KafkaUrl.parse(servers.kafka_url)
    await complete_topics(url, mine)
    await complete_topics(url, mine)
    assert [topic.replication_factor for topic in asked] == [1]
    await topics.verify(url, mine)


async def test_an_outside_cluster_is_asked_for_all_copies_and_a_refusal_says_what_to_do(
    servers: Stack, mine: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def two_nodes(_admin: AIOKafkaAdminClient) -> dict[str, Any]:
        return {"brokers": [{"node_id": 1}, {"node_id": 2}]}

    async def refused(_admin: AIOKafkaAdminClient, wanted: list[NewTopic]) -> SimpleNamespace:
        """As Apache Kafka answers with two brokers; the embedded broker stands alone and refuses nothing."""
        return SimpleNamespace(topic_errors=[(t.name, 38, f"{t.replication_factor} copies on 2") for t in wanted])

    monkeypatch.setattr(AIOKafkaAdminClient, "describe_cluster", two_nodes)
    monkeypatch.setattr(AIOKafkaAdminClient, "create_topics", refused)
    with pytest.raises(TopicsDiffer, match=r"3 copies on 2.*kinara topics apply --replicas N"):
        await complete_topics(KafkaUrl.parse(servers.kafka_url), mine)


@pytest.mark.parametrize("broken_off", ["error", "signal"])
async def test_a_demonstration_that_is_broken_off_leaves_no_report_of_an_earlier_one(
    tmp_path: Path, broken_off: str
) -> None:
    report = tmp_path / "build" / "demo.json"
    report.parent.mkdir()
    report.write_text("{}")
    nobody = f"127.0.0.1:{free_port()}"
    demo = command(tmp_path, DEMO, KINARA_KAFKA=f"kafka://{nobody}", KINARA_MONGO=f"mongodb://{nobody}")
    demo.start()
    if broken_off == "signal":
        await eventually((tmp_path / ".kinara" / "demo" / "logs").exists, every=0.01)
        demo.signal(signal.SIGINT)
    assert await asyncio.to_thread(demo.wait, 60)
    assert demo.exit_code == {"error": 1, "signal": 130}[broken_off]
    assert "Traceback" not in demo.tail(50)
    assert not report.exists()


def test_ports_are_named_once_and_lie_where_no_connection_is_given_one() -> None:
    ports = [free_port() for _ in range(50)]
    assert len(set(ports)) == 50
    first = int(EPHEMERAL.read_text().split()[0]) if EPHEMERAL.exists() else 32_000
    assert max(ports) < first
