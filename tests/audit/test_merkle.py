"""The tree is that of RFC 6962, whoever else computes it finds the same, and no false proof passes."""

from typing import Any

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle.proof import InclusionProof

from hotline.audit.merkle import (
    EMPTY,
    ProofRefused,
    consistency_proof,
    continues,
    includes,
    inclusion_proof,
    leaf_hash,
    root_of,
    subtree_hash,
)
from hotline.audit.verifying import Peaks

# The tree that the tests of Certificate Transparency's reference implementation use.
_ENTRIES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
_LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
_LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
_OF_2_3 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
_OF_4_5 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
_OF_6_7 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
_OF_4_7 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"


def node_of(leaves: list[bytes]) -> Any:
    def node(height: int, index: int) -> bytes:
        return subtree_hash(leaves[index << height : (index + 1) << height])

    return node


def leaves_of(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


LEAVES = [leaf_hash(bytes.fromhex(entry)) for entry in _ENTRIES]


def test_the_roots_are_those_of_certificate_transparency() -> None:
    for size, root in enumerate(_ROOTS, start=1):
        assert root_of(LEAVES[:size]).hex() == root
    assert root_of([]) == EMPTY


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, []),
        (0, 8, [_LEAF_1, _OF_2_3, _OF_4_7]),
        (5, 8, [_LEAF_4, _OF_6_7, _ROOTS[3]]),
        (2, 3, [_ROOTS[1]]),
        (1, 5, [_ROOTS[0], _OF_2_3, _LEAF_4]),
    ],
)
def test_the_inclusion_proofs_are_those_of_certificate_transparency(
    index: int, size: int, path: list[str]
) -> None:
    found = inclusion_proof(index, size, node_of(LEAVES))
    assert [one.hex() for one in found] == path
    assert includes(index, size, LEAVES[index], found, bytes.fromhex(_ROOTS[size - 1]))


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (1, 1, []),
        (1, 8, [_LEAF_1, _OF_2_3, _OF_4_7]),
        (6, 8, [_OF_4_5, _OF_6_7, _ROOTS[3]]),
        (2, 5, [_OF_2_3, _LEAF_4]),
    ],
)
def test_the_consistency_proofs_are_those_of_certificate_transparency(
    old: int, new: int, path: list[str]
) -> None:
    found = consistency_proof(old, new, node_of(LEAVES))
    assert [one.hex() for one in found] == path
    roots = {"old_root": bytes.fromhex(_ROOTS[old - 1]), "new_root": bytes.fromhex(_ROOTS[new - 1])}
    assert continues(old, new, found, **roots)


@given(st.data())
def test_every_leaf_is_proven_and_another_checker_agrees(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for number in range(size):
        tree.append_entry(str(number).encode())
    leaves = leaves_of(size)
    path, root = inclusion_proof(index, size, node_of(leaves)), root_of(leaves)
    assert includes(index, size, leaves[index], path, root)
    assert root == tree.get_root(size)
    theirs = tree.prove_inclusion(index + 1, size)
    ours = InclusionProof("sha256", True, size, index + 1, theirs.rule, [leaves[index], *path])
    pymerkle.verify_inclusion(leaves[index], root, ours, index=index + 1, size=size)


@given(st.data())
def test_every_state_continues_every_earlier_one_and_another_checker_agrees(
    data: st.DataObject,
) -> None:
    new = data.draw(st.integers(1, 70))
    old = data.draw(st.integers(1, new))
    leaves = leaves_of(new)
    roots = {"old_root": root_of(leaves[:old]), "new_root": root_of(leaves)}
    path = consistency_proof(old, new, node_of(leaves))
    assert continues(old, new, path, **roots)
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for number in range(new):
        tree.append_entry(str(number).encode())
    theirs = tree.prove_consistency(old, new)
    pymerkle.verify_consistency(
        roots["old_root"], roots["new_root"], theirs, prior_size=old, later_size=new
    )


@given(st.data())
def test_no_changed_proof_passes(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 40))
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    root = root_of(leaves)
    path = inclusion_proof(index, size, node_of(leaves))
    place = data.draw(st.integers(0, len(path) - 1))
    wrong = bytes([path[place][0] ^ 1]) + path[place][1:]
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
    assert not includes(
        index, size, leaves[index], [*path[:place], wrong, *path[place + 1 :]], root
    )
    assert not includes(index, size, leaves[index], path[:-1], root)
    assert not includes(index, size, leaves[index], [*path, bytes(32)], root)
    assert not includes(index, size, leaves[other], path, root)
    assert not includes(size, size, leaves[index], path, root)
    assert not includes(-1, size, leaves[index], path, root)


@given(st.data())
def test_no_rewritten_past_is_continued(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 40))
    old = data.draw(st.integers(1, new - 1))
    changed = data.draw(st.integers(0, old - 1))
    leaves = leaves_of(new)
    rewritten = [*leaves[:changed], leaf_hash(b"forged"), *leaves[changed + 1 :]]
    before = root_of(leaves[:old])
    path = consistency_proof(old, new, node_of(rewritten))
    assert not continues(old, new, path, old_root=before, new_root=root_of(rewritten))
    for cut in (path[:-1], [*path, bytes(32)], []):
        true_root = root_of(leaves)
        honest = consistency_proof(old, new, node_of(leaves))
        assert cut == honest or not continues(old, new, cut, old_root=before, new_root=true_root)


def test_what_is_no_tree_has_no_proof() -> None:
    node = node_of(LEAVES)
    for index, size in ((-1, 8), (8, 8), (0, 0)):
        with pytest.raises(ProofRefused):
            inclusion_proof(index, size, node)
    for old, new in ((0, 8), (8, 7), (-1, 3)):
        with pytest.raises(ProofRefused):
            consistency_proof(old, new, node)
    assert continues(0, 3, [], old_root=EMPTY, new_root=root_of(LEAVES[:3]))
    assert not continues(0, 3, [], old_root=bytes(32), new_root=root_of(LEAVES[:3]))
    assert not continues(5, 3, [], old_root=EMPTY, new_root=EMPTY)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=80))
def test_a_root_made_leaf_by_leaf_is_the_same(leaves: list[bytes]) -> None:
    peaks = Peaks()
    for leaf in leaves:
        peaks.add(leaf)
    assert peaks.root() == root_of(leaves)
