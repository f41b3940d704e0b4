"""Trees have the roots of RFC 6962, and every leaf has its way up."""

from __future__ import annotations

import pytest
from kinara.kit import merkle

RECORDS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Of the first n records: the test vectors of Certificate Transparency."""


@pytest.mark.parametrize("count", range(9))
def test_a_tree_has_the_root_that_the_standard_gives_it(count: int) -> None:
    leaves = [merkle.leaf(bytes.fromhex(record)) for record in RECORDS[:count]]
    assert merkle.root(leaves).hex() == ROOTS[count]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 9, 33])
def test_every_leaf_leads_to_the_root_and_no_other_does(count: int) -> None:
    leaves = [merkle.leaf(bytes([n])) for n in range(count)]
    for index, leaf in enumerate(leaves):
        assert merkle.climbed(leaf, merkle.path(leaves, index)) == merkle.root(leaves)
        assert merkle.climbed(merkle.leaf(b"another"), merkle.path(leaves, index)) != merkle.root(leaves)


@pytest.mark.parametrize("count", range(1, 14))
def test_subtrees_of_a_power_of_two_make_the_same_tree(count: int) -> None:
    leaves = [merkle.leaf(bytes([n])) for n in range(count)]
    parts = [leaves[n : n + 4] for n in range(0, count, 4)]
    roots = [merkle.root(part) for part in parts]
    assert merkle.root(roots) == merkle.root(leaves)
    for index in range(count):
        part, place = divmod(index, 4)
        assert merkle.path(leaves, index) == merkle.path(parts[part], place) + merkle.path(roots, part)


def test_a_node_is_no_record() -> None:
    left, right = merkle.leaf(b"a"), merkle.leaf(b"b")
    assert merkle.leaf(left + right) != merkle.node(left, right)
