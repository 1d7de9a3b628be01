"""A small population that gives every operation something to act on, and all that can be read of it."""

import itertools
from dataclasses import dataclass

from emulator import ACCOUNT, REGION

# Ids of Cognito hold a colon; the others are what the pattern allows besides.
USER_ID = "us-east-1:alice.b_c-d@ex.org1"
METADATA = '{"team": "Größe ✓", "line": "one\ntwo"}'
TAGS = [{"Key": "env", "Value": "dév"}, {"Key": "Owner", "Value": "a+b=c:d/e@f"}]
# The client request tokens that the instance and the bot of a world were made with.
TOKENS = {"CreateAppInstance": "made-the-instance", "CreateAppInstanceBot": "made-the-bot"}
_count = itertools.count(1)


def unique(word):
    """A name that no other call has used."""
    return f"{word}-{next(_count)}"


def alias(account=ACCOUNT, region=REGION):
    return f"arn:aws:lex:{region}:{account}:bot-alias/ABCDEFGHIJ/KLMNOPQRST"


def pinpoint(account=ACCOUNT, region=REGION):
    return f"arn:aws:mobiletargeting:{region}:{account}:apps/0123456789abcdef0123456789abcdef"


def lex(**more):
    return {"Lex": {"LexBotAliasArn": alias(), "LocaleId": "en_US", **more}}


def expiration(days):
    return {"ExpirationDays": days, "ExpirationCriterion": "CREATED_TIMESTAMP"}


def instance(client, **more):
    return client.create_app_instance(Name=more.pop("Name", "Chat"), **more)["AppInstanceArn"]


def user(client, app_instance, user_id=None, **more):
    return client.create_app_instance_user(
        AppInstanceArn=app_instance,
        AppInstanceUserId=user_id or unique("user"),
        Name=more.pop("Name", "Alice 🚀"),
        **more,
    )["AppInstanceUserArn"]


def bot(client, app_instance, configuration=None, **more):
    return client.create_app_instance_bot(
        AppInstanceArn=app_instance, Configuration=configuration or lex(), **more
    )["AppInstanceBotArn"]


def promote(client, app_instance, member):
    return client.create_app_instance_admin(AppInstanceArn=app_instance, AppInstanceAdminArn=member)


def endpoint(client, member, token=None, **more):
    return client.register_app_instance_user_endpoint(
        AppInstanceUserArn=member,
        Type=more.pop("Type", "APNS"),
        ResourceArn=more.pop("ResourceArn", pinpoint()),
        EndpointAttributes={"DeviceToken": token or unique("device"), **more.pop("Attributes", {})},
        **more,
    )["EndpointId"]


@dataclass
class World:
    """ARNs of one AppInstance in which everything occurs, optional members and all."""

    instance: str = ""
    user: str = ""
    plain_user: str = ""
    bot: str = ""
    plain_bot: str = ""
    endpoint: str = ""
    broken_endpoint: str = ""
    other_instance: str = ""


def build(emulator, client):
    """Makes a world."""
    made = World()
    made.instance = instance(
        client,
        Name="Démo 🚀",
        Metadata=METADATA,
        Tags=TAGS,
        ClientRequestToken=TOKENS["CreateAppInstance"],
    )
    client.put_app_instance_retention_settings(
        AppInstanceArn=made.instance,
        AppInstanceRetentionSettings={"ChannelRetentionSettings": {"RetentionDays": 90}},
    )
    made.user = user(
        client, made.instance, USER_ID, Metadata=METADATA, Tags=TAGS, ExpirationSettings=expiration(30)
    )
    made.plain_user = user(client, made.instance, "bob", Name="Bob")
    invoked = {"StandardMessages": "MENTIONS", "TargetedMessages": "ALL"}
    made.bot = bot(
        client,
        made.instance,
        lex(InvokedBy=invoked, WelcomeIntent="Welcome_Intent"),
        Name="Bot",
        Metadata=METADATA,
        Tags=TAGS,
        ClientRequestToken=TOKENS["CreateAppInstanceBot"],
    )
    made.plain_bot = bot(client, made.instance, lex(RespondsTo="STANDARD_MESSAGES"))
    promote(client, made.instance, made.user)
    promote(client, made.instance, made.bot)
    voip = {"VoipDeviceToken": "voip-token"}
    made.endpoint = endpoint(
        client, made.user, "phone", Name="Phone", AllowMessages="NONE", Attributes=voip
    )
    made.broken_endpoint = endpoint(client, made.user, "tablet", Type="GCM")
    emulator.control(
        "POST",
        f"endpoints/{made.broken_endpoint}/state",
        {"Status": "INACTIVE", "StatusReason": "INVALID_DEVICE_TOKEN"},
    )
    made.other_instance = instance(client, Name="Other")
    return made


