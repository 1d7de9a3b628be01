"""`ClientRequestToken`: however often a create is sent, it makes one resource."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

import model
import world as worlds

OPERATIONS = sorted(model.with_token())

# By operation: a member to change, how to list what was made, and how to remove it.
CASES = {
    "CreateAppInstance": (
        {"Name": "Changed"},
        lambda client, world: worlds.listed(client, "list_app_instances", "AppInstances"),
        lambda client, world, made: client.delete_app_instance(**made),
    ),
    "CreateAppInstanceBot": (
        {"Name": "Changed"},
        lambda client, world: worlds.listed(
            client, "list_app_instance_bots", "AppInstanceBots", AppInstanceArn=world.instance
        ),
        lambda client, world, made: client.delete_app_instance_bot(**made),
    ),
    "CreateAppInstanceUser": (
        {"Name": "Changed"},
        lambda client, world: worlds.listed(
            client, "list_app_instance_users", "AppInstanceUsers", AppInstanceArn=world.instance
        ),
        lambda client, world, made: client.delete_app_instance_user(**made),
    ),
    "RegisterAppInstanceUserEndpoint": (
        {"AllowMessages": "NONE"},
        lambda client, world: worlds.listed(
            client,
            "list_app_instance_user_endpoints",
            "AppInstanceUserEndpoints",
            AppInstanceUserArn=world.user,
        ),
        lambda client, world, made: client.deregister_app_instance_user_endpoint(**made),
    ),
}


def arguments_of(name, world, token="once"):
    return {**worlds.calls(world)[name][0], "ClientRequestToken": token}


def send(client, name, arguments):
    answer = model.call(client, name, arguments)
    answer.pop("ResponseMetadata")
    return answer


def test_every_operation_with_a_token_is_here():
    assert sorted(CASES) == OPERATIONS


@pytest.mark.parametrize("name", OPERATIONS)
class TestToken:
    def test_the_same_request_again_makes_nothing_new(self, name, world, client):
        listed = CASES[name][1]
        arguments = arguments_of(name, world)
        first = send(client, name, arguments)
        after_first = listed(client, world)

        answers = [send(client, name, arguments) for _ in range(3)]

        assert answers == [first] * 3
        assert listed(client, world) == after_first

    def test_tags_in_another_order_are_the_same_request(self, name, world, client):
        arguments = arguments_of(name, world)
        if "Tags" not in model.operation(name).input_shape.members:
            arguments = {**arguments, "Name": "Phone"}
            reordered = dict(reversed(list(arguments.items())))
        else:
            reordered = {**arguments, "Tags": list(reversed(worlds.TAGS))}

        assert send(client, name, arguments) == send(client, name, reordered)

    def test_the_token_with_other_parameters_is_a_conflict(self, name, world, client):
        change, listed, _ = CASES[name]
        arguments = arguments_of(name, world)
        send(client, name, arguments)
        before = listed(client, world)

        with pytest.raises(client.exceptions.ConflictException):
            send(client, name, {**arguments, **change})

        assert listed(client, world) == before

    def test_requests_at_the_same_time_make_one(self, name, world, client):
        listed = CASES[name][1]
        arguments = arguments_of(name, world)
        before = len(listed(client, world))

        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(lambda _: send(client, name, arguments), range(30)))

        assert answers == [answers[0]] * 30
        assert len(listed(client, world)) == before + 1

    @pytest.mark.parametrize("kind", ["error", "reset"])
    def test_the_retry_of_a_lost_answer_finds_what_was_made(
        self, name, kind, emulator, world, client
    ):
        """The create took effect and its answer got lost: the client sends it again by itself."""
        listed = CASES[name][1]
        before = len(listed(client, world))
        emulator.fault(name, kind=kind, times=1, after_commit=True)
        arguments = arguments_of(name, world)
        # Without a token: the client makes one, and must send the same in both attempts.
        del arguments["ClientRequestToken"]

        made = send(emulator.client(retries=3), name, arguments)

        assert emulator.stats()["operations"][name]["errors"] == 1
        found = listed(client, world)
        assert len(found) == before + 1
        assert found[-1].items() >= made.items()

    def test_a_failure_before_the_effect_leaves_the_token_unused(
        self, name, emulator, world, client
    ):
        change, listed, _ = CASES[name]
        before = len(listed(client, world))
        emulator.fault(name, kind="reset", times=1)
        arguments = arguments_of(name, world)
        with pytest.raises(ConnectionClosedError):
            send(client, name, arguments)
        assert len(listed(client, world)) == before

        send(client, name, {**arguments, **change})

        assert len(listed(client, world)) == before + 1

    def test_the_token_of_what_was_removed_makes_a_new_one(self, name, world, client):
        remove = CASES[name][2]
        arguments = arguments_of(name, world)
        first = send(client, name, arguments)

        remove(client, world, first)
        second = send(client, name, {**arguments, **CASES[name][0]})

        if name != "CreateAppInstanceUser":
            assert second != first
        assert CASES[name][1](client, world)[-1].items() >= CASES[name][0].items()

    def test_another_token_makes_another(self, name, world, client):
        arguments = arguments_of(name, world, "one")
        send(client, name, arguments)
        # Differing in case only: tokens are compared by case.
        again = {**arguments, "ClientRequestToken": "ONE"}

        if name == "CreateAppInstanceUser":
            # It is there, and equal; with anything else it is a conflict.
            assert send(client, name, again) == send(client, name, arguments)
            with pytest.raises(client.exceptions.ConflictException):
                send(client, name, {**again, "ClientRequestToken": "Two", "Name": "Other"})
        elif name == "RegisterAppInstanceUserEndpoint":
            # What was asked for exists; a new request for it conflicts.
            with pytest.raises(client.exceptions.ConflictException):
                send(client, name, again)
        else:
            assert send(client, name, again) != send(client, name, arguments)

    def test_the_token_belongs_to_its_parent(self, name, emulator, world, client):
        arguments = arguments_of(name, world)
        first = send(client, name, arguments)
        if name == "CreateAppInstance":
            elsewhere = emulator.client("eu-central-1")
            second = send(elsewhere, name, arguments)
        elif name == "RegisterAppInstanceUserEndpoint":
            second = send(client, name, {**arguments, "AppInstanceUserArn": world.plain_user})
        else:
            second = send(client, name, {**arguments, "AppInstanceArn": world.other_instance})

        assert second != first

    def test_the_token_outlives_a_quota(self, name, emulator, world, client):
        """A retry is answered from what is there, even when nothing more may be made."""
        arguments = arguments_of(name, world)
        first = send(client, name, arguments)

        emulator.settings(
            quotas={"app_instances": 1, "users": 1, "admins": 1, "endpoints": 1, "tags": 1}
        )

        assert send(client, name, arguments) == first

    def test_the_token_is_required(self, name, world, client):
        """boto3 fills it in; a program without an SDK has to send it."""
        arguments = arguments_of(name, world)
        del arguments["ClientRequestToken"]
        client.meta.events.register_first(f"before-call.*.{name}", _without_token)
        try:
            with pytest.raises(client.exceptions.BadRequestException):
                model.call(client, name, arguments)
        finally:
            client.meta.events.unregister(f"before-call.*.{name}", _without_token)

    @pytest.mark.parametrize("token", ["x" * 65, "a b", "tök"])
    def test_a_token_against_the_pattern_is_refused(self, name, token, world, client):
        with pytest.raises(client.exceptions.BadRequestException):
            send(client, name, arguments_of(name, world, token))


def _without_token(params, **_):
    body = json.loads(params["body"])
    del body["ClientRequestToken"]
    params["body"] = json.dumps(body)


def test_an_admin_has_no_token_and_a_second_promotion_conflicts(world, client):
    with pytest.raises(ClientError) as caught:
        worlds.promote(client, world.instance, world.user)

    assert caught.value.response["Error"]["Code"] == "ConflictException"
