//! The service decides each case of the policy's tests, which `latchwork test` runs through the npm package, in the same way.

use std::error::Error;
use std::io::{Error as IoError, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::scope;

use serde_json::{from_str, json, Value};
use tiny_http::Server;

use super::{respond, serve};

const POLICY: &str = include_str!("../../policies/documents/policy.json");
const TESTS: &str = include_str!("../../policies/documents/policy.test.json");

#[test]
fn each_case_of_the_policy_tests_has_the_expected_decision() -> Result<(), Box<dyn Error>> {
    let app = latchwork::open("rbac", POLICY)?;
    let tests: Value = from_str(TESTS)?;
    let cases = tests["cases"].as_array().ok_or("no cases")?;
    assert!(cases.len() > 30);
    for case in cases {
        let ask = &case["ask"];
        let subject = ask.get("subject").unwrap_or(&ask["user"]);
        let question = json!({ "subject": subject, "action": ask["action"], "resource": ask["resource"], "attributes": ask["attributes"], "context": ask["context"] });
        let now = ask["now"].as_u64().unwrap_or_default();
        let (status, response) = respond(&app, "POST", "/decide", &question.to_string(), now);
        let response: Value = from_str(&response.to_string())?;
        assert_eq!(status, 200, "{response}");
        for (name, value) in case["expect"].as_object().ok_or("no expectation")? {
            assert_eq!(&response[name], value, "{}", case["id"]);
        }
    }
    Ok(())
}

#[test]
fn a_slice_has_the_digest_and_no_other_user() -> Result<(), Box<dyn Error>> {
    let app = latchwork::open("rbac", POLICY)?;
    let (status, response) = respond(&app, "POST", "/permissions", r#"{"subject":"alice"}"#, 0);
    assert_eq!(status, 200);
    let response: Value = from_str(&response.to_string())?;
    assert_eq!(response["digest"], app.subject_digest(&app.subject(Some("alice"))));
    let page = latchwork::open("rbac", &response["document"].to_string())?;
    assert_eq!(response["digest"], page.subject_digest(&page.subject(Some("alice"))));
    assert!(!response.to_string().contains("omar"));
    Ok(())
}

#[test]
fn an_invalid_question_returns_400_and_an_unknown_path_404() -> Result<(), Box<dyn Error>> {
    let app = latchwork::open("rbac", POLICY)?;
    for (path, body, status) in [
        ("/decide", "{", 400),
        ("/decide", r#"{"subject":"alice","action":"fly","resource":"acme/docs/1"}"#, 400),
        ("/decide", r#"{"subject":"alice","action":"edit","resource":"nowhere"}"#, 400),
        ("/other", "{}", 404),
    ] {
        assert_eq!(respond(&app, "POST", path, body, 0).0, status, "{path} {body}");
    }
    Ok(())
}

#[test]
fn the_server_decides_over_http() -> Result<(), Box<dyn Error + Send + Sync>> {
    let app = latchwork::open("rbac", POLICY)?;
    let server = Server::http("127.0.0.1:0")?;
    let address = server.server_addr().to_ip().ok_or("no address")?;
    let response = scope(|threads| {
        threads.spawn(|| serve(&app, &server));
        let response = exchange(address);
        server.unblock();
        response
    })?;
    assert!(response.starts_with("HTTP/1.0 200"), "{response}");
    assert!(response.ends_with(r#"{"allow":true,"rule":"group"}"#), "{response}");
    Ok(())
}

fn exchange(address: SocketAddr) -> Result<String, IoError> {
    let body = r#"{"subject":"alice","action":"publish","resource":"acme/docs/7"}"#;
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "POST /decide HTTP/1.0\r\ncontent-length: {}\r\n\r\n{body}", body.len())?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    Ok(response)
}
