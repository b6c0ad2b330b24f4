//! HTTP over a plain socket, for arangors: it takes any client of HTTP, and its own brings TLS and an async runtime.

use std::io::{Read, Write};
use std::net::TcpStream;

use arangors::client::ClientExt;
use arangors::ClientError;
use http::{HeaderMap, Request, Response};

#[derive(Clone, Debug)]
pub struct HttpClient(HeaderMap);

impl ClientExt for HttpClient {
    fn new<U: Into<Option<HeaderMap>>>(headers: U) -> Result<Self, ClientError> {
        Ok(Self(headers.into().unwrap_or_default()))
    }

    fn headers(&mut self) -> &mut HeaderMap {
        &mut self.0
    }

    fn request(&self, request: Request<String>) -> Result<Response<String>, ClientError> {
        exchange(&self.0, &request).map_err(|error| ClientError::HttpClient(error.to_string()))
    }
}

/// One request on a connection of its own, as HTTP/1.0: the answer ends with the connection.
fn exchange(own: &HeaderMap, request: &Request<String>) -> Result<Response<String>, Box<dyn std::error::Error>> {
    let (uri, body) = (request.uri(), request.body());
    let authority = uri.authority().ok_or("no host")?.as_str();
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let mut text = format!("{} {target} HTTP/1.0\r\nhost: {authority}\r\n", request.method());
    for (name, value) in own.iter().chain(request.headers()) {
        text.push_str(&format!("{name}: {}\r\n", value.to_str()?));
    }
    text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    let mut stream = TcpStream::connect(authority)?;
    stream.write_all(text.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;

    let (head, content) = answer.split_once("\r\n\r\n").ok_or("no end of the headers")?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or("no status")?;
    let mut response = Response::builder().status(status.parse::<u16>()?);
    for line in lines {
        let (name, value) = line.split_once(':').ok_or("no header")?;
        response = response.header(name, value.trim());
    }
    Ok(response.body(content.to_owned())?)
}
