"""What the tests share: one emulator for most, emptied between tests, and folders for those that need their own."""

import pytest

# Asserts in these modules are part of the tests.
pytest.register_assert_rewrite("model", "world")

import model  # noqa: E402
import world as worlds  # noqa: E402
from emulator import Emulator  # noqa: E402


@pytest.fixture(scope="session")
def shared_emulator(tmp_path_factory):
    started = Emulator(tmp_path_factory.mktemp("emulator"))
    yield started
    started.stop()


@pytest.fixture
def emulator(shared_emulator):
    """An empty emulator with its first settings."""
    shared_emulator.reset()
    return shared_emulator


@pytest.fixture
def own_emulator(tmp_path):
    """An emulator that the test may kill."""
    started = Emulator(tmp_path / "data")
    yield started
    started.stop()


@pytest.fixture(scope="session")
def shared_client(shared_emulator):
    return shared_emulator.client()


@pytest.fixture
def client(emulator, shared_client):
    shared_client.answers.clear()
    return shared_client


@pytest.fixture
def world(emulator, client):
    return worlds.build(emulator, client)


@pytest.fixture(scope="module")
def standing(shared_emulator, shared_client):
    """One world for all tests of a module: a refused call changes nothing, which is checked in the end."""
    shared_emulator.reset()
    world = worlds.build(shared_emulator, shared_client)
    before = worlds.everything(shared_client)
    yield world
    assert worlds.everything(shared_client) == before


def pytest_report_header():
    return f"operations in the model of the service: {len(model.operations())}"
