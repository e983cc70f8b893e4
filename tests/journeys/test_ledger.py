"""A case handler looks whether both systems hold the same, and says which is right."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_difference_is_found_and_settled_without_looking_into_the_other_system(comes, house):
    number = linked(house.program("desk-one"))
    handler = comes("desk-one", f"/service/{number}/")
    handler.follows("Jämför med det andra systemet").stands_at("Båda systemen")
    row = handler.page.get_by_role("row").filter(has_text="Namn").first
    expect(row).to_contain_text("Skiljer sig")
    expect(row).to_contain_text("Anna Ek Berg")
    row.get_by_role("button", name="Låt stå").click()
    expect(row).to_contain_text("Skiljer sig, får stå")
    house.outside.tell("agiloft/records", id="10482", fields={"customer_name": "Anna Lind"})
    handler.presses("Jämför nu")
    expect(row).to_contain_text("Anna Lind")
    row.get_by_role("button", name="Behåll vårt").click()
    expect(row).to_contain_text("Lika i båda")
    kept = house.outside.ask("agiloft/records", id="10482")[0]
    assert kept["customer_name"] == "Anna Ek Berg"
    assert handler.axe() == []


def linked(program) -> str:
    """The service case that has a record in the other system, whatever came after it."""
    for row in program.get("cases?kind=servicecase")["items"]:
        actions = program.get(f"cases/{row['number']}")["actions"]
        if any(one["name"] == "compare" and one["allowed"] for one in actions):
            return row["number"]
    raise AssertionError("No service case is linked.")
