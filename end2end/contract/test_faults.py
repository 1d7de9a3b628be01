"""What goes wrong on purpose, as a client meets it: answers that are lost, spoiled, or those of a proxy."""

import json

import pytest
from botocore.exceptions import ClientError

import world as worlds


def ids(client, app_instance):
    users = worlds.listed(client, "list_app_instance_users", "AppInstanceUsers", AppInstanceArn=app_instance)
    return [user["AppInstanceUserArn"].rsplit("/", 1)[1] for user in users]


@pytest.fixture
def app_instance(client):
    return worlds.instance(client)


@pytest.fixture
def unchecked(emulator):
    """A client whose answers need not be those of the service."""
    return emulator.client(checked=False)


@pytest.mark.parametrize("more", [{"kind": "reset"}, {"kind": "hang", "milliseconds": 50}])
def test_a_call_whose_answer_was_lost_is_found_again_by_its_token(more, app_instance, emulator):
    client = emulator.client(retries=2)
    emulator.fault("CreateAppInstanceUser", times=1, after_commit=True, **more)

    made = worlds.user(client, app_instance, "alice")

    assert made == f"{app_instance}/user/alice"
    assert ids(client, app_instance) == ["alice"]
    assert emulator.stats()["operations"]["CreateAppInstanceUser"] == {"requests": 2, "errors": 1}
    # boto3 makes the token, and sends it again.
    assert emulator.stats()["client_request_tokens"]["seen"] == {"1": 1, "2": 1}


@pytest.mark.parametrize("after_commit, left", [(False, []), (True, ["alice"])])
def test_a_proxy_answers_with_html(after_commit, left, app_instance, client, unchecked, emulator):
    emulator.fault("CreateAppInstanceUser", kind="html_502", after_commit=after_commit)

    with pytest.raises(ClientError) as refused:
        worlds.user(unchecked, app_instance, "alice")

    answer = refused.value.response
    assert answer["Error"] == {"Code": "502", "Message": "Bad Gateway"}
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 502
    assert "x-amzn-requestid" not in answer["ResponseMetadata"]["HTTPHeaders"]
    assert ids(client, app_instance) == left


def test_a_truncated_answer_ends_in_the_middle_of_its_body(app_instance, client, unchecked, emulator):
    emulator.fault("CreateAppInstanceUser", kind="truncate")

    # boto3 does not hold the body against its length, and misses the ARN.
    with pytest.raises(KeyError):
        worlds.user(unchecked, app_instance, "alice")

    (answer,) = unchecked.answers
    assert answer.status == 201
    assert 0 < len(answer.text) < int(answer.headers["content-length"])
    assert ids(client, app_instance) == ["alice"]


def test_garbage_is_no_json(app_instance, client, unchecked, emulator):
    emulator.fault("CreateAppInstanceUser", kind="garbage")

    # What boto3 makes of it is that the ARN is not there.
    with pytest.raises(KeyError):
        worlds.user(unchecked, app_instance, "alice")

    (answer,) = unchecked.answers
    assert answer.status == 201
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)
    assert ids(client, app_instance) == ["alice"]


def test_a_drip_is_a_whole_answer(app_instance, client, emulator):
    emulator.fault("CreateAppInstanceUser", kind="drip", bytes_per_second=500)

    assert worlds.user(client, app_instance, "alice") == f"{app_instance}/user/alice"
