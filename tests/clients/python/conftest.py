"""What python-arango's own tests ask of their surroundings, over a directory that is served already."""

import os
from uuid import uuid4

import pytest
from arango import ArangoClient


@pytest.fixture(scope="session")
def client():
    client = ArangoClient(hosts=os.environ["DIRECTORY_URL"])
    yield client
    client.close()


@pytest.fixture(scope="session")
def secret():
    """Signs sessions."""
    return os.environ["DIRECTORY_SECRET"]


@pytest.fixture(scope="session")
def root_password():
    return os.environ["ROOT_PASSWORD"]


@pytest.fixture(scope="session")
def sys_db(client, root_password):
    return client.db("_system", "root", root_password, verify=True)


@pytest.fixture(scope="session")
def bad_db(client):
    """A database that is not there, for a user who is not there."""
    return client.db(f"db_{uuid4().hex}", "nobody", "wrong")


@pytest.fixture(scope="session")
def username():
    return f"user_{uuid4().hex}"


@pytest.fixture(scope="session")
def password():
    return uuid4().hex


@pytest.fixture(scope="session")
def db_name(sys_db, username, password):
    """A database that the user of `username` may change."""
    name = f"db_{uuid4().hex}"
    sys_db.create_database(name, users=[{"username": username, "password": password}])
    yield name
    sys_db.delete_database(name)


@pytest.fixture(scope="session")
def cluster():
    return False
