//! The product's own endpoints.

use super::Arangodb;
use crate::directory::{Call, Directory, Fault, Permit, Response, Stop, World};
use crate::value::Value;

impl Directory for Arangodb {
    const USERS: &'static str = "user/";

    fn call(_world: &mut World<'_>, _call: &Call<'_>) -> Result<Response, Stop> {
        Err(Fault::NotFound.into())
    }

    fn import(_world: &mut World<'_>, _permit: &Permit, _document: &Value) -> Result<(), Stop> {
        Ok(())
    }

    fn export(_entries: &[(String, Value)]) -> Value {
        Value::Object(Vec::new())
    }
}
