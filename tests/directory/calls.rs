//! Every call case under `tests/cases`, run natively: each on a store of its own.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "a broken case file ends the test"
)]

use std::collections::BTreeMap;

use crate::support::case_defaults::with_defaults;
use crate::support::case_files::{check_members, is_call, load_cases, run_cases, NOTES};
use crate::support::host::{Host, Response};
use crate::support::json_compare::{contains, has_members, matches, sorted};
use crate::support::sessions::{signs_in, Sessions};
use latchwork::directory::{Call, Mail};
use latchwork::{Principal, SystemName, Value, Word};
use serde_json::{json, Value as Json};

/// The least number of cases with requests of a model, so that a file that is not found is noticed.
const LEAST: usize = 24;

#[test]
fn every_model_with_requests_responds_as_its_cases_expect() {
    for system in SystemName::WORDS {
        // Only a model with requests has records in a store.
        if SystemName::from_word(system).unwrap().export(&[]).is_none() {
            continue;
        }
        run_cases(load_cases(system).into_iter().filter(is_call), LEAST, |case| run_case(system, case));
    }
}

fn run_case(system: &str, case: &Json) -> Result<(), String> {
    check_members(case, &["id", "given", "request", "expect", "then"], &NOTES)?;
    let mut run = Run::new(system, case)?;
    for step in case["given"].get("before").and_then(Json::as_array).into_iter().flatten() {
        run.run_setup_step(step)?;
    }
    run.step(&case["request"], &case["expect"]).map_err(|why| format!("request: {why}"))?;
    for (index, step) in case.get("then").and_then(Json::as_array).into_iter().flatten().enumerate() {
        check_members(step, &["request", "ask", "expect", "capture", "at", "advance_seconds"], &NOTES)
            .map_err(|why| format!("then {index}: {why}"))?;
        run.set_clock(step);
        if let Some(ask) = step.get("ask") {
            run.check_decision(ask, &step["expect"]).map_err(|why| format!("then {index}: {why}"))?;
            continue;
        }
        let done = run.step(&step["request"], &step["expect"]);
        done.map_err(|why| format!("then {index}: {why}"))?;
    }
    Ok(())
}

/// One case with its store.
struct Run {
    system: String,
    host: Host,
    given: Json,
    captured: BTreeMap<String, String>,
    sessions: Sessions,
    /// The mails of the last step.
    mails: Vec<Mail>,
}

impl Run {
    fn new(system: &str, case: &Json) -> Result<Self, String> {
        let mut given = with_defaults(system, case.get("given").unwrap_or(&json!({})));
        given.as_object_mut().unwrap().remove("before");
        let mut captured = BTreeMap::new();
        if system == "arangodb" {
            // A user without a password gets the empty one, which is the default of the product.
            for (_, user) in given["users"].as_object_mut().into_iter().flatten() {
                if user.get("hash").is_none() {
                    user.as_object_mut().unwrap().entry("passwd").or_insert_with(|| json!(""));
                }
            }
        }
        if system == "meuse" {
            add_tokens(&mut given, &case.to_string(), &mut captured);
        }
        let mut sessions = Sessions::default();
        if system == "antmedia" {
            sessions = Sessions::new(&mut given, &case.to_string());
        }
        if system == "wso2" {
            for (index, user) in given["users"].as_array_mut().into_iter().flatten().enumerate() {
                let id = json!(format!("00000000-0000-4000-8000-{index:0>12}"));
                let id = user.as_object_mut().unwrap().entry("id").or_insert(id).as_str().unwrap().to_owned();
                captured.insert(format!("id:{}", user["name"].as_str().unwrap()), id);
            }
        }
        let mut host = Host::new(SystemName::from_word(system).unwrap());
        host.seed(&Value::parse(&given.to_string()).map_err(|error| error.to_string())?)?;
        sessions.begin(&mut host)?;
        Ok(Self { system: system.to_owned(), host, given, captured, sessions, mails: Vec::new() })
    }

    fn set_clock(&mut self, step: &Json) {
        if let Some(seconds) = step.get("at").and_then(Json::as_i64) {
            self.host.now = seconds * 1_000;
        }
        if let Some(seconds) = step.get("advance_seconds").and_then(Json::as_i64) {
            self.host.now += seconds * 1_000;
        }
    }

    /// Runs a step of `given.before`: a request that must succeed, or a change of the clock.
    fn run_setup_step(&mut self, step: &Json) -> Result<(), String> {
        self.set_clock(step);
        if let Some(name) = step.get("expire_tokens_of") {
            // Every token of the tests lasts less than a year.
            assert!(name.is_string());
            self.host.now += 366 * 24 * 3_600 * 1_000;
        }
        if step.get("method").is_some() {
            let response = self.send(step)?;
            if response.status >= 400 {
                return Err(format!("before: {} {}", response.status, response.text));
            }
            self.capture(step, &response);
        }
        Ok(())
    }

