"""Holds answers against botocore's model of the service, member by member, on the JSON as it was sent.

botocore itself is lenient when it reads: it drops members it does not know, does not miss required ones, and takes
times in several forms that other SDKs refuse. What it drops is what these tests look for.
"""

import functools
import json
import re
import uuid
from decimal import Decimal

import botocore.session

# Refusals that come before any operation, and so are in no operation's model.
BEFORE_OPERATIONS = {
    "InvalidSignatureException": 403,
    "UnrecognizedClientException": 403,
    "MissingAuthenticationTokenException": 403,
    "IncompleteSignatureException": 400,
}
# Seconds since 1970, for the years 2020 to 2100. A time in milliseconds is far outside.
TIMES = (1_577_836_800, 4_102_444_800)


@functools.cache
def service():
    return botocore.session.get_session().get_service_model("chime-sdk-identity")


def operations():
    """The names of all operations of the model."""
    return sorted(service().operation_names)


def operation(name):
    return service().operation_model(name)


def method(name):
    """The boto3 method of an operation."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def call(client, name, arguments):
    return getattr(client, method(name))(**arguments)


def exceptions(name):
    """The exceptions that an operation may raise, with their shapes."""
    return {shape.name: shape for shape in operation(name).error_shapes}


def with_token():
    """The operations that take a client request token, with the member's name."""
    found = {}
    for name in operations():
        shape = operation(name).input_shape
        for member, member_shape in shape.members.items():
            if "idempotencyToken" in member_shape.metadata:
                found[name] = member
    return found


@functools.cache
def _pattern(text):
    # Written for XML, where \u takes four digits and a character above them cannot be written. Both ends are meant
    # as the planes above the first, and `.` as any character: metadata with line breaks is ordinary JSON.
    text = text.replace(r"\u10000-\u10FFFF", "\U00010000-\U0010ffff")
    return re.compile(text, re.DOTALL)


def violations(shape, value, path="$"):
    """What is wrong with a JSON value that is meant to be of a shape; nothing, when it is right."""
    check = {
        "structure": _structure,
        "list": _list,
        "string": _string,
        "integer": _integer,
        "timestamp": _timestamp,
    }.get(shape.type_name)
    if check is None:
        return [f"{path}: no rule for the type {shape.type_name}"]
    return check(shape, value, path)


def _structure(shape, value, path):
    if not isinstance(value, dict):
        return [f"{path}: not an object"]
    found = [f"{path}.{name}: missing" for name in shape.required_members if name not in value]
    for name, member in value.items():
        if name in shape.members:
            found += violations(shape.members[name], member, f"{path}.{name}")
        else:
            found.append(f"{path}.{name}: not in the model")
    return found


def _list(shape, value, path):
    if not isinstance(value, list):
        return [f"{path}: not a list"]
    # The smallest length of a TagList is meant for requests: a resource without tags has an empty one.
    found = _at_most(shape, len(value), path)
    for index, item in enumerate(value):
        found += violations(shape.member, item, f"{path}[{index}]")
    return found


def _string(shape, value, path):
    if not isinstance(value, str):
        return [f"{path}: not a string"]
    found = _at_least(shape, len(value), path) + _at_most(shape, len(value), path)
    pattern = shape.metadata.get("pattern")
    if pattern and not _pattern(pattern).fullmatch(value):
        found.append(f"{path}: does not match {pattern}")
    if shape.enum and value not in shape.enum:
        found.append(f"{path}: not one of {shape.enum}")
    return found


def _integer(shape, value, path):
    if isinstance(value, bool) or not isinstance(value, int):
        return [f"{path}: not an integer"]
    return _at_least(shape, value, path) + _at_most(shape, value, path)


def _timestamp(_shape, value, path):
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return [f"{path}: not a number"]
    if not TIMES[0] <= value <= TIMES[1]:
        return [f"{path}: not a time of this century in seconds"]
    if Decimal(value).as_tuple().exponent < -3:
        return [f"{path}: finer than a millisecond"]
    return []


def _at_least(shape, size, path):
    least = shape.metadata.get("min")
    return [f"{path}: less than {least}"] if least is not None and size < least else []


def _at_most(shape, size, path):
    most = shape.metadata.get("max")
    return [f"{path}: more than {most}"] if most is not None and size > most else []


def members(shape, path=""):
    """The paths of all members that a shape can have."""
    if shape.type_name == "structure":
        found = set()
        for name, member in shape.members.items():
            found |= {f"{path}.{name}"} | members(member, f"{path}.{name}")
        return found
    if shape.type_name == "list":
        return members(shape.member, f"{path}[]")
    return set()


def members_of(value, path=""):
    """The paths of all members that a JSON value has."""
    found = set()
    if isinstance(value, dict):
        for name, member in value.items():
            found |= {f"{path}.{name}"} | members_of(member, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            found |= members_of(item, f"{path}[]")
    return found


def checker(answers, checked=True):
    """A handler of botocore's `before-parse` that checks each answer and appends it to `answers`."""

    def check(operation_model, response_dict, **_):
        answer = Answer(operation_model, response_dict)
        answers.append(answer)
        wrong = answer.violations() if checked else []
        assert not wrong, f"{operation_model.name} answered {answer.status} {answer.text!r}: {wrong}"

    return check


class Answer:
    """One answer as it came over the wire."""

    def __init__(self, operation_model, response):
        self.operation = operation_model
        self.status = response["status_code"]
        self.headers = {name.lower(): value for name, value in response["headers"].items()}
        self.text = response["body"].decode()

    @property
    def body(self):
        return json.loads(self.text, parse_float=Decimal)

    @property
    def exception(self):
        return self.headers.get("x-amzn-errortype")

    def violations(self):
        found = []
        try:
            uuid.UUID(self.headers.get("x-amzn-requestid", ""))
        except ValueError:
            found.append("x-amzn-requestid: not a UUID")
        if self.text and self.headers.get("content-type") != "application/json":
            found.append("content-type: not application/json")
        return found + (self._success() if self.status < 300 else self._refusal())

    def _success(self):
        found = []
        modelled = self.operation.http.get("responseCode", 200)
        if self.status != modelled:
            found.append(f"status: not {modelled}")
        if self.exception:
            found.append("x-amzn-errortype: on a success")
        if self.operation.output_shape is None:
            return found + (["body: not empty"] if self.text else [])
        return found + violations(self.operation.output_shape, self.body)

    def _refusal(self):
        name = self.exception
        modelled = exceptions(self.operation.name)
        if name in BEFORE_OPERATIONS:
            status, found = BEFORE_OPERATIONS[name], []
            if set(self.body) != {"Code", "Message"}:
                found.append("body: not Code and Message")
        elif name in modelled:
            shape = modelled[name]
            status = shape.metadata["error"]["httpStatusCode"]
            found = violations(shape, self.body)
            found += [f"$.{member}: missing" for member in shape.members if not self.body.get(member)]
        else:
            return [f"x-amzn-errortype: {name} is not an exception of {self.operation.name}"]
        return found + ([] if self.status == status else [f"status: not {status}"])
