"""The bugs that the suite must catch: for each, what stands in the kit and what stands there instead.

No bug stands in a production module; ``planting`` puts one into a service's process.
"""

from __future__ import annotations

from collections.abc import Mapping

from faults.planting import Bug

BUS, POLLS, FOLD, WORK = "kinara.kit.bus", "kinara.kit.polls", "kinara.kit.fold", "kinara.kit.work"
SAVED, GROUP = "kinara.kit.saved", "kinara.kit.group"
IMPORTS = "personnel.commands.imports.runner"
RELAY, OUTBOX, MONGO = "kinara.kit.relay", "kinara.kit.outbox", "kinara.kit.mongo"

# fmt: off
CONSUMING: Mapping[str, Bug] = {
    "offsets are committed before the effect": Bug(BUS, {
        """                if not self._stopping:
                    stored = await self._stored(""": """                if not self._stopping:
                    await self._offsets._commit_together(polls)
                    crash_point("inbox.after_effect")
                    stored = await self._stored(""",
    }, "I1", "killed in the inbox"),
    "offsets are committed one too far": Bug(POLLS, {
        "= offsets[-1] + 1\n": "= offsets[-1] + 2\n",
    }, "I1", "restarted"),
    "the last record of a poll is forgotten": Bug(POLLS, {
        'folder.read(cast("Sequence[Raw]", records))':
        'folder.read(cast("Sequence[Raw]", records[: len(records) - 1 or 1]))',
    }, "I1", "plain"),
    "a new group begins at the end": Bug(BUS, {
        'auto_offset_reset="earliest"': 'auto_offset_reset="latest"',
        "if fresh and self.kafka is not None": "if False",
    }, "I1", "started late"),
    "a batch that cannot be stored is passed over": Bug(BUS, {
        "            except Exception:  # noqa: BLE001  # a bug must not lose a batch":
        "                return True\n            except Exception:  # noqa: BLE001  # a bug must not lose a batch",
    }, "I1", "database killed"),
}

FOLDING: Mapping[str, Bug] = {
    "a repeat is folded again": Bug(FOLD, {
        "if stamp.version <= last:": "if False:",
        "elif stamp.version > last + 1:": "elif stamp.version > max(last, 1) + 1 and last == 0:",
    }, "I2", "killed in the inbox"),
    "a gap is ignored": Bug(FOLD, {
        "elif stamp.version > last + 1:": "elif False:",
    }, "I1", "reordered"),
    "what comes too early is thrown away": Bug(FOLD, {
        "waiting[stamp.subject.id, stamp.service, stamp.version] = current": "outcome.ignored += 1",
    }, "I1", "reordered"),
    "what waits is never let go": Bug(FOLD, {
        "current = waiting.pop((stamp.subject.id, stamp.service, subject.seen[stamp.service] + 1), None)":
        "current = None",
    }, "I1", "reordered"),
    "what waits is let go before its turn": Bug(FOLD, {
        "            else:\n                outcome.folded.append(current)\n":
        "            else:\n                outcome.folded.append(current)\n"
        "            early = [place for place in waiting if place[:2] == (stamp.subject.id, stamp.service)]\n"
        "            if early:\n"
        "                subject.seen[stamp.service] = max(early)[2] - 1\n",
    }, "I3", "reordered"),
    "a parked key is let go at once": Bug(FOLD, {
        "                outcome.dead.append(current)\n                return\n":
        "                outcome.dead.append(current)\n                subject.seen[stamp.service] = stamp.version\n",
    }, "I3", "poisoned"),
    "the version of an unknown type does not count": Bug(FOLD, {
        "        subject.seen[stamp.service] = stamp.version\n        subject.last = incoming\n":
        "        if fold is not None:\n"
        "            subject.seen[stamp.service] = stamp.version\n"
        "        subject.last = incoming\n",
    }, "I1", "poisoned"),
    "a full page is overwritten": Bug(FOLD, {
        "pages += collection.pages(record)": "pass",
    }, "I1", "plain"),
    "of several facts at a time only the effects are kept": Bug(FOLD, {
        "            state=subject.state,\n            left=":
        "            state=subject.state if len(subject.rows) == 1 else before.state,\n            left=",
    }, "I6", "plain"),
    "a dead letter is only logged": Bug(FOLD, {
        "        if outcome.dead:\n": "        if False:\n",
    }, "I11", "poisoned"),
    "a dead letter is sent at every reading": Bug("kinara.kit.deadletters", {
        "if id_ not in known or d": "if True or d",
    }, "I11", "poisoned"),
    "a redriven fact gets another id": Bug(FOLD, {
        "        incoming.redriven = kept[\"redrives\"] + 1\n":
        "        incoming.redriven = kept[\"redrives\"] + 1\n"
        "        incoming.stamp = incoming.stamp and replace(incoming.stamp, id=new_id())\n",
    }, "I4", "redriven"),
    "the cache outlives its transaction": Bug(FOLD, {
        "            outcome = await self._fold(batch, known, careful, session)\n":
        "            outcome = await self._fold(batch, known, careful, session)\n"
        "            self._remember(outcome.records)\n",
        "            if attempts > 1:\n                self.forget(batch)\n": "",
        "        except BaseException:\n            self.forget(batch)\n            raise\n":
        "        except BaseException:\n            raise\n",
    }, "I1", "two writers"),
}

