"""Accounts and Regions see nothing of each other."""

import pytest
from botocore.exceptions import ClientError

import model
import world as worlds
from emulator import OTHER_REGION, REGION

OTHER_ACCOUNT = "999999999999"


def refused_everywhere(client, world):
    """Every operation on something of the world is forbidden to this client."""
    for name, (arguments, *_) in worlds.calls(world).items():
        if name in ("CreateAppInstance", "ListAppInstances"):
            continue
        with pytest.raises(client.exceptions.ForbiddenException):
            model.call(client, name, arguments)


def test_a_region_does_not_see_another(emulator, client, world):
    before = worlds.everything(client)
    elsewhere = emulator.client(OTHER_REGION)

    assert worlds.everything(elsewhere) == {}
    refused_everywhere(elsewhere, world)

    made = worlds.instance(elsewhere)
    assert made.startswith(f"arn:aws:chime:{OTHER_REGION}:123456789012:app-instance/")
    assert worlds.everything(client) == before
    assert list(worlds.everything(elsewhere)) == [made]


def test_an_arn_of_another_region_with_an_id_of_this_one_is_forbidden(client, world):
    """The id alone must not lead to the resource."""
    for name, (arguments, *_) in worlds.calls(world).items():
        if name in ("CreateAppInstance", "ListAppInstances"):
            continue
        moved = {
            key: value.replace(f":{REGION}:", f":{OTHER_REGION}:", 1) if isinstance(value, str) else value
            for key, value in arguments.items()
        }
        with pytest.raises(client.exceptions.ForbiddenException):
            model.call(client, name, moved)


def test_an_account_does_not_see_another(own_emulator):
    client = own_emulator.client()
    world = worlds.build(own_emulator, client)
    before = worlds.everything(client)

    own_emulator.stop()
    own_emulator.restart(account=OTHER_ACCOUNT)
    other = own_emulator.client()
    assert worlds.everything(other) == {}
    refused_everywhere(other, world)
    made = worlds.instance(other)
    assert made.startswith(f"arn:aws:chime:{REGION}:{OTHER_ACCOUNT}:app-instance/")

    own_emulator.stop()
    own_emulator.restart(account="123456789012")
    assert worlds.everything(own_emulator.client()) == before


def test_a_region_without_the_service_is_refused(emulator):
    client = emulator.client("ap-southeast-2")

    with pytest.raises(ClientError) as caught:
        client.list_app_instances()

    assert caught.value.response["Error"]["Code"] == "InvalidSignatureException"


@pytest.mark.parametrize(
    ("account", "region"), [(OTHER_ACCOUNT, REGION), ("123456789012", OTHER_REGION)]
)
def test_pinpoint_and_lex_must_be_in_the_same_account_and_region(account, region, world, client):
    with pytest.raises(client.exceptions.ForbiddenException):
        worlds.endpoint(client, world.user, ResourceArn=worlds.pinpoint(account, region))
    configuration = worlds.lex(LexBotAliasArn=worlds.alias(account, region))
    with pytest.raises(client.exceptions.BadRequestException):
        worlds.bot(client, world.instance, configuration)


def test_two_instances_may_have_a_user_of_the_same_id(emulator, client):
    first, second = worlds.instance(client), worlds.instance(client)
    users = [worlds.user(client, parent, "alice", Name=parent[-4:]) for parent in (first, second)]

    client.delete_app_instance_user(AppInstanceUserArn=users[0])

    left = client.describe_app_instance_user(AppInstanceUserArn=users[1])["AppInstanceUser"]
    assert left["Name"] == second[-4:]


def test_a_member_of_another_instance_cannot_be_promoted(world, client):
    with pytest.raises(client.exceptions.BadRequestException):
        worlds.promote(client, world.other_instance, world.user)
    with pytest.raises(client.exceptions.BadRequestException):
        worlds.promote(client, world.other_instance, world.bot)