def calls(world):
    """Valid calls of every operation; together they show every member that an answer can have.

    Lists are called for one item first, so that a token for the next page is among them.
    """
    admin = {"AppInstanceArn": world.instance, "AppInstanceAdminArn": world.user}
    of_instance = {"AppInstanceArn": world.instance}
    of_user = {"AppInstanceUserArn": world.user}
    of_endpoint = {**of_user, "EndpointId": world.endpoint}
    text = {"Name": "New", "Metadata": "new"}

    def pages(arguments):
        return [{**arguments, "MaxResults": 1}, {**arguments, "MaxResults": 50}]

    def fresh_user():
        return {**of_instance, "AppInstanceUserId": unique("user"), "Name": "New"}

    retention = {"ChannelRetentionSettings": {"RetentionDays": 30}}
    found = {
        "CreateAppInstance": [{**text, "Tags": TAGS}],
        "CreateAppInstanceAdmin": [{**of_instance, "AppInstanceAdminArn": world.plain_user}],
        "CreateAppInstanceBot": [{**of_instance, **text, "Tags": TAGS, "Configuration": lex()}],
        "CreateAppInstanceUser": [
            {**fresh_user(), "Metadata": "", "Tags": TAGS, "ExpirationSettings": expiration(1)}
        ],
        "DeleteAppInstance": [{"AppInstanceArn": world.other_instance}],
        "DeleteAppInstanceAdmin": [{**of_instance, "AppInstanceAdminArn": world.bot}],
        "DeleteAppInstanceBot": [{"AppInstanceBotArn": world.plain_bot}],
        "DeleteAppInstanceUser": [{"AppInstanceUserArn": world.plain_user}],
        "DeregisterAppInstanceUserEndpoint": [of_endpoint],
        "DescribeAppInstance": [of_instance],
        "DescribeAppInstanceAdmin": [admin],
        "DescribeAppInstanceBot": [
            {"AppInstanceBotArn": world.bot},
            {"AppInstanceBotArn": world.plain_bot},
        ],
        "DescribeAppInstanceUser": [of_user],
        "DescribeAppInstanceUserEndpoint": [
            of_endpoint,
            {**of_user, "EndpointId": world.broken_endpoint},
        ],
        "GetAppInstanceRetentionSettings": [of_instance],
        "ListAppInstanceAdmins": pages(of_instance),
        "ListAppInstanceBots": pages(of_instance),
        "ListAppInstanceUserEndpoints": pages(of_user),
        "ListAppInstanceUsers": pages(of_instance),
        "ListAppInstances": pages({}),
        "ListTagsForResource": [{"ResourceARN": world.user}],
        "PutAppInstanceRetentionSettings": [
            {**of_instance, "AppInstanceRetentionSettings": retention}
        ],
        "PutAppInstanceUserExpirationSettings": [
            {"AppInstanceUserArn": world.plain_user, "ExpirationSettings": expiration(5475)}
        ],
        "RegisterAppInstanceUserEndpoint": [
            {
                **of_user,
                "Name": "New",
                "Type": "APNS_SANDBOX",
                "ResourceArn": pinpoint(),
                "EndpointAttributes": {"DeviceToken": "new", "VoipDeviceToken": "new-voip"},
                "AllowMessages": "ALL",
            }
        ],
        "TagResource": [{"ResourceARN": world.bot, "Tags": [{"Key": "new", "Value": "tag"}]}],
        "UntagResource": [{"ResourceARN": world.instance, "TagKeys": ["env"]}],
        "UpdateAppInstance": [{**of_instance, **text}],
        "UpdateAppInstanceBot": [{"AppInstanceBotArn": world.bot, **text, "Configuration": lex()}],
        "UpdateAppInstanceUser": [{**of_user, **text}],
        "UpdateAppInstanceUserEndpoint": [{**of_endpoint, "Name": "New", "AllowMessages": "ALL"}],
    }
    return found


def listed(client, operation, key, **arguments):
    """All items of a list, page by page."""
    items, pages = [], 0
    while True:
        page = getattr(client, operation)(**arguments)
        items += page[key]
        pages += 1
        assert pages < 1000, f"{operation} does not come to an end"
        if "NextToken" not in page:
            return items
        arguments["NextToken"] = page["NextToken"]


def everything(client):
    """All that can be read in the account and Region."""
    found = {}
    for summary in listed(client, "list_app_instances", "AppInstances"):
        arn = summary["AppInstanceArn"]
        of_instance = {"AppInstanceArn": arn}
        found[arn] = {
            "summary": summary,
            "described": client.describe_app_instance(**of_instance)["AppInstance"],
            "retention": _without_metadata(
                client.get_app_instance_retention_settings(**of_instance)
            ),
            "tags": client.list_tags_for_resource(ResourceARN=arn)["Tags"],
            "users": [
                _user(client, user)
                for user in listed(client, "list_app_instance_users", "AppInstanceUsers", **of_instance)
            ],
            "bots": [
                _bot(client, bot)
                for bot in listed(client, "list_app_instance_bots", "AppInstanceBots", **of_instance)
            ],
            "admins": [
                client.describe_app_instance_admin(
                    AppInstanceArn=arn, AppInstanceAdminArn=admin["Admin"]["Arn"]
                )["AppInstanceAdmin"]
                for admin in listed(
                    client, "list_app_instance_admins", "AppInstanceAdmins", **of_instance
                )
            ],
        }
    return found


def _user(client, summary):
    arn = summary["AppInstanceUserArn"]
    endpoints = listed(
        client, "list_app_instance_user_endpoints", "AppInstanceUserEndpoints", AppInstanceUserArn=arn
    )
    return {
        "summary": summary,
        "described": client.describe_app_instance_user(AppInstanceUserArn=arn)["AppInstanceUser"],
        "tags": client.list_tags_for_resource(ResourceARN=arn)["Tags"],
        "endpoints": [
            client.describe_app_instance_user_endpoint(
                AppInstanceUserArn=arn, EndpointId=endpoint["EndpointId"]
            )["AppInstanceUserEndpoint"]
            for endpoint in endpoints
        ],
    }


def _bot(client, summary):
    arn = summary["AppInstanceBotArn"]
    return {
        "summary": summary,
        "described": client.describe_app_instance_bot(AppInstanceBotArn=arn)["AppInstanceBot"],
        "tags": client.list_tags_for_resource(ResourceARN=arn)["Tags"],
    }


def _without_metadata(answer):
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
