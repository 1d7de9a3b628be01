"""What goes wrong on purpose, as a client meets it: answers that are lost, spoiled, or those of a proxy."""

import hashlib
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


def test_a_digest_tells_whether_two_clients_made_the_same(emulator, client):
    digests = []
    for order in (["alice", "bob"], ["bob", "alice"]):
        emulator.reset()
        app_instance = worlds.instance(client)
        for user_id in order:
            worlds.user(client, app_instance, user_id)
        worlds.promote(client, app_instance, f"{app_instance}/user/alice")
        digests.append((emulator.digest(), emulator.digest(app_instance)))

    assert digests[0] == digests[1]
    # What a test expects it computes by itself.
    expected = hashlib.sha256(b"alice\nbob\n").hexdigest()
    assert digests[0][1]["kinds"]["user_ids"] == {"count": 2, "sha256": expected}

    client.delete_app_instance_admin(
        AppInstanceArn=app_instance, AppInstanceAdminArn=f"{app_instance}/user/alice"
    )
    assert emulator.digest()["sha256"] != digests[0][0]["sha256"]
    assert emulator.digest(app_instance)["kinds"]["users"] == digests[0][1]["kinds"]["users"]


def test_a_digest_has_each_account_and_region(emulator, client):
    worlds.user(client, worlds.instance(client))
    worlds.instance(emulator.client("eu-central-1"))

    shown = emulator.digest()["accounts"]

    counts = {found["region"]: found["kinds"]["users"]["count"] for found in shown}
    assert counts == {"us-east-1": 1, "eu-central-1": 0}
