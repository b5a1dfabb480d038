"""The trees are consistent and say what the contract says."""

import pytest

from normalizers.taxonomy import VERSIONS, level_of, parent_id, taxonomy

CONTRACT = {
    *("output", "cost", "benefit", "satisfaction"),
    *("output.quantity", "output.quality", "output.timeliness", "output.cost"),
    *("cost.economic", "cost.social", "cost.ecological"),
    *("benefit.economic", "benefit.social", "benefit.ecological", "benefit.sustainability"),
    "satisfaction.beneficiary",
}


def test_every_contract_id_stands_in_a_tree() -> None:
    known = {n.id for v in VERSIONS for n in taxonomy(v).nodes}
    assert known >= CONTRACT


@pytest.mark.parametrize("version", VERSIONS)
def test_ids_beyond_the_contract_are_marked(version: str) -> None:
    extra = {n.id for n in taxonomy(version).nodes if n.id not in CONTRACT}
    assert extra == {n.id for n in taxonomy(version).nodes if n.additional and n.id not in CONTRACT}


@pytest.mark.parametrize("version", VERSIONS)
def test_children_and_parents_agree(version: str) -> None:
    tree = taxonomy(version)
    for node in tree.level(1):
        assert all(tree.parent(child.id) == node for child in tree.children(node.id))
    assert all(tree.parent(node.id) for node in tree.level(2))


def test_cost_moves_up_in_2021() -> None:
    assert taxonomy("2015").parent("output.cost") is taxonomy("2015").get("output")
    cost = taxonomy("2021").get("cost")
    assert cost is not None and (cost.level, cost.renamed_from) == (1, "output.cost")
    assert taxonomy("2021").get("output.cost") is None


def test_satisfaction_hangs_under_benefit_in_the_pilots() -> None:
    assert parent_id("satisfaction.beneficiary", "pilot") == "benefit"
    assert parent_id("satisfaction.beneficiary", "2015") == "satisfaction"


def test_parent_of_a_foreign_node_is_found_in_another_tree() -> None:
    assert parent_id("output.cost", "2021") == "output"
    assert parent_id("nonsense") is None


def test_ndrc_is_one_level_down() -> None:
    node = taxonomy("ndrc").get("output")
    assert node is not None and node.level == 2
    assert level_of("output") == 1


def test_unknown_version_is_refused() -> None:
    with pytest.raises(KeyError):
        taxonomy("2099")
