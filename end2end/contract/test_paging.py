"""Lists page by page: each item once, in order, whatever happens in between.

boto3 has no paginators for this service, so the loops over `NextToken` are here.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

import model
import world as worlds

COUNT = 120


class Listing:
    """One list of the API: its operation, where the items are, and how to make and remove one."""

    def __init__(self, operation, key, arn, make, remove):
        self.operation, self.key, self.arn = operation, key, arn
        self.make, self.remove = make, remove

    def page(self, client, parent, **more):
        return getattr(client, model.method(self.operation))(**self.arguments(parent), **more)

    def arguments(self, parent):
        if self.operation == "ListAppInstances":
            return {}
        member = "AppInstanceUserArn" if "Endpoint" in self.operation else "AppInstanceArn"
        return {member: parent}

    def ids(self, page):
        return [self.arn(item) for item in page[self.key]]

    def all(self, client, parent, between=None, **more):
        """The ids of all pages; `between` runs after each page that has a next one."""
        found, sizes, token = [], [], {}
        while True:
            page = self.page(client, parent, **more, **token)
            found += self.ids(page)
            sizes.append(len(page[self.key]))
            assert len(sizes) <= 1000, "the list does not come to an end"
            if "NextToken" not in page:
                return found, sizes
            token = {"NextToken": page["NextToken"]}
            if between:
                between(found)


def _admin(client, app_instance):
    member = worlds.user(client, app_instance)
    worlds.promote(client, app_instance, member)
    return member


LISTINGS = [
    Listing(
        "ListAppInstances",
        "AppInstances",
        lambda item: item["AppInstanceArn"],
        lambda client, parent: worlds.instance(client),
        lambda client, parent, arn: client.delete_app_instance(AppInstanceArn=arn),
    ),
    Listing(
        "ListAppInstanceUsers",
        "AppInstanceUsers",
        lambda item: item["AppInstanceUserArn"],
        worlds.user,
        lambda client, parent, arn: client.delete_app_instance_user(AppInstanceUserArn=arn),
    ),
    Listing(
        "ListAppInstanceAdmins",
        "AppInstanceAdmins",
        lambda item: item["Admin"]["Arn"],
        _admin,
        lambda client, parent, arn: client.delete_app_instance_admin(
            AppInstanceArn=parent, AppInstanceAdminArn=arn
        ),
    ),
    Listing(
        "ListAppInstanceBots",
        "AppInstanceBots",
        lambda item: item["AppInstanceBotArn"],
        worlds.bot,
        lambda client, parent, arn: client.delete_app_instance_bot(AppInstanceBotArn=arn),
    ),
    Listing(
        "ListAppInstanceUserEndpoints",
        "AppInstanceUserEndpoints",
        lambda item: item["EndpointId"],
        worlds.endpoint,
        lambda client, parent, arn: client.deregister_app_instance_user_endpoint(
            AppInstanceUserArn=parent, EndpointId=arn
        ),
    ),
]


def test_every_operation_with_pages_is_here():
    paged = [
        name for name in model.operations() if "NextToken" in model.operation(name).input_shape.members
    ]
    assert sorted(listing.operation for listing in LISTINGS) == paged


@pytest.fixture(params=LISTINGS, ids=lambda listing: listing.operation)
def listing(request):
    return request.param


@pytest.fixture
def parent(emulator, client, listing):
    """What the list is of, with quotas that let it hold 120 and more."""
    emulator.settings(quotas={"app_instances": 1000, "admins": 1000, "endpoints": 1000})
    if listing.operation == "ListAppInstances":
        return None
    app_instance = worlds.instance(client)
    return worlds.user(client, app_instance) if "Endpoint" in listing.operation else app_instance


@pytest.fixture
def items(client, parent, listing):
    """120 items, made one after the other within each of eight threads."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: listing.make(client, parent), range(COUNT)))


def test_each_of_120_comes_once(client, listing, parent, items):
    for more, sizes in [({}, [50, 50, 20]), ({"MaxResults": 40}, [40] * 3), ({"MaxResults": 7}, [7] * 17 + [1])]:
        found, found_sizes = listing.all(client, parent, **more)

        assert sorted(found) == sorted(items)
        assert found_sizes == sizes


def test_the_order_is_the_same_at_every_size(client, listing, parent, items):
    found, _ = listing.all(client, parent)

    assert listing.all(client, parent, MaxResults=1)[0] == found


