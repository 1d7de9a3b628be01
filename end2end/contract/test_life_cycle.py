"""What follows from what: removal and all below it, promotion, expiration, tags, times."""

import datetime

import pytest

import world as worlds


def admins(client, app_instance):
    found = client.list_app_instance_admins(AppInstanceArn=app_instance)["AppInstanceAdmins"]
    return [item["Admin"] for item in found]


def tags(client, arn):
    found = client.list_tags_for_resource(ResourceARN=arn)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


class TestRemoval:
    def test_a_deleted_instance_is_gone_at_once_with_all_below_it(self, emulator, world, client):
        # So many that their rows are there for a while after the answer, the bots last.
        emulator.control("POST", "seed", {"app_instance_arn": world.instance, "users": 50_000})
        late = f"{world.instance}/user/user-050000"
        client.describe_app_instance_user(AppInstanceUserArn=late)

        client.delete_app_instance(AppInstanceArn=world.instance)

        with pytest.raises(client.exceptions.NotFoundException):
            client.describe_app_instance_bot(AppInstanceBotArn=world.bot)
        listed = client.list_app_instances()["AppInstances"]
        assert [item["AppInstanceArn"] for item in listed] == [world.other_instance]
        forbidden = client.exceptions.ForbiddenException
        of_instance = {"AppInstanceArn": world.instance}
        for call in (
            lambda: client.describe_app_instance(**of_instance),
            lambda: client.delete_app_instance(**of_instance),
            lambda: client.get_app_instance_retention_settings(**of_instance),
            lambda: client.list_app_instance_users(**of_instance),
            lambda: client.list_app_instance_admins(**of_instance),
            lambda: client.describe_app_instance_user(AppInstanceUserArn=late),
            lambda: worlds.endpoint(client, late),
            lambda: worlds.promote(client, world.instance, late),
            lambda: client.describe_app_instance_user(AppInstanceUserArn=world.user),
            lambda: client.list_app_instance_user_endpoints(AppInstanceUserArn=world.user),
            lambda: client.list_tags_for_resource(ResourceARN=world.instance),
            lambda: client.list_tags_for_resource(ResourceARN=world.bot),
            lambda: worlds.user(client, world.instance),
        ):
            with pytest.raises(forbidden):
                call()

    def test_a_deleted_user_takes_its_role_endpoints_and_tags(self, world, client):
        client.delete_app_instance_user(AppInstanceUserArn=world.user)

        assert [admin["Arn"] for admin in admins(client, world.instance)] == [world.bot]
        again = worlds.user(client, world.instance, worlds.USER_ID)
        assert again == world.user
        listed = client.list_app_instance_user_endpoints(AppInstanceUserArn=again)
        assert listed["AppInstanceUserEndpoints"] == []
        assert tags(client, again) == {}
        found = client.describe_app_instance_user(AppInstanceUserArn=again)["AppInstanceUser"]
        assert "ExpirationSettings" not in found
        with pytest.raises(client.exceptions.ForbiddenException):
            client.describe_app_instance_admin(
                AppInstanceArn=world.instance, AppInstanceAdminArn=again
            )

    def test_a_deleted_bot_takes_its_role(self, world, client):
        client.delete_app_instance_bot(AppInstanceBotArn=world.bot)

        assert [admin["Arn"] for admin in admins(client, world.instance)] == [world.user]
        with pytest.raises(client.exceptions.ForbiddenException):
            client.list_tags_for_resource(ResourceARN=world.bot)

    def test_a_demoted_member_stays(self, world, client):
        for member in (world.user, world.bot):
            client.delete_app_instance_admin(
                AppInstanceArn=world.instance, AppInstanceAdminArn=member
            )

        assert admins(client, world.instance) == []
        client.describe_app_instance_user(AppInstanceUserArn=world.user)
        client.describe_app_instance_bot(AppInstanceBotArn=world.bot)

    def test_what_is_gone_cannot_go_again(self, world, client):
        forbidden = client.exceptions.ForbiddenException
        of_endpoint = {"AppInstanceUserArn": world.user, "EndpointId": world.endpoint}
        of_admin = {"AppInstanceArn": world.instance, "AppInstanceAdminArn": world.user}
        for remove, arguments in (
            (client.deregister_app_instance_user_endpoint, of_endpoint),
            (client.delete_app_instance_admin, of_admin),
            (client.delete_app_instance_user, {"AppInstanceUserArn": world.plain_user}),
            (client.delete_app_instance_bot, {"AppInstanceBotArn": world.bot}),
        ):
            remove(**arguments)
            with pytest.raises(forbidden):
                remove(**arguments)


