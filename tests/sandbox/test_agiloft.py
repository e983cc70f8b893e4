"""The service desk that speaks as Agiloft does: each of its peculiarities, once."""

import re
from urllib.parse import quote

import httpx
import pytest

from tests.sandbox.desk import USER, Desk

pytestmark = pytest.mark.slow


def test_T1_logins_blank_minutes_expiry_rotation_logout(desk: Desk) -> None:
    told = desk.log_in()
    assert told["authentication_scheme"] == "Bearer "
    assert (told["expires_in"], told["expiration_time_unit"]) == (15, "minute")
    body = {"login": USER, "password": desk.password, "KB": "Service", "lang": "en"}
    other = desk.http.post("/ewws/alrest/Service/login", json=body).json()
    assert other["success"] and set(other["result"]) == {
        "access_token",
        "refresh_token",
        "expires_in",
    }
    bearer = {"Authorization": f"Bearer  {told['access_token']}"}
    assert desk.plain("EWRead", id="10482", headers=bearer).status_code == 200
    new = desk.plain("EWLogin", refresh_token=told["refresh_token"], headers=bearer).json()
    assert new["access_token"] != told["access_token"]
    assert desk.plain("EWRead", id="10482", headers=bearer).status_code == 401
    again = desk.plain("EWLogin", refresh_token=told["refresh_token"], headers=bearer)
    assert again.status_code == 400
    bearer = {"Authorization": f"Bearer {new['access_token']}"}
    desk.went_on(16)
    expired = desk.plain("EWRead", id="10482", headers=bearer)
    assert expired.status_code == 400 and "Token is expired" in expired.text
    assert desk.json("GET", "case/10482", headers=bearer).status_code == 401
    desk.went_on(13 * 60)
    late = desk.plain("EWLogin", refresh_token=new["refresh_token"], headers=bearer)
    assert late.status_code == 401
    bearer = desk.bearer()
    assert desk.plain("EWLogout", headers=bearer).status_code == 200
    assert desk.plain("EWRead", id="10482", headers=bearer).status_code == 401
    no_table = desk.http.post("/ewws/EWLogin", data={"$KB": "Service", "$lang": "en"})
    assert "One has to specify $table, $KB, $lang parameters" in no_table.text


def test_T1_oauth_by_client_ends_the_tokens_before_it(desk: Desk) -> None:
    given = desk.outside.environment
    form = {
        "grant_type": "client_credentials",
        "client_id": given["OMBUD_AGILOFT_CLIENT"],
        "client_secret": given["OMBUD_AGILOFT_CLIENT_SECRET"],
    }
    first = httpx.post(given["OMBUD_AGILOFT_OAUTH_URL"], data=form, trust_env=False).json()
    bearer = {"Authorization": f"Bearer {first['access_token']}"}
    assert desk.json("GET", "case/10482", headers=bearer).json()["success"]
    httpx.post(given["OMBUD_AGILOFT_OAUTH_URL"], data=form, trust_env=False)
    assert desk.json("GET", "case/10482", headers=bearer).status_code == 401
    wrong = httpx.post(
        given["OMBUD_AGILOFT_OAUTH_URL"], data=form | {"client_secret": "x"}, trust_env=False
    )
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")


def test_T2_inline_or_bearer_by_surface(desk: Desk) -> None:
    bearer = desk.bearer()
    both = desk.legacy("EWRead", id="10482", headers=bearer)
    assert both.status_code == 400 and "One has to specify $login" in both.text
    desk.options(legacy_auth="inline")
    assert desk.plain("EWRead", id="10482", headers=bearer).status_code == 401
    assert desk.legacy("EWRead", id="10482").status_code == 200
    assert desk.json("GET", "case/10482", headers=bearer).json()["success"]
    desk.options(legacy_auth="bearer")
    assert desk.legacy("EWRead", id="10482").status_code == 401
    assert desk.plain("EWRead", id="10482", headers=bearer).status_code == 200


def test_T3_a_group_that_is_not_allowed_for_rest(desk: Desk) -> None:
    bearer = desk.bearer()
    desk.options(rest_group=False)
    assert desk.json("GET", "case/10482", headers=bearer).status_code == 403
    assert desk.legacy("EWRead", id="10482").status_code == 403


def test_T4_names_are_told_apart_by_their_case(desk: Desk) -> None:
    wrong = desk.plain("EWLogin", S_KB="service", S_login=USER, S_password=desk.password)
    assert "Cannot find specified knowledgebase: service" in wrong.text
    assert not desk.json("GET", "Case/10482").json()["success"]
    assert desk.json("GET", "contacts.customer/1").json()["message"].startswith("no data found")
    assert desk.json("GET", "contacts.Customer/1").json()["message"].endswith("does not exist")


