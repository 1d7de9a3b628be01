"""Every exception that the model gives an operation, raised on that operation.

Where a caller can bring it about, it is; the control plane injects the rest. The pairs come from the model, so an
operation or exception that is added to it fails here until it has a way to be raised.
"""

import re

import pytest
from botocore.exceptions import ClientError

import model
import world as worlds

PAIRS = [(name, exception) for name in model.operations() for exception in model.exceptions(name)]

# The operations in which nothing that a caller can do leads to the exception: AWS models it without telling when it
# is raised, so the emulator never does. Everything else is raised by a call.
ONLY_INJECTED = {
    "UnauthorizedClientException": set(model.operations()),
    "ServiceFailureException": set(model.operations()),
    "ServiceUnavailableException": set(model.operations()),
    "ForbiddenException": {"CreateAppInstance", "ListAppInstances"},
    "ConflictException": {
        "DeleteAppInstanceAdmin",
        "DeleteAppInstanceBot",
        "DeleteAppInstanceUser",
        "PutAppInstanceUserExpirationSettings",
        "UpdateAppInstance",
        "UpdateAppInstanceBot",
        "UpdateAppInstanceUser",
        "UpdateAppInstanceUserEndpoint",
    },
    "ResourceLimitExceededException": {
        "DeleteAppInstance",
        "DeleteAppInstanceAdmin",
        "DeleteAppInstanceBot",
        "DeleteAppInstanceUser",
        "ListAppInstanceAdmins",
        "ListAppInstanceBots",
        "UpdateAppInstanceBot",
        "UpdateAppInstanceUser",
    },
}
# Body codes that are not the name of the exception without its ending.
CODES = {"ThrottledClientException": "Throttled", "UnauthorizedClientException": "Unauthorized"}
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def settings(shared_emulator):
    """Puts the settings back after a test, and leaves the data alone."""
    before = shared_emulator.control("GET", "settings")
    yield shared_emulator.settings
    rates = shared_emulator.control("GET", "settings")["rates"]
    shared_emulator.settings(quotas=before["quotas"], faults=[], rates=dict.fromkeys(rates))


def bad_arguments(name, arguments):
    """Arguments that break a rule of the model, and that boto3 lets pass."""
    if name == "CreateAppInstance":
        return {**arguments, "Name": "x" * 257}
    if name == "ListAppInstances":
        return {"NextToken": "of-nobody"}
    return {**arguments, _first_arn(arguments): "not-an-arn"}


def replaced(pattern, replacement, arguments):
    return {
        key: re.sub(pattern, replacement, value) if isinstance(value, str) else value
        for key, value in arguments.items()
    }


def missing_resource(arguments):
    """The same call about something that does not exist."""
    return replaced("app-instance/[0-9a-f-]{36}", f"app-instance/{NOBODY}", arguments)


def foreign_resource(arguments):
    """The same call about something of another account."""
    return replaced(":123456789012:", ":999999999999:", arguments)


def _first_arn(arguments):
    return next(name for name in arguments if name.lower().endswith("arn"))


def conflicting(world, name, arguments):
    """The same call for something that is there, or with a token that was used for something else."""
    return {
        **arguments,
        **{
            "CreateAppInstance": {"ClientRequestToken": worlds.TOKENS.get(name)},
            "CreateAppInstanceAdmin": {"AppInstanceAdminArn": world.user},
            "CreateAppInstanceBot": {"ClientRequestToken": worlds.TOKENS.get(name)},
            "CreateAppInstanceUser": {"AppInstanceUserId": worlds.USER_ID},
            "RegisterAppInstanceUserEndpoint": {"EndpointAttributes": {"DeviceToken": "phone"}},
        }[name],
    }


def within_quotas(name):
    """Quotas that the world fills."""
    return {
        "CreateAppInstance": {"app_instances": 2},
        "CreateAppInstanceAdmin": {"admins": 2},
        "CreateAppInstanceBot": {"tags": 1},
        "CreateAppInstanceUser": {"users": 2},
        "RegisterAppInstanceUserEndpoint": {"endpoints": 2},
        "TagResource": {"tags": 2},
    }[name]


def prepare(exception, name, world, client, settings):
    """Arranges that the call which is returned raises the exception; None when nothing does."""
    arguments = worlds.calls(world)[name][0]
    if name in ONLY_INJECTED.get(exception, ()):
        return None
    if exception == "BadRequestException":
        return bad_arguments(name, arguments)
    if exception == "NotFoundException":
        return missing_resource(arguments)
    if exception == "ForbiddenException":
        # What does not exist is forbidden too, except where the model tells the two apart.
        tells_apart = "NotFoundException" in model.exceptions(name)
        return foreign_resource(arguments) if tells_apart else missing_resource(arguments)
    if exception == "ThrottledClientException":
        settings(rates={name: {"per_second": 0.001, "burst": 1}})
        # Takes the one call that the rate lets through, and is refused for what it asks.
        with pytest.raises(ClientError):
            model.call(client, name, bad_arguments(name, arguments))
        return arguments
    if exception == "ConflictException":
        return conflicting(world, name, arguments)
    if exception == "ResourceLimitExceededException":
        settings(quotas=within_quotas(name))
        return arguments
    return pytest.fail(f"nothing here raises {exception} of {name}")


def raised(client, name, arguments):
    """The refusal of a call, as boto3 and as the wire have it."""
    with pytest.raises(ClientError) as caught:
        model.call(client, name, arguments)
    return caught.value, client.answers[-1]


def expect(client, exception, error, answer):
    """The refusal is of the modelled class, with what the model says of it. The client checks the body."""
    assert type(error) is getattr(client.exceptions, exception)
    assert error.response["Error"]["Code"] == answer.exception == exception
    assert error.response["ResponseMetadata"]["RequestId"]
    assert error.response["Message"] == answer.body["Message"] != ""
    expected = CODES.get(exception, exception.removesuffix("Exception"))
    assert answer.body["Code"] == expected


@pytest.mark.parametrize(("name", "exception"), PAIRS)
def test_an_exception_of_the_model_is_raised(name, exception, standing, shared_client, settings):
    arguments = prepare(exception, name, standing, shared_client, settings)
    if arguments is None:
        arguments = worlds.calls(standing)[name][0]
        settings(faults=[{"operation": name, "kind": "error", "code": exception, "times": 1}])

    expect(shared_client, exception, *raised(shared_client, name, arguments))