class TestPromotion:
    def test_users_and_bots_are_listed_together_and_told_apart_by_arn(self, world, client):
        assert admins(client, world.instance) == [
            {"Arn": world.user, "Name": "Alice 🚀"},
            {"Arn": world.bot, "Name": "Bot"},
        ]

    def test_the_answer_names_who_was_promoted(self, world, client):
        answer = worlds.promote(client, world.instance, world.plain_user)

        assert answer["AppInstanceAdmin"] == {"Arn": world.plain_user, "Name": "Bob"}
        assert answer["AppInstanceArn"] == world.instance

    def test_a_bot_without_a_name_can_be_admin(self, world, client):
        answer = worlds.promote(client, world.instance, world.plain_bot)

        assert answer["AppInstanceAdmin"] == {"Arn": world.plain_bot}
        assert {"Arn": world.plain_bot} in admins(client, world.instance)

    def test_the_time_is_that_of_the_promotion(self, emulator, world, client):
        emulator.move_clock(days=3)
        worlds.promote(client, world.instance, world.plain_user)
        emulator.move_clock(days=5)

        found = client.describe_app_instance_admin(
            AppInstanceArn=world.instance, AppInstanceAdminArn=world.plain_user
        )["AppInstanceAdmin"]

        user = client.describe_app_instance_user(AppInstanceUserArn=world.plain_user)
        between = found["CreatedTimestamp"] - user["AppInstanceUser"]["CreatedTimestamp"]
        assert datetime.timedelta(days=3) <= between < datetime.timedelta(days=3, minutes=5)
        assert set(found) == {"Admin", "AppInstanceArn", "CreatedTimestamp"}

    @pytest.mark.parametrize("member", ["user", "bot"])
    def test_a_second_promotion_is_a_conflict_until_the_demotion(self, member, world, client):
        arn = getattr(world, member)
        with pytest.raises(client.exceptions.ConflictException):
            worlds.promote(client, world.instance, arn)

        client.delete_app_instance_admin(AppInstanceArn=world.instance, AppInstanceAdminArn=arn)

        worlds.promote(client, world.instance, arn)

    def test_a_new_name_shows_in_the_list_of_admins(self, world, client):
        client.update_app_instance_user(AppInstanceUserArn=world.user, Name="Alicia", Metadata="")

        assert admins(client, world.instance)[0]["Name"] == "Alicia"

    def test_only_users_and_bots_can_be_promoted(self, world, client):
        for arn in (world.instance, f"{world.instance}/channel/c", "arn:aws:iam::123456789012:user/x"):
            with pytest.raises(client.exceptions.BadRequestException):
                worlds.promote(client, world.instance, arn)


