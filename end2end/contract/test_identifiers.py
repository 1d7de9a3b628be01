"""Ids with characters that have a meaning in an address or an ARN, on every operation that takes them."""

import http.client
import json
import re

import pytest

import model
import world as worlds

IDS = [
    "us-east-1:alice.b_c-d@ex.org1",
    "a",
    "user:with:many:colons",
    "name@example.org",
    "a@b:c.d-e_f",
    "dots...and--more",
    "X" * 64,
    "user",
]


@pytest.mark.parametrize("user_id", IDS)
def test_a_user_is_reached_by_its_id_in_every_operation(user_id, emulator, client):
    app_instance = worlds.instance(client)
    arn = worlds.user(client, app_instance, user_id, Name="Someone")
    assert arn == f"{app_instance}/user/{user_id}"
    worlds.user(client, app_instance, "bystander")
    of_user, of_admin = {"AppInstanceUserArn": arn}, {
        "AppInstanceArn": app_instance,
        "AppInstanceAdminArn": arn,
    }

    assert client.describe_app_instance_user(**of_user)["AppInstanceUser"]["Name"] == "Someone"
    client.update_app_instance_user(**of_user, Name="Changed", Metadata="")
    client.put_app_instance_user_expiration_settings(
        **of_user, ExpirationSettings=worlds.expiration(1)
    )
    client.create_app_instance_admin(**of_admin)
    described = client.describe_app_instance_admin(**of_admin)["AppInstanceAdmin"]["Admin"]
    assert described == {"Arn": arn, "Name": "Changed"}
    client.tag_resource(ResourceARN=arn, Tags=worlds.TAGS)
    client.untag_resource(ResourceARN=arn, TagKeys=["env"])
    assert len(client.list_tags_for_resource(ResourceARN=arn)["Tags"]) == 1
    endpoint = worlds.endpoint(client, arn)
    of_endpoint = {**of_user, "EndpointId": endpoint}
    client.update_app_instance_user_endpoint(**of_endpoint, Name="Phone")
    found = client.describe_app_instance_user_endpoint(**of_endpoint)["AppInstanceUserEndpoint"]
    assert (found["AppInstanceUserArn"], found["Name"]) == (arn, "Phone")
    listed = client.list_app_instance_user_endpoints(**of_user)["AppInstanceUserEndpoints"]
    assert [item["AppInstanceUserArn"] for item in listed] == [arn]
    client.deregister_app_instance_user_endpoint(**of_endpoint)
    client.delete_app_instance_admin(**of_admin)
    client.delete_app_instance_user(**of_user)

    left = client.list_app_instance_users(AppInstanceArn=app_instance)["AppInstanceUsers"]
    assert [user["AppInstanceUserArn"].rsplit("/", 1)[1] for user in left] == ["bystander"]


@pytest.mark.parametrize("user_id", ["a/b", "a+b", "a b", "a.", ".a", "@a", "é", "a%3Ab", "X" * 65])
def test_an_id_against_the_pattern_is_refused(user_id, emulator, client):
    app_instance = worlds.instance(client)

    with pytest.raises(client.exceptions.BadRequestException):
        worlds.user(client, app_instance, user_id)

    assert client.list_app_instance_users(AppInstanceArn=app_instance)["AppInstanceUsers"] == []


def test_ids_are_compared_by_case(emulator, client):
    app_instance = worlds.instance(client)
    worlds.user(client, app_instance, "Alice", Name="Capital")
    worlds.user(client, app_instance, "alice", Name="small")

    for user_id, name in (("Alice", "Capital"), ("alice", "small")):
        found = client.describe_app_instance_user(AppInstanceUserArn=f"{app_instance}/user/{user_id}")
        assert found["AppInstanceUser"]["Name"] == name
    with pytest.raises(client.exceptions.ForbiddenException):
        client.describe_app_instance_user(AppInstanceUserArn=f"{app_instance}/user/ALICE")


