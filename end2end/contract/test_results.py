"""What operations answer when they succeed, against the model of the service."""

import copy
from decimal import Decimal

import pytest
from botocore.validate import ParamValidator

import model
import world as worlds


def test_every_operation_of_the_model_has_calls_here(world):
    assert sorted(worlds.calls(world)) == model.operations()


@pytest.mark.parametrize("name", model.operations())
def test_an_answer_is_as_modelled_and_holds_every_member(name, world, client):
    shape = model.operation(name).output_shape
    seen = set()

    for arguments in worlds.calls(world)[name]:
        # The client checks the JSON; see `model.checker`.
        parsed = model.call(client, name, arguments)

        answer = client.answers[-1]
        parsed.pop("ResponseMetadata")
        if shape is None:
            assert (answer.status, answer.text, parsed) == (204, "", {})
            continue
        report = ParamValidator().validate(parsed, shape)
        assert not report.has_errors(), report.generate_report()
        seen |= model.members_of(answer.body)

    assert seen == (model.members(shape) if shape else set())


def test_what_is_not_set_is_left_out(emulator, client):
    """Absent members, not null and not empty: that is how SDKs tell the two apart."""
    app_instance = worlds.instance(client)
    user = worlds.user(client, app_instance)
    bot = worlds.bot(client, app_instance)
    endpoint = worlds.endpoint(client, user)

    of_user = {"AppInstanceUserArn": user}
    found = {
        "instance": client.describe_app_instance(AppInstanceArn=app_instance)["AppInstance"],
        "user": client.describe_app_instance_user(**of_user)["AppInstanceUser"],
        "bot": client.describe_app_instance_bot(AppInstanceBotArn=bot)["AppInstanceBot"],
        "endpoint": client.describe_app_instance_user_endpoint(**of_user, EndpointId=endpoint)[
            "AppInstanceUserEndpoint"
        ],
    }

    times = {"CreatedTimestamp", "LastUpdatedTimestamp"}
    assert set(found["instance"]) == times | {"AppInstanceArn", "Name"}
    assert set(found["user"]) == times | {"AppInstanceUserArn", "Name"}
    assert set(found["bot"]) == times | {"AppInstanceBotArn", "Configuration"}
    assert found["bot"]["Configuration"] == worlds.lex()
    assert set(found["endpoint"]) == times | {
        "AppInstanceUserArn",
        "EndpointId",
        "Type",
        "ResourceArn",
        "EndpointAttributes",
        "AllowMessages",
        "EndpointState",
    }
    assert found["endpoint"]["EndpointState"] == {"Status": "ACTIVE"}
    assert found["endpoint"]["AllowMessages"] == "ALL"
    client.get_app_instance_retention_settings(AppInstanceArn=app_instance)
    assert client.answers[-1].body == {
        "AppInstanceRetentionSettings": {"ChannelRetentionSettings": {}}
    }
    client.list_tags_for_resource(ResourceARN=user)
    assert client.answers[-1].body == {"Tags": []}


def test_empty_lists_are_lists(emulator, client):
    app_instance = worlds.instance(client)
    user = worlds.user(client, app_instance)

    assert client.list_app_instance_bots(AppInstanceArn=app_instance)["AppInstanceBots"] == []
    assert client.list_app_instance_admins(AppInstanceArn=app_instance)["AppInstanceAdmins"] == []
    endpoints = client.list_app_instance_user_endpoints(AppInstanceUserArn=user)
    assert endpoints["AppInstanceUserEndpoints"] == []
    client.delete_app_instance_user(AppInstanceUserArn=user)
    assert client.list_app_instance_users(AppInstanceArn=app_instance)["AppInstanceUsers"] == []
    client.delete_app_instance(AppInstanceArn=app_instance)
    assert client.list_app_instances()["AppInstances"] == []


def test_text_comes_back_as_it_went(emulator, client):
    name = "Ünïcode 🚀 \"quotes\" 'and' \\ <b>&amp;</b>\t\u202e"
    metadata = "\u0000\u0007 line\r\nline ｆｕｌｌ " + "é" * 400
    app_instance = worlds.instance(client, Name=name, Metadata=metadata)

    found = client.describe_app_instance(AppInstanceArn=app_instance)["AppInstance"]

    assert (found["Name"], found["Metadata"]) == (name, metadata)


class TestTheCheckItself:
    """The checker must be able to refuse, or all of the above proves nothing."""

    RIGHT = {
        "AppInstanceUser": {
            "AppInstanceUserArn": "arn:aws:chime:us-east-1:123456789012:app-instance/i/user/u",
            "Name": "🚀",
            "Metadata": "",
            "CreatedTimestamp": Decimal("1700000000.123"),
            "LastUpdatedTimestamp": 1700000000,
            "ExpirationSettings": {"ExpirationDays": 1, "ExpirationCriterion": "CREATED_TIMESTAMP"},
        }
    }
    WRONG = {
        "a member that is not in the model": ("Extra", "x"),
        "null": ("Name", None),
        "a number for a string": ("Name", 1),
        "a string that is too short": ("AppInstanceUserArn", "arn"),
        "a string that is too long": ("Name", "x" * 101),
        "a string against the pattern": ("Name", "   "),
        "not an ARN": ("AppInstanceUserArn", "app-instance/i/user/u"),
        "a time in milliseconds": ("CreatedTimestamp", 1700000000123),
        "a time as text": ("CreatedTimestamp", "2023-11-14T22:13:20Z"),
        "a time of microseconds": ("CreatedTimestamp", Decimal("1700000000.123456")),
        "a list for an object": ("ExpirationSettings", []),
        "a required member missing": ("ExpirationSettings", {"ExpirationDays": 1}),
        "a value outside the enumeration": (
            "ExpirationSettings",
            {"ExpirationDays": 1, "ExpirationCriterion": "LAST_MESSAGE_TIMESTAMP"},
        ),
        "a number out of range": (
            "ExpirationSettings",
            {"ExpirationDays": 5476, "ExpirationCriterion": "CREATED_TIMESTAMP"},
        ),
        "true for a number": (
            "ExpirationSettings",
            {"ExpirationDays": True, "ExpirationCriterion": "CREATED_TIMESTAMP"},
        ),
    }

    @staticmethod
    def violations(value):
        return model.violations(model.operation("DescribeAppInstanceUser").output_shape, value)

    def test_it_accepts_what_is_right(self):
        assert self.violations(self.RIGHT) == []

    @pytest.mark.parametrize("what", WRONG)
    def test_it_refuses(self, what):
        member, value = self.WRONG[what]
        changed = copy.deepcopy(self.RIGHT)
        changed["AppInstanceUser"][member] = value

        path = f"$.AppInstanceUser.{member}"
        found = self.violations(changed)
        assert found and all(violation.startswith(path) for violation in found)

    def test_it_finds_what_a_shape_can_hold(self):
        shape = model.operation("ListAppInstanceAdmins").output_shape

        assert model.members(shape) == {
            ".AppInstanceArn",
            ".AppInstanceAdmins",
            ".AppInstanceAdmins[].Admin",
            ".AppInstanceAdmins[].Admin.Arn",
            ".AppInstanceAdmins[].Admin.Name",
            ".NextToken",
        }
