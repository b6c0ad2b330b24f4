"""python-arango, as it is, signs in, manages users and levels, and meets what they allow."""

import time

import jwt
import pytest
from arango import exceptions
from arango.connection import BasicConnection, JwtConnection, JwtSuperuserConnection


@pytest.fixture
def ann(sys_db):
    """A user without any level."""
    sys_db.create_user("ann", "of ann", extra={"team": "shop"})
    yield "ann"
    sys_db.delete_user("ann", ignore_missing=True)


@pytest.fixture
def shop(client, sys_db, root_password):
    """A database with one collection."""
    sys_db.create_database("shop")
    client.db("shop", "root", root_password).create_collection("items")
    yield "shop"
    sys_db.delete_database("shop")


def refuses(error, call, http_code, error_code):
    with pytest.raises(error) as raised:
        call()
    assert (raised.value.http_code, raised.value.error_code) == (http_code, error_code)


def token(secret, **claims):
    """A session that the server's owner signed, valid for a minute unless the claims say otherwise."""
    now = int(time.time())
    return jwt.encode({"iss": "arangodb", "iat": now, "exp": now + 60, **claims}, secret, "HS256")


@pytest.mark.parametrize("method, connection", [("basic", BasicConnection), ("jwt", JwtConnection)])
def test_sign_in(client, db_name, username, password, method, connection):
    db = client.db(db_name, username, password, verify=True, auth_method=method)
    assert isinstance(db.conn, connection)
    assert db.properties()["name"] == db_name
    assert db.version()[0].isdigit()


def test_refused_sign_in(client, ann):
    for name in (ann, "nobody"):
        refuses(exceptions.JWTAuthError, lambda: client.db("_system", name, "wrong", auth_method="jwt"), 401, 401)
        db = client.db("_system", name, "wrong")
        refuses(exceptions.DatabasePropertiesError, db.properties, 401, 11)


def test_signed_sessions(client, root_password, secret):
    superuser = client.db("_system", superuser_token=token(secret, server_id="test"), verify=True)
    assert isinstance(superuser.conn, JwtSuperuserConnection)
    assert "root" in [user["username"] for user in superuser.users()]
    assert client.db("_system", user_token=token(secret, preferred_username="root")).properties()

    others = token("another secret that is as long as ours", server_id="test")
    refuses(exceptions.UserListError, client.db("_system", superuser_token=others).users, 401, 11)
    late = token(secret, server_id="test", exp=int(time.time()) - 60)
    refuses(exceptions.UserListError, client.db("_system", superuser_token=late).users, 401, 11)


def test_signed_tokens_for_some_paths(client, root_password, secret):
    paths = ["/_api/version"]
    exporter = client.db("_system", superuser_token=token(secret, server_id="test", allowed_paths=paths))
    assert exporter.version()
    refuses(exceptions.UserListError, exporter.users, 401, 11)
    for broken in ([], "/_api/version", ["/_api/version", 1]):
        db = client.db("_system", superuser_token=token(secret, server_id="test", allowed_paths=broken))
        refuses(exceptions.ServerVersionError, db.version, 401, 11)
    early = token(secret, server_id="test", nbf=int(time.time()) + 30)
    refuses(exceptions.UserListError, client.db("_system", superuser_token=early).users, 401, 11)


def test_access_tokens(client, sys_db, ann):
    created = sys_db.create_access_token(ann, "nightly", int(time.time()) + 60)
    assert created["active"] and created["token"].startswith("v1.")
    refuses(exceptions.AccessTokenCreateError, lambda: sys_db.create_access_token(ann, "nightly", 0), 409, 1207)
    refuses(exceptions.AccessTokenListError, lambda: sys_db.list_access_tokens("nobody"), 404, 1703)
    assert [each["name"] for each in sys_db.list_access_tokens(ann)] == ["nightly"]
    assert "token" not in sys_db.list_access_tokens(ann)[0]

    sys_db.update_permission(ann, "ro", "_system")
    for method in ("basic", "jwt"):
        own = client.db("_system", ann, created["token"], verify=True, auth_method=method)
        assert [each["id"] for each in own.list_access_tokens(ann)] == [created["id"]]
        refuses(exceptions.AccessTokenListError, lambda: own.list_access_tokens("root"), 403, 403)
    own.delete_access_token(ann, created["id"])
    refuses(exceptions.DatabasePropertiesError, client.db("_system", ann, created["token"]).properties, 401, 11)
    assert sys_db.list_access_tokens(ann) == []