def test_T5_text_escapes_spacings_and_one_line(desk: Desk) -> None:
    desk.outside.ask("agiloft/records", id="10482", fields={"summary": "It's\n\\ åäö 😀"})
    told = desk.legacy("EWRead", id="10482").text
    assert "EWREST_summary='It\\'s\\n\\\\ \\u00e5\\u00e4\\u00f6 \\ud83d\\ude00';\n" in told
    assert "EWREST_id='10482';" in told and "EWREST_model='';" in told
    desk.options(spaced=True)
    assert "EWREST_id = '10482';" in desk.legacy("EWRead", id="10482").text
    desk.options(spaced=False)
    button = desk.legacy("async/EWActionButton", id="10482", name="ehub_button").text
    assert re.fullmatch(r"EWREST_id='10482'; EWREST_EWCALLBACK_ID='\d+_1'; ", button)
    desk.options(one_line=False)
    assert "\n" in desk.legacy("async/EWActionButton", id="10482", name="ehub_button").text
    found = desk.legacy("EWSelect", where="id>=10483").text
    assert "EWREST_id_length = '2';" in found and "EWREST_id_1 = '10484';" in found
    assert "EWREST_id_length = '0';" in desk.legacy("EWSelect", where="id=1").text


def test_T6_json_is_200_unless_asked_otherwise(desk: Desk) -> None:
    good = desk.legacy("EWRead/.json", id="10482").json()
    assert good["success"] and good["result"]["summary"] == "Trasig skärm"
    quiet = desk.legacy("EWRead/.json", id="1")
    assert (quiet.status_code, quiet.json()["success"]) == (200, False)
    loud = desk.legacy("EWRead/.json", id="1", err_code_resp="1")
    assert (loud.status_code, loud.json()["message"]) == (400, "no data found for id range(s)")


def test_T7_a_no_that_says_200(desk: Desk) -> None:
    answer = desk.json("PUT", "case/10482", {"ehub_request_status": "Sentt"})
    assert answer.status_code == 200
    told = answer.json()
    assert told["success"] is False
    assert "Wrong format/value pointed to ehub_request_status" in told["errors"][0]["message"]
    good = desk.json("PUT", "case/10482", {"ehub_request_status": "Sent", "ehub_sms_count": 1})
    assert good.json()["result"]["ehub_sms_count"] == 1
    wrong = desk.json("POST", "case/search", {"search": "x"})
    assert wrong.status_code == 400


def test_T8_typed_exceptions_inside_html(desk: Desk) -> None:
    answer = desk.legacy("EWRead")
    assert answer.status_code == 400 and answer.headers["content-type"].startswith("text/html")
    assert re.search(r"EWWrongDataException has occurred: \[default task-\d+\]\[\d+\] One has to",
                     answer.text)  # fmt: skip
    desk.fault("html")
    told = desk.legacy("EWRead", id="10482")
    assert told.status_code == 500 and desk.password in told.text
    assert desk.legacy("EWRead", "PATCH", id="10482").status_code == 405
    company = desk.legacy("EWUpdate", id="10482", company_name=":Acme")
    assert company.status_code == 200
    kept = desk.legacy("EWDelete", S_table="company", id="1", deleteRule="ERROR_IF_DEPENDANTS")
    assert kept.status_code == 409 and "has 1 dependants" in kept.text


def test_T9_locks_and_the_way_past_them(desk: Desk) -> None:
    desk.outside.ask("agiloft/lock", id="10482", by="anna.agent")
    seen = desk.legacy("EWLock", id="10482")
    assert seen.status_code == 405  # it is not read by POST
    login = f"$login={USER}&$password={quote(desk.password)}"
    where = f"/ewws/EWLock?$KB=Service&$table=case&$lang=en&id=10482&{login}"
    told = desk.http.get(where).json()
    assert (told["lock_status"], told["locked_by"]) == ("LOCKED", "anna.agent")
    assert told["lock_expires_in_minutes"] == 25
    refused = desk.legacy("EWUpdate", id="10482", brand="X")
    assert refused.status_code == 500 and "EWOperationException" in refused.text
    assert not desk.json("PUT", "case/10482", {"brand": "X"}).json()["success"]
    past = desk.legacy("EWUpdate", id="10482", brand="X", S_operationHints="NOLOCK")
    assert past.status_code == 200 and desk.record()["brand"] == "X"
    assert desk.http.put(where).json()["error"] == "LOCKED"
    desk.went_on(26)
    assert desk.legacy("EWUpdate", id="10482", brand="Y").status_code == 200
    assert desk.http.put(where).json()["locked_by"] == USER
    assert desk.http.delete(where).json()["lock_status"] == "NO_LOCK"