COMMANDING: Mapping[str, Bug] = {
    "facts are saved outside the transaction": Bug(MONGO, {
        "bulk_write(operations, session=session)":
        "bulk_write(operations, session=None if collection == \"outbox\" else session)",
    }, "I2", "database cut off"),
    "a document is saved outside the transaction": Bug(MONGO, {
        "bulk_write(operations, session=session)":
        "bulk_write(operations, session=session if collection == \"outbox\" else None)",
    }, "I1", "two writers"),
    "nobody looks which revision is replaced": Bug(MONGO, {
        'ReplaceOne({"_id": d["_id"], "rev": d["rev"] - 1}, d)': 'ReplaceOne({"_id": d["_id"]}, d)',
    }, "I1", "two writers"),
    "a replacement that met nobody counts as stored": Bug(MONGO, {
        "if done.matched_count != replaces:": "if False:",
    }, "I1", "two writers"),
    "a commit without an answer counts as failed": Bug(MONGO, {
        "        forgotten = isinstance":
        "        raise Conflict(\"the commit has failed\") from error\n        forgotten = isinstance",
    }, "I2", "database cut off"),
    "a version is used twice": Bug(WORK, {
        "self._known[at] = (collection, replace(record, said=record.said + 1))":
        "self._known[at] = (collection, replace(record, said=record.said + (record.said != 2)))",
    }, "I3", "plain"),
    "a version is left out": Bug(WORK, {
        "self._known[at] = (collection, replace(record, said=record.said + 1))":
        "self._known[at] = (collection, replace(record, said=record.said + 1 + (record.said == 2)))",
    }, "I3", "plain"),
    "the Idempotency-Key is ignored": Bug(WORK, {
        "asked = self._work.idempotency\n": "asked = None\n",
    }, "I2", "plain"),
    "the answer is kept before the work is saved": Bug(SAVED, {
        "        pages: list[Document] = []\n        for name in dict":
        "        if self.answers:\n"
        "            await database[IDEMPOTENCY].insert_many(list(self.answers.values()))\n"
        "        pages: list[Document] = []\n        for name in dict",
        "            database.write(IDEMPOTENCY, list(self.answers.values()), [], session)\n": "            pass\n",
    }, "I1", "two writers"),
    "a member of a group is answered before the commit": Bug(GROUP, {
        "            return await Transaction(self.work, reads).run(self.call)\n":
        "            decided = await Transaction(self.work, reads).run(self.call)\n"
        "            self.tell(decided[0])\n"
        "            return decided\n",
    }, "I1", "database killed"),
    "the members of a group do not see each other": Bug(GROUP, {
        "if mine is not None and mine[1].touches(saved):": "if False:",
    }, "I1", "plain"),
    "an import that goes on counts from its first row": Bug(IMPORTS, {
        "source.rows(run.position + 1, known.lacks)": "source.rows(1, known.lacks)",
    }, "I7", "imported"),
    "a read is answered from an old copy": Bug(WORK, {
        "        found = await self.find(collection, scope, {\"_id\": id_}, limit=1)\n        if not found:\n"
        "            raise NotFound(collection.name, id_)\n        return found[0]\n":
        "        found = _COPIES.get(id_) or await self.find(collection, scope, {\"_id\": id_}, limit=1)\n"
        "        if not found:\n            raise NotFound(collection.name, id_)\n"
        "        return _COPIES.setdefault(id_, found)[0]\n",
        'P = ParamSpec("P")\n': 'P = ParamSpec("P")\n_COPIES: dict[str, Any] = {}\n',
    }, "I5", "plain"),
}

RELAYING: Mapping[str, Bug] = {
    "the dead relay's place stays taken": Bug(RELAY, {
        "LEASE = timedelta(seconds=6)": "LEASE = timedelta(seconds=90)",
    }, "I9", "sender killed"),
    "the position is kept before the broker has it": Bug(RELAY, {
        "                await self._send(buckets)\n                unkept = max":
        '                await self._keep(token=stream.token, newest=max(b["_id"] for b in buckets))\n'
        "                await self._send(buckets)\n                unkept = max",
    }, "I1", "killed in the relay"),
    "an empty broker is sent nothing again": Bug(RELAY, {
        'same = position.get("incarnation") == incarnation': "same = True",
        "if incarnation != await self._incarnation():": "if False:",
    }, "I1", "broker emptied"),
    "only the first fact of a bucket is sent": Bug(OUTBOX, {
        'for r in bucket["rows"]\n': 'for r in bucket["rows"][:1]\n',
    }, "I1", "started late"),
    "a large bucket is dropped": Bug(OUTBOX, {
        "if part and (len(part) == BUCKET_ROWS or size > room):\n            yield part\n":
        "if len(part) == 6:\n",
    }, "I1", "started late"),
    "facts are keyed by what caused them": Bug(OUTBOX, {
        'Message(topic, subject.partition("/")[2].encode(), ': 'Message(topic, row["correlation"].encode(), ',
    }, "I11", "plain"),
    "a fact is sent with its neighbour's version": Bug(OUTBOX, {
        'str(row["version"]).encode()': 'str(row["version"] + (row["version"] == 2)).encode()',
    }, "I3", "plain"),
}

BUGS: Mapping[str, Bug] = {**CONSUMING, **FOLDING, **COMMANDING, **RELAYING}