def test_what_is_made_or_removed_in_between_disturbs_nothing(client, listing, parent, items):
    removed, made = set(), []

    def disturb(found):
        """Removes one that was seen and one that was not, and makes a new one."""
        seen = next(arn for arn in found if arn not in removed)
        unseen = next((arn for arn in items if arn not in removed and arn not in found), None)
        for arn in filter(None, (seen, unseen)):
            listing.remove(client, parent, arn)
            removed.add(arn)
        made.append(listing.make(client, parent))

    found, _ = listing.all(client, parent, disturb, MaxResults=10)

    assert len(found) == len(set(found))
    # Removed before it came: not there. All that stayed: there. New ones are last, so they are there too.
    survivors = set(items) - removed
    assert survivors <= set(found)
    assert set(made[:-1]) <= set(found)
    assert set(found) <= set(items) | set(made)


def test_the_page_after_a_removed_item_goes_on_behind_it(client, listing, parent, items):
    """The token names a position, not a row that must still be there."""
    first = listing.page(client, parent, MaxResults=10)
    expected = listing.ids(listing.page(client, parent, MaxResults=10, NextToken=first["NextToken"]))

    listing.remove(client, parent, listing.ids(first)[-1])

    again = listing.page(client, parent, MaxResults=10, NextToken=first["NextToken"])
    assert listing.ids(again) == expected


def test_a_full_last_page_has_no_token(client, listing, parent):
    for _ in range(4):
        listing.make(client, parent)

    assert "NextToken" not in listing.page(client, parent, MaxResults=4)
    assert "NextToken" in listing.page(client, parent, MaxResults=3)


def test_a_token_that_this_list_did_not_give_out_is_refused(emulator, client, listing, parent):
    for _ in range(2):
        listing.make(client, parent)
    token = listing.page(client, parent, MaxResults=1)["NextToken"]
    first, last = token[0], token[-5:]
    changed = ("A" if first != "A" else "B") + token[1:]

    for bad in ["x", "AAAA", changed, token[:-4], token + token, last, "é", "x" * 2049]:
        with pytest.raises(client.exceptions.BadRequestException):
            listing.page(client, parent, NextToken=bad)
    # The true one still works, and an empty one is no token.
    listing.page(client, parent, NextToken=token)
    assert listing.page(client, parent, NextToken="")[listing.key]


def test_a_token_of_another_parent_or_region_is_refused(emulator, client, listing, parent):
    for _ in range(2):
        listing.make(client, parent)
    token = listing.page(client, parent, MaxResults=1)["NextToken"]

    if listing.operation == "ListAppInstances":
        elsewhere, other = emulator.client("eu-central-1"), None
    elif "Endpoint" in listing.operation:
        elsewhere, other = client, worlds.user(client, parent.split("/user/")[0])
    else:
        elsewhere, other = client, worlds.instance(client)

    with pytest.raises(elsewhere.exceptions.BadRequestException):
        listing.page(elsewhere, other, NextToken=token)


def test_a_token_of_another_operation_is_refused(emulator, client):
    app_instance = worlds.instance(client)
    for _ in range(2):
        worlds.user(client, app_instance)
        worlds.bot(client, app_instance)
    users = client.list_app_instance_users(AppInstanceArn=app_instance, MaxResults=1)

    with pytest.raises(client.exceptions.BadRequestException):
        client.list_app_instance_bots(AppInstanceArn=app_instance, NextToken=users["NextToken"])


@pytest.mark.parametrize("size", ["0", "51", "-1", "abc", "1.5", "", "99999999999999999999"])
def test_a_page_size_out_of_range_is_refused(size, client, listing, parent):
    def set_size(params, **_):
        # boto3 would refuse some of these itself.
        assert "max-results=50" in params["url"]
        params["url"] = params["url"].replace("max-results=50", f"max-results={size}")

    event = f"before-call.*.{listing.operation}"
    client.meta.events.register_first(event, set_size)
    try:
        with pytest.raises(client.exceptions.BadRequestException):
            listing.page(client, parent, MaxResults=50)
    finally:
        client.meta.events.unregister(event, set_size)


def test_a_page_costs_the_same_wherever_it_is(emulator, client):
    """In instructions of SQLite, so that a busy machine does not matter."""
    app_instance = worlds.instance(client)
    users = 5_000
    emulator.control("POST", "seed", {"app_instance_arn": app_instance, "users": users})
    costs, token = [], {}

    while True:
        before = emulator.stats()["sqlite_steps"]
        page = client.list_app_instance_users(AppInstanceArn=app_instance, **token)
        costs.append(emulator.stats()["sqlite_steps"] - before)
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}

    assert len(costs) == users / 50
    # The first page has no position to begin behind, which saves a comparison for each row.
    assert 0 < max(costs) < 1.5 * min(costs), (min(costs), max(costs))