def test_T10_linked_fields_begin_with_a_colon(desk: Desk) -> None:
    for wrong in ("Acme", "", ":Nord: Syd", ":Nobody"):
        answer = desk.json("PUT", "case/10482", {"company_name": wrong}).json()
        assert "pointed to company_name" in answer["message"], wrong
    assert desk.json("PUT", "case/10482", {"company_name": ":Nord\\: Syd"}).json()["success"]
    assert desk.record()["company_name"] == "Nord: Syd"
    assert desk.json("PUT", "case/10482", {"company_name": "$global.null"}).json()["success"]
    assert desk.record()["company_name"] is None


def test_T11_choices_are_what_is_offered(desk: Desk) -> None:
    assert "pointed to wfstate" in desk.legacy("EWUpdate", id="10482", wfstate="Opened").text
    line = desk.legacy("EWGetChoiceLineId", field="wfstate", value="Waiting")
    assert line.text == "EWREST_choiceLineId = '2';\n"
    none = desk.legacy("EWGetChoiceLineId", field="wfstate", value="Nonsense")
    assert none.status_code == 400 and "No choice line found for value Nonsense" in none.text
    many = desk.legacy("EWUpdate", id="10482", tags=["Warranty", "Express"])
    assert many.text.count("EWREST_tags=") == 2


def test_T12_upsert_made_changed_queued_and_several(desk: Desk) -> None:
    there = {"S_table": "contacts.customer", "S_match": "ehub_customer_no"}
    made = desk.legacy("EWUpsert", **there, ehub_customer_no="K20551", first_name="Anna")
    assert (made.status_code, made.text) == (201, "EWREST_id='1';\n")
    changed = desk.legacy("EWUpsert", **there, ehub_customer_no="K20551", first_name="Ann")
    assert (changed.status_code, changed.text) == (200, "EWREST_id='1';\n")
    queued = desk.legacy("EWUpsert", **there, S_async="true", ehub_customer_no="K9")
    assert queued.status_code == 202 and "EWCALLBACK_ID" in queued.text
    desk.legacy("EWCreate", S_table="contacts.customer", ehub_customer_no="K20551")
    several = desk.legacy("EWUpsert", **there, ehub_customer_no="K20551", first_name="A")
    assert several.status_code == 409
    by_query = {"S_table": "contacts.customer", "S_query": "ehub_customer_no='K9'"}
    assert desk.legacy("EWUpsert", **by_query, city="Lund").status_code == 200


def test_T13_what_is_queued_goes_step_by_step(desk: Desk) -> None:
    def begun() -> str:
        told = desk.legacy("async/EWActionButton", id="10482", name="ehub_button").text
        return re.search(r"CALLBACK_ID='([^']+)'", told)[1]

    def look(name: str) -> int:
        return desk.legacy("EWAsyncStatus", callback_id=name).status_code

    name = begun()
    assert [look(name) for _n in range(4)] == [201, 202, 200, 200]
    name = begun()
    desk.outside.ask("agiloft/queue", callback_id=name, end=501)
    assert [look(name) for _n in range(3)] == [201, 202, 501]
    assert look("nobody_knows") == 523


def test_T14_files_their_places_and_overwriting(desk: Desk) -> None:
    login = {"$login": USER, "$password": desk.password}
    known = {"$KB": "Service", "$table": "case", "$lang": "en", "id": "10482"}
    known |= {"field": "attached_file", "fileName": "signering.pdf"}

    def attach(content: bytes, **more: str) -> str:
        files = {"file": ("x.pdf", content, "application/pdf")}
        told = desk.http.put("/ewws/EWAttach", params=known | login | more, files=files)
        return told.text

    assert attach(b"one") == "EWREST_attached_file.length='1';\n"
    assert attach(b"second") == "EWREST_attached_file.length='2';\n"
    info = desk.legacy("EWAttachInfo/.json", id="10482", field="attached_file").json()["result"]
    assert [(one["filePosition"], one["size"]) for one in info] == [(0, 3), (1, 6)]
    place = {"id": "10482", "field": "attached_file"}
    got = desk.legacy("EWRetrieve", **place, filePosition="1")
    assert (got.content, got.headers["content-type"]) == (b"second", "application/pdf")
    assert "signering.pdf" in got.headers["content-disposition"]
    assert attach(b"only", **{"attached_file$overwrite": "true"}).endswith("'1';\n")
    assert desk.legacy("EWRetrieve", **place, filePosition="3").status_code == 400
    assert desk.legacy("EWRemoveAttachment", **place, filePosition="0").status_code == 200
    files = {"uploadFile": ("y.pdf", b"via json", "application/pdf")}
    where = "/ewws/alrest/Service/case/attach/10482"
    told = desk.http.post(
        where, params={"field": "attached_file"}, files=files, headers=desk.bearer()
    )
    assert told.json()["result"] == {"attached_file.length": 1}


