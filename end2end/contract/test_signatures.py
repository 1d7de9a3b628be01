"""Signature Version 4: only who knows the secret gets in, and nothing of a request can be changed on the way."""

import datetime
import http.client
import urllib.parse

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

import model
import world as worlds
from emulator import ACCESS_KEY, REGION, SECRET_KEY, Emulator


@pytest.fixture(scope="module")
def wrong_secret(shared_emulator):
    return shared_emulator.client(secret_key="not the secret")


@pytest.mark.parametrize("name", model.operations())
def test_a_wrong_secret_is_refused(name, standing, wrong_secret):
    with pytest.raises(ClientError) as caught:
        model.call(wrong_secret, name, worlds.calls(standing)[name][0])

    assert caught.value.response["Error"]["Code"] == "InvalidSignatureException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_an_unknown_key_is_refused(standing, shared_emulator):
    client = shared_emulator.client(access_key="AKIANOBODY")

    with pytest.raises(ClientError) as caught:
        client.list_app_instances()

    assert caught.value.response["Error"]["Code"] == "UnrecognizedClientException"


def test_a_session_token_that_does_not_belong_to_the_key_is_refused(standing, shared_emulator):
    client = shared_emulator.client(token="of/somebody+else=")

    with pytest.raises(ClientError) as caught:
        client.describe_app_instance_user(AppInstanceUserArn=standing.user)

    assert caught.value.response["Error"]["Code"] == "UnrecognizedClientException"


def test_temporary_credentials_bring_their_token(tmp_path):
    """The token is a header of its own, signed with the rest."""
    token = "a/session+token="
    emulator = Emulator(tmp_path / "data", session_token=token)
    try:
        emulator.client(token=token).list_app_instances()
        with pytest.raises(ClientError) as caught:
            emulator.client().list_app_instances()
    finally:
        emulator.stop()

    assert caught.value.response["Error"]["Code"] == "UnrecognizedClientException"


class Wire:
    """A request that is signed by botocore and can be changed before it is sent."""

    def __init__(self, emulator, method, path, body=b"", signer=SigV4Auth, service="chime", region=REGION):
        self.host = urllib.parse.urlsplit(emulator.url).netloc
        headers = {"Host": self.host}
        if body:
            headers["Content-Type"] = "application/json"
        request = AWSRequest(method, f"http://{self.host}{path}", headers, body)
        signer(Credentials(ACCESS_KEY, SECRET_KEY), service, region).add_auth(request)
        self.method, self.path, self.body = method, path, body
        self.headers = dict(request.headers.items())

    def send(self):
        """The status and the exception of the answer."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            connection.request(self.method, self.path, self.body, self.headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.getheader("x-amzn-errortype")
        finally:
            connection.close()


REFUSED = (403, "InvalidSignatureException")


def path_of(arn):
    return "/app-instance-users/" + urllib.parse.quote(arn, safe="")


def test_the_path_is_encoded_twice_in_what_is_signed(standing, shared_emulator):
    """S3 signs the path as it is sent, every other service encoded once more."""
    path = path_of(standing.user)

    assert Wire(shared_emulator, "GET", path).send() == (200, None)
    assert Wire(shared_emulator, "GET", path, signer=S3SigV4Auth).send() == REFUSED


def test_a_changed_path_is_refused(standing, shared_emulator):
    wire = Wire(shared_emulator, "GET", path_of(standing.user))
    wire.path = path_of(standing.plain_user)

    assert wire.send() == REFUSED


def test_a_changed_query_is_refused(standing, shared_emulator):
    wire = Wire(shared_emulator, "GET", "/app-instances?max-results=10")
    assert wire.send() == (200, None)
    wire.path = "/app-instances?max-results=11"

    assert wire.send() == REFUSED


def test_a_changed_method_is_refused(standing, shared_emulator):
    wire = Wire(shared_emulator, "GET", path_of(standing.user))
    wire.method = "DELETE"

    assert wire.send() == REFUSED


def test_a_changed_body_is_refused(standing, shared_emulator):
    body = b'{"Name":"New","Metadata":""}'
    wire = Wire(shared_emulator, "PUT", path_of(standing.user), body)
    wire.body = body.replace(b"New", b"Odd")

    assert wire.send() == REFUSED


def test_a_changed_header_that_was_signed_is_refused(standing, shared_emulator):
    wire = Wire(shared_emulator, "GET", "/app-instances")
    later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=1)
    wire.headers["X-Amz-Date"] = later.strftime("%Y%m%dT%H%M%SZ")

    assert wire.send() == REFUSED


@pytest.mark.parametrize("minutes", [-16, 16])
def test_an_old_or_early_request_is_refused(minutes, standing, shared_emulator, monkeypatch):
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: then.replace(tzinfo=None))

    assert Wire(shared_emulator, "GET", "/app-instances").send() == REFUSED


def presigned(emulator, method, path, body=b"", expires=300):
    """The target of a request whose signature is in its query."""
    host = urllib.parse.urlsplit(emulator.url).netloc
    request = AWSRequest(method, f"http://{host}{path}", {"Host": host}, body)
    SigV4QueryAuth(Credentials(ACCESS_KEY, SECRET_KEY), "chime", REGION, expires).add_auth(request)
    return request.url.split(host, 1)[1]


def send(emulator, method, target, body=b""):
    wire = Wire(emulator, method, "/app-instances")
    wire.headers = {"Host": wire.host}
    wire.path, wire.body = target, body
    return wire.send()


def test_a_presigned_request_is_verified(standing, shared_emulator):
    target = presigned(shared_emulator, "GET", path_of(standing.user))

    assert send(shared_emulator, "GET", target) == (200, None)
    assert send(shared_emulator, "DELETE", target) == REFUSED
    assert send(shared_emulator, "GET", target + "&x=y") == REFUSED
    assert send(shared_emulator, "GET", target, b"{}") == REFUSED


def test_a_signature_for_another_service_is_refused(standing, shared_emulator):
    assert Wire(shared_emulator, "GET", "/app-instances", service="execute-api").send() == REFUSED


def test_no_signature_and_half_a_signature_are_refused(standing, shared_emulator):
    wire = Wire(shared_emulator, "GET", "/app-instances")
    whole = wire.headers.pop("Authorization")
    assert wire.send() == (403, "MissingAuthenticationTokenException")

    wire.headers["Authorization"] = whole.split(", Signature=")[0]
    assert wire.send() == (400, "IncompleteSignatureException")


def test_unknown_paths_and_methods_are_refused_in_the_form_of_the_service(standing, shared_emulator):
    for method, path, expected in [
        ("GET", "/", (404, "UnknownOperationException")),
        ("PATCH", "/app-instances", (405, "UnknownOperationException")),
        ("POST", "/tags", (404, "UnknownOperationException")),
        ("POST", "/tags?operation=no-such", (404, "UnknownOperationException")),
        ("GET", "/nothing/here", (404, "UnknownOperationException")),
        # An empty label: the operation is known, what it names cannot be.
        ("GET", "/app-instances/", (400, "BadRequestException")),
    ]:
        assert Wire(shared_emulator, method, path).send() == expected, (method, path)
