"""pyArango, as it is, connects, lists databases, and manages users and their rights."""

import os

import pytest
from pyArango.connection import Connection
from pyArango.theExceptions import ConnectionError, CreationError, UpdateError

URL = os.environ["DIRECTORY_URL"]


def connect(username, password):
    return Connection(arangoURL=URL, username=username, password=password)


@pytest.fixture
def root(root_password):
    connection = connect("root", root_password)
    yield connection
    connection.disconnectSession()


def test_connection(root, sys_db):
    assert root.getVersion()["server"] == "arango"
    assert root.hasDatabase("_system") and not root.hasDatabase("shop")
    sys_db.create_database("shop")
    root.reload()
    assert root.hasDatabase("shop") and set(root.databases) == set(sys_db.databases())
    sys_db.delete_database("shop")
    root.reload()
    assert not root.hasDatabase("shop")


def test_create_database(root, sys_db):
    # It asks for the graphs of a new database, and the directory has none without the product behind it.
    with pytest.raises(UpdateError):
        root.createDatabase("shop")
    root.reload()
    assert root.hasDatabase("shop")
    sys_db.delete_database("shop")


def test_refused_connection():
    for name in ("root", "nobody"):
        with pytest.raises(ConnectionError):
            connect(name, "wrong")


def test_users(root, root_password, sys_db):
    user = root.users.createUser("bob", "of bob")
    user["extra"] = {"team": "shop"}
    user.save()
    with pytest.raises(CreationError):
        root.users.createUser("bob", "again").save()
    assert "bob" in [each["username"] for each in root.users.fetchAllUsers()]
    assert root.users["bob"]["extra"] == {"team": "shop"}
    with pytest.raises(KeyError):
        root.users.fetchUser("nobody")

    user.setPermissions("_system", True)
    assert sys_db.permission("bob", "_system") == "rw"
    assert connect("bob", "of bob").hasDatabase("_system")
    user.setPermissions("_system", False)
    assert sys_db.permission("bob", "_system") == "none"
    with pytest.raises(KeyError):
        user.setPermissions("nowhere", True)

    user["password"] = "second"
    user["active"] = False
    user.save()
    assert sys_db.user("bob")["active"] is False
    user.delete()
    assert not sys_db.has_user("bob")