    fn step(&mut self, request: &Json, expect: &Json) -> Result<(), String> {
        self.set_clock(request);
        let expect = self.fill_placeholders(expect);
        let response = self.send(request)?;
        self.capture(request, &response);
        self.mails.clone_from(&response.mails);
        if let Some(mail) = response.mails.last() {
            self.captured.insert("mail.token".into(), mail.token.clone());
        }
        self.compare(&response, &expect)
    }

    /// Compares the decision on the current records.
    fn check_decision(&self, ask: &Json, expect: &Json) -> Result<(), String> {
        check_members(ask, &["user", "role", "action", "resource"], &[])?;
        let records = self.host.records().to_string();
        let authorizer =
            latchwork::open(&self.system, &records).map_err(|error| format!("{error}: {:?}", error.problems()))?;
        let subject = match ask.get("role").and_then(Json::as_str) {
            Some(role) => authorizer.principal(Principal::Role(role)).unwrap(),
            None => authorizer.subject(ask["user"].as_str()),
        };
        let (action, resource) = (ask["action"].as_str().unwrap(), ask["resource"].as_str().unwrap());
        let decision =
            authorizer.decide(&subject, action, resource, &Value::Null).map_err(|error| error.to_string())?;
        if expect["allow"] == json!(decision.allow) {
            Ok(())
        } else {
            Err(format!("expected {expect}, got {decision:?}"))
        }
    }

    fn capture(&mut self, request: &Json, response: &Response) {
        let body: Json = serde_json::from_str(&response.text).unwrap_or(Json::Null);
        for (name, pointer) in request.get("capture").and_then(Json::as_object).into_iter().flatten() {
            let found = body.pointer(pointer.as_str().unwrap()).unwrap();
            self.captured.insert(name.clone(), found.as_str().map_or_else(|| found.to_string(), str::to_owned));
        }
    }

    /// Replaces each `{{NAME}}` in a value of the case.
    fn fill_placeholders(&self, value: &Json) -> Json {
        match value {
            Json::String(text) => {
                let mut text = text.clone();
                for (name, value) in &self.captured {
                    text = text.replace(&format!("{{{{{name}}}}}"), value);
                    if name.starts_with("id:") {
                        text = text.replace(&format!("{{{name}}}"), value);
                    }
                }
                Json::String(text)
            }
            Json::Array(items) => items.iter().map(|item| self.fill_placeholders(item)).collect(),
            Json::Object(members) => {
                members.iter().map(|(name, value)| (name.clone(), self.fill_placeholders(value))).collect()
            }
            _ => value.clone(),
        }
    }

