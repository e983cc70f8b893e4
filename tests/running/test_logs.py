"""No line of a log carries what only its owner should know."""

from ombud.config import logs, servers


def test_secrets_are_hidden_and_the_rest_is_told():
    line = {
        "event": "login of 19900101-1239",
        "password": "hemligt",
        "sms_code": "123456",
        "api_token": "t",
        "Authorization": "Bearer t",
        "path": "/orders/",
    }
    told = logs.without_secrets(None, "info", line)
    assert told["path"] == "/orders/"
    assert told["event"] == "login of (personal number)"
    assert {told[n] for n in ("password", "sms_code", "api_token", "Authorization")} == {"(hidden)"}


def test_a_guests_link_is_hidden_in_the_address():
    told = logs.without_secrets(None, "info", {"path": "/agreements/link/abc/sign/"})
    assert told["path"] == "/agreements/link/(hidden)/sign/"


def test_what_lies_deep_is_hidden_too():
    job = {"args": {"token": "t", "letter_id": 7, "to": ["550314-2030"]}, "at": ValueError("no")}
    told = logs.without_secrets(None, "info", {"event": "job", "job": job})
    kept = {"token": "(hidden)", "letter_id": 7, "to": ["(personal number)"]}
    assert told["job"] == {"args": kept, "at": "no"}


def test_an_address_that_is_a_key_is_cut_short_and_an_organisation_is_named():
    said = "Not Found: /post/reports/0b7e/verysecret/ of 556000-0043"
    told = logs.without_secrets(None, "info", {"event": said})
    assert told["event"] == "Not Found: /post/reports/0b7e/(hidden)/ of 556000-0043"


def test_the_server_keeps_no_log_of_its_own():
    assert "--no-access-log" in servers.GRANIAN