def test_an_id_in_a_path_is_decoded_once(emulator, client):
    """`a%3Ab` in an ARN is those five characters, and not the user `a:b`."""
    app_instance = worlds.instance(client)
    worlds.user(client, app_instance, "a:b")

    with pytest.raises(client.exceptions.ForbiddenException):
        client.describe_app_instance_user(AppInstanceUserArn=f"{app_instance}/user/a%3Ab")


def _calls_for_an_endpoint(client):
    """The calls that name an endpoint in their path."""
    return (
        client.describe_app_instance_user_endpoint,
        client.update_app_instance_user_endpoint,
        client.deregister_app_instance_user_endpoint,
    )


@pytest.mark.parametrize("endpoint_id", ["a/b c%2F", "../..", "%", "a?b#c", "é", "x" * 64])
def test_an_endpoint_id_is_one_label_whatever_is_in_it(endpoint_id, world, client):
    for call in _calls_for_an_endpoint(client):
        with pytest.raises(client.exceptions.ForbiddenException):
            call(AppInstanceUserArn=world.user, EndpointId=endpoint_id)


@pytest.mark.parametrize("endpoint_id", ["", "x" * 65])
def test_an_endpoint_id_of_a_bad_length_is_refused(endpoint_id, world, client):
    """An empty one ends the path in a slash, which must not lead to the list."""
    for call in _calls_for_an_endpoint(client):
        with pytest.raises(client.exceptions.BadRequestException):
            call(AppInstanceUserArn=world.user, EndpointId=endpoint_id)


def test_an_arn_of_another_kind_is_refused(world, client):
    """Wherever an ARN is asked for, one of another kind is a bad request and never a hit."""
    kinds = {"AppInstanceArn": "user", "AppInstanceUserArn": "bot", "AppInstanceBotArn": "user"}
    for name, (arguments, *_) in worlds.calls(world).items():
        for member, other in kinds.items():
            if member in arguments:
                with pytest.raises(client.exceptions.BadRequestException):
                    model.call(client, name, {**arguments, member: getattr(world, other)})


# What boto3 lets through and the service must refuse, by operation.
REFUSED = {
    "CreateAppInstance": [
        {"Name": "x" * 257},
        {"Name": "bell \a"},
        {"Metadata": "x" * 1025},
        {"Metadata": "é" * 513},
    ],
    "CreateAppInstanceUser": [
        {"Name": "   "},
        {"Name": "x" * 101},
        {"ExpirationSettings": worlds.expiration(5476)},
        {
            "ExpirationSettings": {
                "ExpirationDays": 1,
                "ExpirationCriterion": "LAST_MESSAGE_TIMESTAMP",
            }
        },
    ],
    "CreateAppInstanceBot": [
        {"Name": "x" * 257},
        {"Configuration": worlds.lex(LexBotAliasArn="arn:aws:lex:us-east-1:1:bot/ABC")},
        {"Configuration": worlds.lex(LocaleId="english")},
        {"Configuration": worlds.lex(WelcomeIntent="_x")},
        {"Configuration": worlds.lex(RespondsTo="EVERYTHING")},
        {
            "Configuration": worlds.lex(
                InvokedBy={"StandardMessages": "SOME", "TargetedMessages": "ALL"}
            )
        },
    ],
    "RegisterAppInstanceUserEndpoint": [
        {"Type": "FCM"},
        {"Type": "GCM"},
        {"AllowMessages": "SOME"},
        {"ResourceArn": "arn:aws:sns:us-east-1:123456789012:app/APNS/x"},
        {"EndpointAttributes": {"DeviceToken": "x" * 1601}},
        {"Name": "x" * 1601},
    ],
    "PutAppInstanceRetentionSettings": [
        {"AppInstanceRetentionSettings": {"ChannelRetentionSettings": {"RetentionDays": 5476}}}
    ],
    "PutAppInstanceUserExpirationSettings": [{"ExpirationSettings": worlds.expiration(5476)}],
    "UpdateAppInstance": [{"Name": "x" * 257}, {"Metadata": "x" * 1025}],
    "UpdateAppInstanceUser": [{"Name": "\t "}, {"Metadata": "x" * 1025}],
    "UpdateAppInstanceBot": [{"Name": "bell \a"}, {"Configuration": worlds.lex(LocaleId="")}],
    "UpdateAppInstanceUserEndpoint": [{"AllowMessages": "SOME"}, {"Name": "x" * 1601}],
    "UntagResource": [{"TagKeys": ["x"] * 51}, {"TagKeys": ["x" * 129]}],
}