    fn send(&mut self, request: &Json) -> Result<Response, String> {
        check_members(
            request,
            &[
                "as",
                "method",
                "path",
                "query",
                "body",
                "rawBody",
                "raw_body",
                "authorization",
                "headers",
                "passwd",
                "encoding",
                "at",
                "advance_seconds",
                "capture",
            ],
            &[],
        )?;
        let request = self.fill_placeholders(request);
        let (path, query) =
            request["path"].as_str().unwrap().split_once('?').unwrap_or((request["path"].as_str().unwrap(), ""));
        let mut query = query.to_owned();
        for (name, value) in request.get("query").and_then(Json::as_object).into_iter().flatten() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            query = format!("{query}&{}={}", percent_encode(name), percent_encode(&value));
        }
        let raw = request.get("rawBody").or(request.get("raw_body")).and_then(Json::as_str);
        let body = match (raw, request.get("body")) {
            (Some(raw), _) => raw.to_owned(),
            (None, Some(body)) => body.to_string(),
            (None, None) => String::new(),
        };
        let body = if request.get("encoding").is_some() { publish_body(&body) } else { body.into_bytes() };
        let mut headers: Vec<(String, String)> = Vec::new();
        if !body.is_empty() {
            let of_scim = path.starts_with("/scim2");
            headers.push((
                "content-type".into(),
                if of_scim { "application/scim+json" } else { "application/json" }.into(),
            ));
        }
        headers.extend(self.credentials(&request)?);
        for (name, value) in request.get("headers").and_then(Json::as_object).into_iter().flatten() {
            headers.retain(|(header, _)| header != name);
            headers.push((name.clone(), value.as_str().unwrap().to_owned()));
        }
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let method = request["method"].as_str().unwrap();
        let response = self.host.call(&Call { method, path, query: &query, headers, body, ..Call::default() });
        if method == "POST" && matches!(path, "/rest/v2/users" | "/rest/v2/users/initial") {
            self.sessions.learn_from(&response, &request["body"]);
        }
        Ok(response)
    }

    /// The header that authenticates the caller.
    fn credentials(&mut self, request: &Json) -> Result<Option<(String, String)>, String> {
        let header = |name: &str, value: String| Some((name.to_owned(), value));
        if let Some(value) = request.get("authorization") {
            return Ok(value.as_str().and_then(|value| header("authorization", value.to_owned())));
        }
        let Some(name) = request.get("as").and_then(Json::as_str) else { return Ok(None) };
        match self.system.as_str() {
            "antmedia" => Ok(header("cookie", self.sessions.cookie(&mut self.host, name)?)),
            "tyk" => Ok(match name.split_once(':') {
                Some(("key", key)) => header("authorization", key.to_owned()),
                Some(("session", token)) => header("cookie", format!("authorisation={token}")),
                _ if name == "admin-auth" => {
                    header("admin-auth", self.given["config"]["admin_secret"].as_str().unwrap_or("").to_owned())
                }
                _ => {
                    let users = self.given["users"].as_array();
                    let user = users.into_iter().flatten().find(|user| user["id"] == *name);
                    let key = user.and_then(|user| user["access_key"].as_str()).map(str::to_owned);
                    header("authorization", key.unwrap_or_else(|| format!("key-{name}")))
                }
            }),
            "arangodb" => {
                let given = self.given["users"].get(name).and_then(|user| user.get("passwd"));
                let password = request.get("passwd").or(given).and_then(Json::as_str).unwrap_or("");
                Ok(header("authorization", format!("Basic {}", base64(format!("{name}:{password}").as_bytes()))))
            }
            "meuse" => {
                let token = self.captured.get(&format!("token:{name}"));
                token.map(|token| header("authorization", token.clone())).ok_or_else(|| format!("no token of {name}"))
            }
            "wso2" => {
                let is_it = |user: &&Json| user["name"].as_str().unwrap().eq_ignore_ascii_case(name);
                let given = self.given["users"].as_array().and_then(|users| users.iter().find(is_it));
                let given = given.and_then(|user| user.get("password"));
                let password = request.get("passwd").or(given).and_then(Json::as_str).unwrap_or("");
                Ok(header("authorization", format!("Basic {}", base64(format!("{name}:{password}").as_bytes()))))
            }
            system => Err(format!("{system} has no sign-in here")),
        }
    }

    fn compare(&mut self, response: &Response, expect: &Json) -> Result<(), String> {
        let is_tyk = self.system == "tyk";
        let mut body: Json = serde_json::from_str(&response.text).unwrap_or_else(|_| json!(response.text));
        if is_tyk {
            body = lower_case_message(body);
        }
        if let Some(tokens) = body.get_mut("tokens").and_then(Json::as_array_mut) {
            tokens.retain(|token| token["name"] != RUNNERS);
        }
        let differs = |what: &str, wanted: &Json, got: &Json| {
            Err(format!("{what}: expected {wanted}, got {got}; {} {}", response.status, response.text))
        };
        for (name, wanted) in expect.as_object().unwrap() {
            let wanted = &if is_tyk && name == "body" { lower_case_message(wanted.clone()) } else { wanted.clone() };
            let exact = matches!(self.system.as_str(), "antmedia" | "meuse");
            match name.as_str() {
                "status" if *wanted != json!(response.status) => return differs(name, wanted, &json!(response.status)),
                "body" if !(if exact { matches(&body, wanted) } else { contains(&body, wanted) }) => {
                    return differs(name, wanted, &body)
                }
                "body_contains" if !contains(&body, wanted) => return differs(name, wanted, &body),
                "body_unordered" if !matches(&sorted(&body), &sorted(wanted)) => return differs(name, wanted, &body),
                "message" if !response.text.contains(wanted.as_str().unwrap()) => return differs(name, wanted, &body),
                "errorNum" if body["errorNum"] != *wanted => return differs(name, wanted, &body["errorNum"]),
                "body_has" | "body_lacks" | "body_absent" => {
                    for pointer in wanted.as_array().unwrap() {
                        let pointer_text = pointer.as_str().unwrap();
                        let pointed = if pointer_text.starts_with('/') {
                            body.pointer(pointer_text)
                        } else {
                            body.get(pointer_text)
                        };
                        if pointed.is_some() != (name == "body_has") {
                            return differs(name, pointer, &body);
                        }
                    }
                }
                "detail_endswith" => {
                    let detail = body["errors"][0]["detail"].as_str().unwrap_or("");
                    if !detail.ends_with(wanted.as_str().unwrap()) {
                        return differs(name, wanted, &json!(detail));
                    }
                }
                "mail" => {
                    let sent: Vec<Json> = self
                        .mails
                        .iter()
                        .map(|mail| json!({ "to": mail.to, "kind": mail.kind, "expires_at": mail.expires_at }))
                        .collect();
                    if !contains(&json!(sent), wanted) {
                        return differs(name, wanted, &json!(sent));
                    }
                }
                "after" => self.check_records(wanted)?,
                "status" | "body" | "body_contains" | "body_unordered" | "message" | "errorNum" => {}
                _ => return Err(format!("unknown expectation {name}")),
            }
        }
        Ok(())
    }

    /// Compares the records after the request.
    fn check_records(&mut self, wanted: &Json) -> Result<(), String> {
        check_members(wanted, &["users", "absent", "owners", "login"], &[])?;
        let records: Json = serde_json::from_str(&self.host.records().to_string()).unwrap();
        let identity = match self.system.as_str() {
            "antmedia" => "email",
            "tyk" => "id",
            _ => "name",
        };
        let named = |list: &str, name: &Json| {
            records[list].as_array().into_iter().flatten().find(|item| item[identity] == *name)
        };
        for user in wanted.get("users").and_then(Json::as_array).into_iter().flatten() {
            if !named("users", &user[identity]).is_some_and(|found| has_members(found, user)) {
                return Err(format!("after: expected {user}, got {}", records["users"]));
            }
        }
        for name in wanted.get("absent").and_then(Json::as_array).into_iter().flatten() {
            if named("users", name).is_some() {
                return Err(format!("after: {name} still exists"));
            }
        }
        for (name, owners) in wanted.get("owners").and_then(Json::as_object).into_iter().flatten() {
            let found = named("crates", &json!(name)).map_or(json!([]), |found| found["owners"].clone());
            if sorted(&found) != sorted(owners) {
                return Err(format!("after: expected the owners {owners} of {name}, got {found}"));
            }
        }
        for login in wanted.get("login").and_then(Json::as_array).into_iter().flatten() {
            check_members(login, &["email", "password", "ok"], &[])?;
            let right = signs_in(&mut self.host, login["email"].as_str().unwrap(), login["password"].as_str().unwrap());
            if login["ok"] != json!(right) {
                return Err(format!("after: expected the login {login}, got {right}"));
            }
        }
        Ok(())
    }
}

