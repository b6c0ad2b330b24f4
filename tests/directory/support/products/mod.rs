//! A directory of each product, with an administrator `root` and a user `ann` with few permissions.

use latchwork::directory::Call;
use latchwork::{SystemName, Value, Word as _};
use serde_json::{json, Value as Json};

use crate::support::host::{Host, Response};

/// `root:rootpass`
const ROOT: &str = "Basic cm9vdDpyb290cGFzcw==";
/// `ann:annpass1`
const ANN: &str = "Basic YW5uOmFubnBhc3Mx";

/// A request: method, target and body.
pub type Request<'r> = (&'r str, &'r str, Option<Json>);

fn records(system: &str) -> Json {
    let token = |letter: &str| letter.repeat(68);
    match system {
        "arangodb" => json!({
            "users": {
                "root": { "passwd": "rootpass", "grants": { "_system": { "level": "rw", "collections": { "*": "rw" } }, "*": { "level": "rw" } } },
                "eve": { "passwd": "annpass1" },
                "ann": { "passwd": "annpass1", "extra": { "a": 1 }, "config": { "theme": "dark" }, "grants": { "shop": { "level": "ro" } } },
            },
            "databases": { "shop": ["items"] },
        }),
        "meuse" => json!({
            "users": [{ "name": "root", "role": "admin", "password": "rootpass" }, { "name": "ann", "role": "tech", "password": "annpass1" }],
            "tokens": [{ "user": "root", "name": "r", "token": token("r") }, { "user": "ann", "name": "a", "token": token("a") }],
            "crates": [{ "name": "latch", "versions": ["1.0.0"], "owners": ["ann"] }],
        }),
        "tyk" => json!({
            "users": [
                { "id": "root", "active": true, "email_address": "root@x.io", "password": "rootpass", "access_key": token("r"), "user_permissions": { "IsAdmin": "admin" } },
                { "id": "ann", "active": true, "email_address": "ann@x.io", "password": "annpass1", "access_key": token("a"), "user_permissions": { "users": "read", "user_groups": "read" } },
            ],
            "groups": [{ "id": "team", "active": true, "name": "Team", "user_permissions": { "apis": "read" } }],
        }),
        "wso2" => json!({
            "realm": { "admin_user": "root" },
            "roles": ["staff"],
            "users": [{ "name": "root", "id": "root", "password": "rootpass", "roles": ["admin"] }, { "name": "ann", "id": "ann", "password": "annpass1", "roles": ["staff"] }],
        }),
        _ => {
            json!({ "users": [{ "email": "root", "scope": "system", "userType": "ADMIN", "password": "rootpass" }, { "email": "ann", "scope": "live", "userType": "USER", "password": "annpass1" }] })
        }
    }
}

/// A directory with these records, and the credentials of its two users.
pub struct Directory {
    pub host: Host,
    pub system: &'static str,
    root: String,
    /// The credentials of `ann`.
    pub ann: String,
    /// The identifier of the role `staff`.
    pub staff: String,
}

pub fn directory(system: &'static str) -> Directory {
    let mut host = Host::new(SystemName::from_word(system).unwrap());
    host.seed(&Value::parse(&records(system).to_string()).unwrap()).unwrap();
    let key = |name: &str| host.entries.get(name).and_then(|entry| entry.value.text().map(str::to_owned));
    let staff = key("role-name/PRIMARY/staff").unwrap_or_default();
    let [mut root, mut ann] = [ROOT, ANN].map(str::to_owned);
    if ["meuse", "tyk"].contains(&system) {
        (root, ann) = ("r".repeat(68), "a".repeat(68));
    }
    let mut made = Directory { host, system, root, ann, staff };
    if system == "antmedia" {
        let (root, ann) = (made.sign_in("root", "rootpass"), made.sign_in("ann", "annpass1"));
        (made.root, made.ann) = (root, ann);
    }
    made
}

impl Directory {
    fn sign_in(&mut self, email: &str, password: &str) -> String {
        let body = json!({ "email": email, "password": password }).to_string().into_bytes();
        let call = Call { method: "POST", path: "/rest/v2/users/authenticate", body, ..Call::default() };
        let response = self.host.call(&call);
        header(&response, "set-cookie").unwrap().split(';').next().unwrap().to_owned()
    }

    pub fn send(
        &mut self,
        as_root: bool,
        (method, target, body): &Request<'_>,
        conditions: &[(&str, &str)],
    ) -> Response {
        let target = target.replace("{staff}", &self.staff);
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let who = if as_root { self.root.clone() } else { self.ann.clone() };
        let name = if self.system == "antmedia" { "cookie" } else { "authorization" };
        let mut headers = vec![(name, who.as_str()), ("content-type", "application/json")];
        headers.extend(conditions);
        let body = body.as_ref().map(|body| body.to_string().into_bytes()).unwrap_or_default();
        self.host.call(&Call { method, path, query, headers, body, ..Call::default() })
    }

    pub fn etag(&mut self, path: &str) -> String {
        let response = self.send(true, &("GET", path, None), &[]);
        assert_eq!(response.status, 200, "{path} {}", response.text);
        header(&response, "etag").unwrap_or_else(|| panic!("{path} has no tag")).to_owned()
    }

    /// Sends a request that is rejected in the form of the product, and changes nothing.
    pub fn expect_rejection(&mut self, request: &Request<'_>, conditions: &[(&str, &str)], status: u16) -> Response {
        let before = self.host.entries.clone();
        let response = self.send(true, request, conditions);
        assert_eq!(response.status, status, "{request:?} {conditions:?} {}", response.text);
        assert_eq!(self.host.entries, before, "{request:?}");
        let body: Json = serde_json::from_str(&response.text).unwrap();
        match self.system {
            "arangodb" => assert_eq!(body["code"], json!(status)),
            "meuse" => assert!(body["errors"][0]["detail"].is_string(), "{body}"),
            "tyk" => assert_eq!(body["Status"], "Error"),
            "antmedia" => assert_eq!(body["success"], json!(false)),
            _ if request.1.starts_with("/scim2") => {
                let scim_type = (status == 400).then(|| json!("invalidValue"));
                assert_eq!((&body["status"], body.get("scimType")), (&json!(status.to_string()), scim_type.as_ref()));
            }
            _ => assert!(body["error"].is_string(), "{body}"),
        }
        response
    }
}

pub fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|(header, _)| *header == name).map(|(_, value)| value.as_str())
}