@pytest.mark.parametrize("name", REFUSED)
def test_input_against_the_model_is_refused(name, world, client):
    before = worlds.everything(client)

    for change in REFUSED[name]:
        with pytest.raises(client.exceptions.BadRequestException):
            model.call(client, name, {**worlds.calls(world)[name][0], **change})

    assert worlds.everything(client) == before


# Bodies that boto3 does not write: it refuses them, or writes them differently.
BODIES = {
    "not JSON": b"{",
    "not an object": b"[]",
    "a string": b'"x"',
    "not UTF-8": b'{"Name":"\xff","Metadata":""}',
    "a number for a string": b'{"Name":1,"Metadata":""}',
    "an object for a string": b'{"Name":{},"Metadata":""}',
    "a required member missing": b'{"Name":"x"}',
    "a required member null": b'{"Name":"x","Metadata":null}',
    "a name that is too short": b'{"Name":"","Metadata":""}',
    "something after the end": b'{"Name":"x","Metadata":""} x',
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_against_the_model_is_refused(what, world, client):
    def replace(params, **_):
        params["body"] = BODIES[what]

    with swapped(client, "UpdateAppInstance", replace):
        with pytest.raises(client.exceptions.BadRequestException):
            client.update_app_instance(AppInstanceArn=world.instance, Name="x", Metadata="")


def test_members_that_are_unknown_or_null_are_as_if_absent(world, client):
    """The protocol asks for both: a newer client may send more, and null means not set."""
    body = {"Name": "New", "Metadata": "", "Unknown": {"x": [1]}, "Configuration": None}

    def replace(params, **_):
        params["body"] = json.dumps(body, ensure_ascii=False).encode()

    before = client.describe_app_instance_bot(AppInstanceBotArn=world.bot)["AppInstanceBot"]
    with swapped(client, "UpdateAppInstanceBot", replace):
        client.update_app_instance_bot(AppInstanceBotArn=world.bot, Name="x", Metadata="x")

    found = client.describe_app_instance_bot(AppInstanceBotArn=world.bot)["AppInstanceBot"]
    assert found["Name"] == "New"
    assert found["Configuration"] == before["Configuration"]


class swapped:
    """Changes the requests of an operation before they are signed."""

    def __init__(self, client, operation, change):
        self.events, self.event, self.change = client.meta.events, f"before-call.*.{operation}", change

    def __enter__(self):
        self.events.register_first(self.event, self.change)

    def __exit__(self, *_):
        self.events.unregister(self.event, self.change)


def test_a_message_names_the_member_and_never_its_value(world, client):
    secret = "s3cret" * 50
    with pytest.raises(client.exceptions.BadRequestException) as caught:
        client.update_app_instance(AppInstanceArn=world.instance, Name=secret, Metadata="")

    message = caught.value.response["Error"]["Message"]
    assert re.search(r"\bname\b", message) and "s3cret" not in message


def test_the_control_plane_is_for_programs_on_this_machine(emulator):
    host = emulator.url.removeprefix("http://")
    for headers in (
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
    ):
        connection = http.client.HTTPConnection(host, timeout=30)
        connection.request("POST", "/_emulator/reset", headers=headers)
        assert connection.getresponse().status == 403, headers
        connection.close()