def test_session_is_renewed(client, root_password, secret):
    db = client.db("_system", "root", root_password, auth_method="jwt")
    late = token(secret, preferred_username="root", exp=int(time.time()) - 60)
    db.conn._token, db.conn._auth_header = late, f"bearer {late}"
    assert "root" in [user["username"] for user in db.users()]


def test_users(client, sys_db, ann):
    assert sys_db.has_user(ann) and not sys_db.has_user("bob")
    assert sys_db.user(ann) == {"username": ann, "active": True, "extra": {"team": "shop"}}
    assert sys_db.user(ann) in sys_db.users()
    refuses(exceptions.UserCreateError, lambda: sys_db.create_user(ann, "again"), 409, 1702)

    assert sys_db.update_user(ann, active=False, extra={"floor": 2})["extra"] == {"team": "shop", "floor": 2}
    assert sys_db.replace_user(ann, "second", active=True)["extra"] == {}
    sys_db.update_permission(ann, "ro", "_system")
    assert client.db("_system", ann, "second", verify=True).properties()
    refuses(exceptions.UserListError, client.db("_system", ann, "second").users, 403, 403)
    refuses(exceptions.DatabasePropertiesError, client.db("_system", ann, "of ann").properties, 401, 11)

    assert sys_db.delete_user(ann) is True
    assert sys_db.delete_user(ann, ignore_missing=True) is False
    for error, call in (
        (exceptions.UserGetError, sys_db.user),
        (exceptions.UserUpdateError, sys_db.update_user),
        (exceptions.UserDeleteError, sys_db.delete_user),
        (exceptions.PermissionListError, sys_db.permissions),
    ):
        refuses(error, lambda: call(ann), 404, 1703)
    refuses(exceptions.UserReplaceError, lambda: sys_db.replace_user(ann, "third"), 404, 1703)


def test_levels(client, sys_db, ann, shop):
    db = client.db(shop, ann, "of ann")
    refuses(exceptions.CollectionListError, db.collections, 401, 11)

    assert sys_db.update_permission(ann, "ro", shop)
    levels = sys_db.permissions(ann)[shop]
    assert levels["permission"] == "ro" and set(levels["collections"].values()) == {"undefined"}
    assert [name for name in levels["collections"] if not name.startswith("_")] == ["items", "*"]
    assert "_graphs" in levels["collections"]
    assert sys_db.permission(ann, shop) == sys_db.permission(ann, shop, "items") == "ro"
    assert [each["name"] for each in db.collections() if not each["system"]] == ["items"]
    items = db.collection("items")
    assert items.properties()["name"] == "items"
    with pytest.raises(exceptions.DocumentInsertError) as raised:
        items.insert({})
    assert raised.value.http_code == 403

    assert sys_db.update_permission(ann, "rw", shop, "items")
    assert items.insert({})
    assert sys_db.update_permission(ann, "none", shop, "items")
    with pytest.raises(exceptions.CollectionPropertiesError) as raised:
        items.properties()
    assert raised.value.http_code == 403

    assert sys_db.reset_permission(ann, shop, "items")
    assert sys_db.permission(ann, shop, "items") == "ro"
    assert sys_db.reset_permission(ann, shop)
    assert sys_db.permission(ann, shop) == "none"


def test_database_with_users(client, sys_db, ann):
    users = [{"username": "bob", "password": "of bob"}, {"username": "eve", "password": "of eve", "active": False}]
    assert sys_db.create_database("attic", users=users)
    assert sys_db.permission("bob", "attic") == sys_db.permission("bob", "attic", "*") == "rw"
    assert client.db("attic", "bob", "of bob", verify=True).properties()
    refuses(exceptions.DatabasePropertiesError, client.db("attic", "eve", "of eve").properties, 401, 11)
    refuses(exceptions.DatabasePropertiesError, client.db("attic", ann, "of ann").properties, 401, 11)
    for name in ("bob", "eve"):
        sys_db.delete_user(name)
    assert sys_db.delete_database("attic")
