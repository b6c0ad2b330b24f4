//! The documented calls of arangors and of arangors_lite for connections, databases and users, against the directory at
//! `DIRECTORY_URL`, whose root has the password `ROOT_PASSWORD`. The first argument is the client.

mod http_client;

use std::env;

use http_client::HttpClient;

/// The calls that both clients have, which look alike and have other types.
macro_rules! connections_and_databases {
    ($connection:ty, $client:ident, $name:literal, $url:expr, $password:expr) => {{
        let (url, password): (&str, &str) = ($url, $password);
        let refused = |error: $client::ClientError, code: u16, number: u16| match error {
            $client::ClientError::Arango(error) => assert_eq!((error.code(), error.error_num()), (code, number)),
            other => panic!("{other}"),
        };
        <$connection>::validate_server(url).unwrap();

        // A connection asks for nothing but the server's name; the first call shows that the password is wrong.
        let wrong = <$connection>::establish_basic_auth(url, "root", "wrong").unwrap();
        refused(wrong.accessible_databases().unwrap_err(), 401, 11);
        refused(<$connection>::establish_jwt(url, "root", "wrong").unwrap_err(), 401, 401);

        for connection in [
            <$connection>::establish_basic_auth(url, "root", password).unwrap(),
            <$connection>::establish_jwt(url, "root", password).unwrap(),
        ] {
            let databases = connection.accessible_databases().unwrap();
            assert!(matches!(databases.get("_system"), Some($client::connection::Permission::ReadWrite)));
            // It checks that root has `rw` on `_system`.
            let connection = connection.into_admin().unwrap().into_normal();

            let database = connection.create_database($name).unwrap();
            refused(connection.create_database($name).unwrap_err(), 409, 1207);
            let details = database.info().unwrap();
            assert_eq!((details.name.as_str(), details.is_system), ($name, false));
            assert_eq!(database.arango_version().unwrap().server, "arango");
            assert_eq!(connection.db($name).unwrap().info().unwrap().name, $name);
            refused(connection.db("nowhere").unwrap_err(), 404, 1228);

            database.create_collection("items").unwrap();
            refused(database.create_collection("items").unwrap_err(), 409, 1207);
            assert_eq!(database.collection("items").unwrap().name(), "items");
            let listed = database.accessible_collections().unwrap();
            let own: Vec<&str> = listed.iter().filter(|info| !info.is_system).map(|info| info.name.as_str()).collect();
            assert_eq!(own, ["items"]);
            assert!(listed.iter().any(|info| info.name == "_graphs"));
            database.drop_collection("items").unwrap();
            refused(database.drop_collection("items").unwrap_err(), 404, 1203);

            connection.drop_database($name).unwrap();
            assert!(!connection.accessible_databases().unwrap().contains_key($name));
        }
    }};
}

/// arangors manages users too.
fn users(url: &str, password: &str) {
    use arangors::user::{User, UserAccessLevel};
    type Connection = arangors::connection::GenericConnection<HttpClient>;

    let user = |password: &str| {
        let extra = Some([("team".to_owned(), "shop".into())].into());
        User::builder().username("ann".to_owned()).password(Some(password.to_owned())).active(true).extra(extra).build()
    };
    let number = |error: arangors::ClientError| match error {
        arangors::ClientError::Arango(error) => error.error_num(),
        other => panic!("{other}"),
    };
    let root = Connection::establish_basic_auth(url, "root", password).unwrap();
    let system = root.db("_system").unwrap();

    let created = system.create_user(user("of ann")).unwrap();
    assert_eq!((created.username.as_str(), created.active), ("ann", true));
    assert_eq!(created.extra.unwrap()["team"], "shop");
    assert_eq!(number(system.create_user(user("of ann")).unwrap_err()), 1702);
    assert!(system.users().unwrap().iter().any(|user| user.username == "ann"));

    let ann = || Connection::establish_jwt(url, "ann", "of ann");
    assert!(ann().unwrap().accessible_databases().unwrap().is_empty());
    assert_eq!(number(ann().unwrap().db("_system").unwrap_err()), 11);
    for (level, word) in
        [(UserAccessLevel::ReadOnly, "ro"), (UserAccessLevel::ReadWrite, "rw"), (UserAccessLevel::None, "none")]
    {
        let (name, database) = ("ann".to_owned(), "_system".to_owned());
        assert_eq!(system.user_db_access_put(name.clone(), database.clone(), level).unwrap()["_system"], word);
        assert_eq!(system.user_db_access_level(name.clone(), database).unwrap().result, word);
        let listed = system.user_databases(name.clone(), false).unwrap().result;
        assert_eq!(listed.get("_system").is_some(), word != "none");
        assert_eq!(system.user_databases(name, true).unwrap().result["_system"]["permission"], word);
    }

    system.update_user("ann".to_owned(), user("second")).unwrap();
    assert_eq!(number(ann().unwrap_err()), 401);
    system.delete_user("ann".to_owned()).unwrap();
    assert_eq!(number(system.delete_user("ann".to_owned()).unwrap_err()), 1703);
}

fn main() {
    let (url, password) = (env::var("DIRECTORY_URL").unwrap(), env::var("ROOT_PASSWORD").unwrap());
    match env::args().nth(1).as_deref() {
        Some("arangors") => {
            type Connection = arangors::connection::GenericConnection<HttpClient>;
            connections_and_databases!(Connection, arangors, "rust", &url, &password);
            users(&url, &password);
        }
        Some("arangors_lite") => {
            type Connection = arangors_lite::connection::Connection;
            connections_and_databases!(Connection, arangors_lite, "lite", &url, &password);
        }
        other => panic!("no such client: {other:?}"),
    }
}
