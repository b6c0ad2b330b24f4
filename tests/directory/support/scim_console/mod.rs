//! WSO2's console and its SCIM, as clients call them.

use base64ct::{Base64, Encoding};
use latchwork::directory::Call;
use latchwork::{SystemName, Value};
use serde_json::{json, Value as Json};

use crate::support::host::{Host, Response};

/// A directory with these records. `Err` has the problems of the records.
pub fn seeded(records: &Json) -> Result<Host, String> {
    let mut host = Host::new(SystemName::Wso2);
    host.seed(&Value::parse(&records.to_string()).unwrap())?;
    Ok(host)
}

/// Records of these users, and of the admin user.
pub fn with_admin(mut users: Vec<Json>) -> Json {
    users.push(json!({ "name": "admin", "password": "admin", "roles": ["admin"] }));
    json!({ "roles": ["Internal/sub"], "users": users })
}

/// The value of the header `authorization` for a user.
pub fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", Base64::encode_string(format!("{name}:{password}").as_bytes()))
}

pub fn send(host: &mut Host, (method, target): (&str, &str), authorization: &str, body: Option<Json>) -> Response {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers = vec![("authorization", authorization), ("content-type", "application/json")];
    let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    host.call(&Call { method, path, query, headers, body, ..Call::default() })
}

pub fn parse_body(response: &Response) -> Json {
    serde_json::from_str(&response.text).unwrap_or_else(|error| panic!("{error}: {}", response.text))
}
