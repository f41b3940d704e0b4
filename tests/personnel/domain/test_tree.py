"""The units of a government as one tree."""

from __future__ import annotations

from dataclasses import replace

from personnel.domain.tree import Tree, lineage
from personnel.domain.unit import Unit, create


def test_the_lineage_of_a_path_leads_to_the_root() -> None:
    assert lineage("/16.71/plaju/ilir") == ("/16.71/plaju/ilir", "/16.71/plaju", "/16.71")
    assert lineage("/17") == ("/17",)


def test_a_superior_is_looked_for_up_the_tree(palembang: Unit, plaju: Unit) -> None:
    id_ = "00000000-0000-4000-8000-000000000003"
    ilir, _ = create(id_, code="ilir", name="Ilir", parent=plaju, province=plaju.province)
    tree = Tree([ilir, plaju, palembang])
    assert [unit.code for unit in tree.chain(ilir)] == ["ilir", "plaju", "16.71"]
    assert tree.superior("e1", ilir) == plaju.leader_id
    assert tree.superior(plaju.leader_id or "", plaju) is None
    assert tree.below(palembang) == [ilir, plaju]


def test_a_unit_that_was_put_again_replaces_what_was_known(palembang: Unit, plaju: Unit) -> None:
    tree = Tree([palembang, plaju])
    tree.put(replace(plaju, unit_path="/16.71/p", source_id="ABC"))
    assert tree.at("/16.71/plaju") is None
    assert tree.at("/16.71/p") == tree.by_source("ABC") == tree.get(plaju.id)
    assert len(list(tree)) == 2