def test_T15_what_may_not_be_read_is_silently_empty(desk: Desk) -> None:
    assert desk.record()["internal_note"]
    shown = desk.json("GET", "case/10482").json()
    assert shown["success"] and shown["result"]["internal_note"] is None
    desk.options(hidden="internal_note,customer_mobile")
    body = {"field": ["id", "customer_mobile"], "query": "id=10482"}
    told = desk.json("POST", "case/search", body).json()
    assert told["result"] == [{"id": 10482, "customer_mobile": None}]


def test_T16_every_call_is_held_as_long_as_it_is_set(desk: Desk) -> None:
    desk.options(delay_seconds=0.4)
    answer = desk.legacy("EWRead", id="10482")
    assert answer.status_code == 200 and answer.elapsed.total_seconds() >= 0.4


def test_T18_faults_lost_answers_500_and_dropped_connections(desk: Desk) -> None:
    bearer = desk.bearer()

    def write(brand: str) -> httpx.Response:
        return desk.json("PUT", "case/10482", {"brand": brand}, headers=bearer)

    desk.fault("timeout_after", on="update")
    with pytest.raises(httpx.HTTPError):
        write("done")
    assert desk.record()["brand"] == "done"
    desk.fault("drop", on="update")
    with pytest.raises(httpx.HTTPError):
        write("not done")
    assert desk.record()["brand"] == "done"
    desk.fault("500", on="update")
    assert write("not done").status_code == 500
    desk.fault("html502")
    assert write("not done").status_code == 502
    desk.fault("refuse")
    assert write("not done").json() | {"errors": []} == {
        "success": False,
        "message": "Update failed",
        "errors": [],
    }
    desk.fault("lock")
    assert "EWOperationException" in write("not done").json()["errors"][0]["message"]
    desk.fault("expire")
    assert write("not done").status_code == 401
    desk.outside.ask("agiloft/down", seconds=600)
    with pytest.raises(httpx.HTTPError):
        desk.http.get("/")
    desk.went_on(11)
    assert desk.http.get("/").status_code == 200
    assert desk.record()["brand"] == "done"


def test_T19_pages_that_repeat_what_was_shown(desk: Desk) -> None:
    def page(number: int) -> list[int]:
        body = {"field": ["id"], "query": "", "limit": 2, "page": number}
        return [row["id"] for row in desk.json("POST", "case/search", body).json()["result"]]

    assert (page(0), page(1)) == ([10482, 10483], [10484])
    desk.options(unstable=True)
    assert (page(0), page(1)) == ([10482, 10483], [10483, 10484])


def test_T20_a_journal_to_ask_and_no_secret_in_it(desk: Desk) -> None:
    desk.legacy("EWUpdate", id="10482", brand="X")
    desk.json("PUT", "case/10482", {"brand": "Y"})
    rows = desk.outside.items("journal", part="agiloft")
    told = [(row["detail"]["op"], row["detail"]["fields"]) for row in rows if row["way"] == "in"]
    assert told == [
        ("update", {"brand": "X"}),
        ("login", {}),
        ("update", {"brand": "Y"}),
    ]
    assert desk.password not in str(rows)


def test_the_resource_addresses_are_the_older_operations(desk: Desk) -> None:
    login = {"$login": USER, "$password": desk.password, "lang": "en"}
    told = desk.http.get("/ewws/REST/Service/case/10482", params=login)
    assert "EWREST_id='10482';" in told.text
    made = desk.http.post("/ewws/REST/Service/case", params=login, data={"summary": "New"})
    assert made.text == "EWREST_id='10485';\n"
    assert desk.http.put(
        "/ewws/REST/Service/case/10485", params=login, data={"brand": "Z"}
    ).is_success
    assert desk.record("10485")["brand"] == "Z"
