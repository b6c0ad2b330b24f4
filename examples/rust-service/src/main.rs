//! Serves decisions about a policy: `cargo run -- POLICY [PORT]`.

use std::env::args;
use std::error::Error;
use std::fs::read_to_string;

use tiny_http::Server;

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut arguments = args().skip(1);
    let (policy, port) = (arguments.next().ok_or("usage: rust-service POLICY [PORT]")?, arguments.next());
    let app = latchwork::open("rbac", &read_to_string(policy)?)?;
    let server = Server::http(("127.0.0.1", port.map_or(Ok(8080), |port| port.parse())?))?;
    println!("listening on http://{}", server.server_addr());
    rust_service::serve(&app, &server);
    Ok(())
}