class TestExpiration:
    """The emulator looks for expired users by itself too, but leaves them for some hours: no test goes beyond that."""

    def describe(self, client, arn):
        return client.describe_app_instance_user(AppInstanceUserArn=arn)["AppInstanceUser"]

    def test_a_user_goes_when_its_days_are_over_and_not_before(self, emulator, world, client):
        emulator.move_clock(days=29.9)
        assert emulator.sweep() == 0
        assert self.describe(client, world.user)["ExpirationSettings"] == worlds.expiration(30)

        emulator.move_clock(days=30.01)
        # Overdue, but there and editable until the sweep comes by.
        client.update_app_instance_user(AppInstanceUserArn=world.user, Name="Late", Metadata="")
        assert emulator.sweep() == 1

        with pytest.raises(client.exceptions.ForbiddenException):
            self.describe(client, world.user)
        # As if deleted: its role goes too. Who has no expiration stays.
        assert [admin["Arn"] for admin in admins(client, world.instance)] == [world.bot]
        self.describe(client, world.plain_user)

    def test_an_overdue_user_can_be_saved(self, emulator, world, client):
        emulator.move_clock(days=30.05)

        client.put_app_instance_user_expiration_settings(
            AppInstanceUserArn=world.user, ExpirationSettings=worlds.expiration(60)
        )

        assert emulator.sweep() == 0
        emulator.move_clock(days=60.05)
        assert emulator.sweep() == 1

    def test_days_count_from_the_creation_and_not_from_the_setting(self, emulator, world, client):
        emulator.move_clock(days=5.05)

        client.put_app_instance_user_expiration_settings(
            AppInstanceUserArn=world.plain_user, ExpirationSettings=worlds.expiration(5)
        )

        self.describe(client, world.plain_user)
        assert emulator.sweep() == 1

    def test_leaving_the_settings_out_switches_it_off(self, emulator, world, client):
        answer = client.put_app_instance_user_expiration_settings(AppInstanceUserArn=world.user)

        assert "ExpirationSettings" not in answer
        assert "ExpirationSettings" not in self.describe(client, world.user)
        emulator.move_clock(days=6000)
        assert emulator.sweep() == 0

    def test_an_update_of_the_name_leaves_it(self, world, client):
        client.update_app_instance_user(AppInstanceUserArn=world.user, Name="New", Metadata="")

        assert self.describe(client, world.user)["ExpirationSettings"] == worlds.expiration(30)


class TestRetention:
    def put(self, client, arn, channel):
        return client.put_app_instance_retention_settings(
            AppInstanceArn=arn, AppInstanceRetentionSettings={"ChannelRetentionSettings": channel}
        )

    def test_it_is_answered_and_read_back(self, world, client):
        answer = self.put(client, world.instance, {"RetentionDays": 5475})
        found = client.get_app_instance_retention_settings(AppInstanceArn=world.instance)

        answer.pop("ResponseMetadata"), found.pop("ResponseMetadata")
        assert answer == found
        settings = found["AppInstanceRetentionSettings"]["ChannelRetentionSettings"]
        assert settings == {"RetentionDays": 5475}

    @pytest.mark.parametrize("empty", [{"ChannelRetentionSettings": {}}, {}])
    def test_an_empty_setting_switches_it_off(self, empty, world, client):
        client.put_app_instance_retention_settings(
            AppInstanceArn=world.instance, AppInstanceRetentionSettings=empty
        )

        found = client.get_app_instance_retention_settings(AppInstanceArn=world.instance)
        assert found["AppInstanceRetentionSettings"] == {"ChannelRetentionSettings": {}}
        assert "InitiateDeletionTimestamp" not in found