/// A body whose `Message` is compared without regard to capitals.
fn lower_case_message(mut body: Json) -> Json {
    if let Some(Json::String(message)) = body.get_mut("Message") {
        *message = message.to_lowercase();
    }
    body
}

/// The name of the tokens that the runner adds.
const RUNNERS: &str = "of the runner";

/// The body with which Cargo publishes a crate: the metadata and the file, each after its length.
fn publish_body(metadata: &str) -> Vec<u8> {
    let parts = [metadata.as_bytes(), b"crate"];
    parts.iter().flat_map(|part| [&u32::try_from(part.len()).unwrap().to_le_bytes(), *part].concat()).collect()
}

/// Gives a token to each user who sends a request in the case.
fn add_tokens(given: &mut Json, case: &str, captured: &mut BTreeMap<String, String>) {
    let names: Vec<String> =
        given["users"].as_array().into_iter().flatten().map(|user| user["name"].as_str().unwrap().to_owned()).collect();
    for (index, name) in names.into_iter().enumerate() {
        let quoted = json!(name);
        let is_used = [format!("\"as\":{quoted}"), format!("{{{{token:{name}}}}}"), format!("{{{{ident:{name}}}}}")];
        if is_used.iter().any(|part| case.contains(part)) {
            let identifier = format!("{index:0>24}");
            let token = format!("{identifier}{:0>43}=", index + 1);
            captured.insert(format!("ident:{name}"), identifier);
            captured.insert(format!("token:{name}"), token.clone());
            let tokens = given.as_object_mut().unwrap().entry("tokens").or_insert_with(|| json!([]));
            tokens.as_array_mut().unwrap().push(json!({ "user": name, "name": RUNNERS, "token": token }));
        }
    }
    for user in given["users"].as_array_mut().into_iter().flatten() {
        if user.get("hash").is_none() {
            user.as_object_mut().unwrap().entry("password").or_insert_with(|| json!("password1"));
        }
    }
}

fn percent_encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0_u8; 4];
        group[1..=chunk.len()].copy_from_slice(chunk);
        let number = u32::from_be_bytes(group);
        for place in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * place)) as usize & 63];
            text.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    text
}
