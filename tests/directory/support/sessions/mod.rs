//! Sessions of the users who call Ant Media.

use std::collections::BTreeMap;

use latchwork::directory::Call;
use serde_json::{json, Value as Json};

use crate::support::host::{Host, Response};

/// The password of a caller whose record has none.
const PASSWORD: &str = "password1";

/// The known passwords of users, and the cookies of the users who are signed in.
#[derive(Default)]
pub struct Sessions {
    passwords: BTreeMap<String, String>,
    cookies: BTreeMap<String, String>,
}

impl Sessions {
    /// Gives each user who sends a request in the case a password.
    pub fn new(given: &mut Json, case: &str) -> Self {
        let mut sessions = Self::default();
        for user in given["users"].as_array_mut().into_iter().flatten() {
            let is_caller = case.contains(&format!("\"as\":{}", user["email"]));
            if is_caller && user.get("hash").is_none() {
                user.as_object_mut().unwrap().entry("password").or_insert_with(|| json!(PASSWORD));
            }
            sessions.learn(user);
            if is_caller {
                sessions.cookies.insert(user["email"].as_str().unwrap().to_owned(), String::new());
            }
        }
        sessions
    }

    /// Signs all callers in before the case starts: a session outlives its user, and no user is blocked yet.
    pub fn begin(&mut self, host: &mut Host) -> Result<(), String> {
        for name in self.cookies.keys().cloned().collect::<Vec<_>>() {
            self.sign_in(host, &name)?;
        }
        Ok(())
    }

    /// The cookie of a caller.
    pub fn cookie(&mut self, host: &mut Host, name: &str) -> Result<String, String> {
        if !self.cookies.contains_key(name) {
            self.sign_in(host, name)?;
        }
        Ok(self.cookies[name].clone())
    }

    /// Remembers the password of a user if the response says that the user was created.
    pub fn learn_from(&mut self, response: &Response, user: &Json) {
        if is_success(response) {
            self.learn(user);
        }
    }

    fn learn(&mut self, user: &Json) {
        if let (Some(email), Some(password)) = (user["email"].as_str(), user["password"].as_str()) {
            self.passwords.insert(email.to_owned(), password.to_owned());
        }
    }

    fn sign_in(&mut self, host: &mut Host, name: &str) -> Result<(), String> {
        let response = attempt(host, name, self.passwords.get(name).map_or("", String::as_str));
        let cookie = response.headers.iter().find(|(header, _)| *header == "set-cookie");
        let cookie = cookie.and_then(|(_, cookie)| cookie.split(';').next());
        let cookie = cookie.ok_or_else(|| format!("no session for {name}: {}", response.text))?;
        self.cookies.insert(name.to_owned(), cookie.to_owned());
        Ok(())
    }
}

/// Whether the user can sign in with the password.
pub fn signs_in(host: &mut Host, email: &str, password: &str) -> bool {
    is_success(&attempt(host, email, password))
}

fn is_success(response: &Response) -> bool {
    let body: Json = serde_json::from_str(&response.text).unwrap();
    body["success"] == json!(true)
}

fn attempt(host: &mut Host, email: &str, password: &str) -> Response {
    let body = json!({ "email": email, "password": password }).to_string().into_bytes();
    host.call(&Call { method: "POST", path: "/rest/v2/users/authenticate", body, ..Call::default() })
}