class TestTags:
    @pytest.mark.parametrize("kind", ["instance", "user", "bot"])
    def test_they_are_added_replaced_and_removed(self, kind, world, client):
        arn = getattr(world, kind)
        assert tags(client, arn) == {"env": "dév", "Owner": "a+b=c:d/e@f"}

        client.tag_resource(
            ResourceARN=arn,
            Tags=[{"Key": "env", "Value": "prod 🚀"}, {"Key": "owner", "Value": "by case"}],
        )
        client.untag_resource(ResourceARN=arn, TagKeys=["Owner", "never there"])

        assert tags(client, arn) == {"env": "prod 🚀", "owner": "by case"}
        # The neighbours keep theirs.
        others = {"instance", "user", "bot"} - {kind}
        assert all("Owner" in tags(client, getattr(world, other)) for other in others)

    def test_they_belong_to_one_resource(self, world, client):
        assert tags(client, world.plain_user) == tags(client, world.plain_bot) == {}

    def test_what_is_no_resource_has_none(self, world, client):
        for arn in (f"{world.instance}/channel/c", worlds.pinpoint(), f"{world.user}/endpoints/e"):
            with pytest.raises(client.exceptions.BadRequestException):
                client.tag_resource(ResourceARN=arn, Tags=worlds.TAGS)

    @pytest.mark.parametrize(
        "bad",
        [
            [{"Key": "aws:x", "Value": "x"}],
            [{"Key": "AWS:x", "Value": "x"}],
            [{"Key": "x" * 129, "Value": "x"}],
            [{"Key": "x", "Value": "x" * 257}],
            [{"Key": "x", "Value": "1"}, {"Key": "x", "Value": "2"}],
        ],
        ids=["reserved", "reserved in capitals", "long key", "long value", "twice"],
    )
    def test_bad_ones_are_refused_together_with_the_good(self, bad, world, client):
        before = tags(client, world.instance)

        with pytest.raises(client.exceptions.BadRequestException):
            client.tag_resource(
                ResourceARN=world.instance, Tags=[{"Key": "good", "Value": "x"}, *bad]
            )

        assert tags(client, world.instance) == before


class TestTimes:
    def test_an_update_moves_the_second_time_only(self, emulator, world, client):
        def times(found):
            return found["CreatedTimestamp"], found["LastUpdatedTimestamp"]

        of_endpoint = {"AppInstanceUserArn": world.user, "EndpointId": world.endpoint}
        cases = [
            (
                lambda: client.describe_app_instance(AppInstanceArn=world.instance)["AppInstance"],
                lambda: client.update_app_instance(
                    AppInstanceArn=world.instance, Name="New", Metadata=""
                ),
            ),
            (
                lambda: client.describe_app_instance_user(AppInstanceUserArn=world.user)[
                    "AppInstanceUser"
                ],
                lambda: client.update_app_instance_user(
                    AppInstanceUserArn=world.user, Name="New", Metadata=""
                ),
            ),
            (
                lambda: client.describe_app_instance_bot(AppInstanceBotArn=world.bot)[
                    "AppInstanceBot"
                ],
                lambda: client.update_app_instance_bot(
                    AppInstanceBotArn=world.bot, Name="", Metadata=""
                ),
            ),
            (
                lambda: client.describe_app_instance_user_endpoint(**of_endpoint)[
                    "AppInstanceUserEndpoint"
                ],
                lambda: client.update_app_instance_user_endpoint(**of_endpoint, Name="New"),
            ),
        ]
        emulator.move_clock(days=1)
        for describe, update in cases:
            created, updated = times(describe())
            assert created == updated

            update()

            assert times(describe())[0] == created
            assert times(describe())[1] - updated > datetime.timedelta(hours=23)

    def test_an_update_replaces_and_an_empty_text_erases(self, world, client):
        client.update_app_instance_bot(AppInstanceBotArn=world.bot, Name="", Metadata="")

        found = client.describe_app_instance_bot(AppInstanceBotArn=world.bot)["AppInstanceBot"]
        assert (found["Name"], found["Metadata"]) == ("", "")
        # What need not be sent stays when it is not.
        assert found["Configuration"]["Lex"]["WelcomeIntent"] == "Welcome_Intent"

    def test_an_endpoint_update_changes_what_is_sent(self, world, client):
        of_endpoint = {"AppInstanceUserArn": world.user, "EndpointId": world.endpoint}

        client.update_app_instance_user_endpoint(**of_endpoint)
        client.update_app_instance_user_endpoint(**of_endpoint, AllowMessages="ALL")

        found = client.describe_app_instance_user_endpoint(**of_endpoint)["AppInstanceUserEndpoint"]
        assert (found["Name"], found["AllowMessages"]) == ("Phone", "ALL")
