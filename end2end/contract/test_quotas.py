"""The published quotas, reached for real, the published rates, and that what is refused leaves no trace."""

from concurrent.futures import ThreadPoolExecutor

import pytest

import world as worlds
from emulator import Emulator


def at_once(work, count):
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(work, range(count)))


def assert_limit(client, work):
    before = worlds.everything(client)
    with pytest.raises(client.exceptions.ResourceLimitExceededException):
        work()
    # Same status as a bad request: only the exception tells them apart.
    assert client.answers[-1].status == 400
    assert worlds.everything(client) == before


def test_the_published_quotas_are_in_force(emulator):
    assert emulator.control("GET", "settings")["quotas"] == {
        "app_instances": 100,
        "users": 100_000,
        "admins": 100,
        "endpoints": 10,
        "tags": 50,
    }


def test_the_eleventh_endpoint_of_a_user_is_refused(emulator, client):
    user = worlds.user(client, worlds.instance(client))
    endpoints = [worlds.endpoint(client, user) for _ in range(10)]

    assert_limit(client, lambda: worlds.endpoint(client, user))

    client.deregister_app_instance_user_endpoint(AppInstanceUserArn=user, EndpointId=endpoints[0])
    worlds.endpoint(client, user)


def test_each_user_has_ten_endpoints_of_its_own(emulator, client):
    app_instance = worlds.instance(client)
    users = [worlds.user(client, app_instance) for _ in range(2)]

    for user in users:
        for number in range(10):
            # The same devices: two people may share one.
            worlds.endpoint(client, user, f"device-{number}")


@pytest.mark.parametrize("kind", ["instance", "user", "bot"])
def test_the_fifty_first_tag_is_refused(kind, world, client):
    arn = getattr(world, {"instance": "other_instance", "user": "plain_user", "bot": "plain_bot"}[kind])
    tags = [{"Key": f"key-{number:02}", "Value": "x"} for number in range(50)]
    client.tag_resource(ResourceARN=arn, Tags=tags)

    assert_limit(
        client,
        lambda: client.tag_resource(
            ResourceARN=arn, Tags=[{"Key": "key-00", "Value": "y"}, {"Key": "new", "Value": "x"}]
        ),
    )

    # The limit counts the merged set, so a value can still change.
    client.tag_resource(ResourceARN=arn, Tags=[{"Key": "key-00", "Value": "y"}])
    client.untag_resource(ResourceARN=arn, TagKeys=["key-01"])
    client.tag_resource(ResourceARN=arn, Tags=[{"Key": "new", "Value": "x"}])
    assert len(client.list_tags_for_resource(ResourceARN=arn)["Tags"]) == 50


def test_fifty_one_tags_in_one_call_are_a_bad_request(world, client):
    tags = [{"Key": f"key-{number}", "Value": "x"} for number in range(51)]

    with pytest.raises(client.exceptions.BadRequestException):
        client.tag_resource(ResourceARN=world.instance, Tags=tags)
    with pytest.raises(client.exceptions.BadRequestException):
        worlds.instance(client, Tags=tags)


def test_the_hundred_and_first_instance_is_refused(emulator, client):
    made = at_once(lambda _: worlds.instance(client), 100)

    with pytest.raises(client.exceptions.ResourceLimitExceededException):
        worlds.instance(client)

    assert len(worlds.listed(client, "list_app_instances", "AppInstances")) == 100
    # Each Region has its own.
    worlds.instance(emulator.client("eu-central-1"))
    # What is being deleted no longer counts, though it takes a while to go.
    emulator.control("POST", "seed", {"app_instance_arn": made[0], "users": 50_000})
    client.delete_app_instance(AppInstanceArn=made[0])
    worlds.instance(client)


def test_the_hundred_and_first_admin_is_refused(emulator, client):
    app_instance = worlds.instance(client)
    users = at_once(lambda _: worlds.user(client, app_instance), 101)
    at_once(lambda number: worlds.promote(client, app_instance, users[number]), 100)

    with pytest.raises(client.exceptions.ResourceLimitExceededException):
        worlds.promote(client, app_instance, users[100])
    bot = worlds.bot(client, app_instance)
    with pytest.raises(client.exceptions.ResourceLimitExceededException):
        worlds.promote(client, app_instance, bot)

    client.delete_app_instance_admin(AppInstanceArn=app_instance, AppInstanceAdminArn=users[0])
    worlds.promote(client, app_instance, bot)


def test_the_user_after_a_hundred_thousand_is_refused(emulator, client):
    app_instance = worlds.instance(client)
    made = emulator.control("POST", "seed", {"app_instance_arn": app_instance, "users": 100_000})
    assert made == {"users": 100_000}

    with pytest.raises(client.exceptions.ResourceLimitExceededException):
        worlds.user(client, app_instance)

    client.delete_app_instance_user(AppInstanceUserArn=f"{app_instance}/user/user-000001")
    worlds.user(client, app_instance)
    # Another instance has its own hundred thousand.
    worlds.user(client, worlds.instance(client))


def test_creates_at_the_same_time_do_not_pass_a_quota(emulator, client):
    app_instance = worlds.instance(client)
    emulator.settings(quotas={"users": 5})

    def create(_):
        try:
            return worlds.user(client, app_instance)
        except client.exceptions.ResourceLimitExceededException:
            return None

    made = at_once(create, 40)

    assert sum(user is not None for user in made) == 5
    users = worlds.listed(client, "list_app_instance_users", "AppInstanceUsers", AppInstanceArn=app_instance)
    assert len(users) == 5


def test_a_create_over_the_quota_of_tags_makes_nothing(emulator, client):
    """Tags are stored with the resource or not at all."""
    app_instance = worlds.instance(client)
    emulator.settings(quotas={"tags": 1})

    for create in (
        lambda: worlds.instance(client, Tags=worlds.TAGS),
        lambda: worlds.user(client, app_instance, Tags=worlds.TAGS),
        lambda: worlds.bot(client, app_instance, Tags=worlds.TAGS),
    ):
        assert_limit(client, create)


def test_rates_refuse_and_recover(emulator, client):
    app_instance = worlds.instance(client)
    other = worlds.instance(client)
    rate = {"per_second": 20, "burst": 2, "per": "app_instance"}
    emulator.settings(rates={"DescribeAppInstance": rate})

    def describe(arn=app_instance):
        return client.describe_app_instance(AppInstanceArn=arn)

    refused = 0
    for _ in range(10):
        try:
            describe()
        except client.exceptions.ThrottledClientException:
            refused += 1
    assert refused > 0
    # Counted for each instance by itself.
    describe(other)
    for _ in range(200):
        try:
            describe()
            break
        except client.exceptions.ThrottledClientException:
            continue
    else:
        pytest.fail("the bucket does not refill")


# Calls a second, and what they are counted over (AWS General Reference, "Amazon Chime SDK endpoints and quotas").
PUBLISHED_RATES = {
    "*": (50, "account"),
    **dict.fromkeys(["CreateAppInstance", "UpdateAppInstance", "DeleteAppInstance"], (5, "app_instance")),
    **dict.fromkeys(
        ["CreateAppInstanceUser", "UpdateAppInstanceUser", "DeleteAppInstanceUser"], (10, "app_instance")
    ),
    "DescribeAppInstance": (20, "app_instance"),
    "DescribeAppInstanceUser": (20, "app_instance_user"),
    "ListAppInstances": (10, "account"),
    "ListAppInstanceUsers": (10, "app_instance"),
}


def test_realistic_means_the_published_rates(tmp_path):
    emulator = Emulator(tmp_path, flags=["--realistic"])
    client = emulator.client()
    try:
        rates = emulator.control("GET", "settings")["rates"]
        shown = {name: (rate["per_second"], rate["per"]) for name, rate in rates.items()}
        assert shown == PUBLISHED_RATES

        with pytest.raises(client.exceptions.ThrottledClientException):
            # The bucket holds ten calls, and ten a second refill it.
            at_once(lambda _: client.list_app_instances(), 400)

        arrivals = emulator.stats()["arrivals"].values()
        lists = [second["operations"]["ListAppInstances"] for second in arrivals]
        assert sum(counts["throttled"] for counts in lists) > 0
    finally:
        emulator.stop()
