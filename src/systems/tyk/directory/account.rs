//! Whose account somebody who is not signed in wants to get into.

use super::super::model::Records;
use super::super::subject::Subject;
use super::super::Tyk;
use super::stored::{self, email_key, members, settings_key, User};
use crate::directory::{digest, Brake, Call, Key, Stop, World};
use crate::letters::small_text;
use crate::system::System as _;
use crate::value::Value;

/// The user to whom an address leads, or a stand-in for nobody: what is noted about a user is noted about a
/// stand-in too, so that the work is the same. There are few stand-ins, so that addresses which nobody has do
/// not fill the store.
pub struct Account {
    id: Option<String>,
    /// Two hexadecimal digits.
    stand_in: String,
    /// What was sent: the address in small letters, and the organisation.
    sent: [String; 2],
}

impl Account {
    /// Finds the account of an address. Where each organisation has its own users, the same address may lead
    /// to several; then `org_id` in the body has to say which is meant.
    ///
    /// # Errors
    ///
    /// [`Stop::Pending`].
    pub fn find(world: &mut World<'_>, address: &str, body: &Value) -> Result<Self, Stop> {
        let key = email_key(address);
        world.read_all(&[settings_key(), key.clone()])?;
        let known = world.read(&key)?.map(members).unwrap_or_default();
        let id = match (body.get("org_id").and_then(Value::text), known) {
            (Some(org), _) => known.iter().find(|(known, _)| known == org).map(|(_, id)| id),
            (None, [(_, id)]) => Some(id),
            (None, _) => None,
        };
        let id = id.and_then(Value::text).map(str::to_owned);
        let address = small_text(address);
        let stand_in = digest(address.as_bytes()).get(..2).unwrap_or("").to_owned();
        let org = body.get("org_id").and_then(Value::text).unwrap_or("").to_owned();
        Ok(Self { id, stand_in, sent: [address, org] })
    }

    /// The brake on guesses at its password: a stand-in stands for too many to have one for all of them.
    pub fn brake(&self, world: &World<'_>, call: &Call<'_>) -> Brake {
        match &self.id {
            Some(_) => Brake::new(world, self.key("user").text(), call.client),
            None => Brake::new(world, &self.sent.join("/"), call.client),
        }
    }

    /// The key of what is stored of this kind. No user has an empty id, so nobody's key is a stand-in's.
    pub fn key(&self, kind: &str) -> Key {
        match &self.id {
            Some(id) => Key::new(kind, &[id]),
            None => Key::new(kind, &["", &self.stand_in]),
        }
    }

    /// The user; nobody for a stand-in.
    ///
    /// # Errors
    ///
    /// [`Stop`]: it must be read first, or can not be.
    pub fn user(&self, world: &mut World<'_>) -> Result<Option<User>, Stop> {
        match &self.id {
            Some(id) => stored::user(world, id),
            None => Ok(None),
        }
    }

    /// What somebody wants to get into.
    pub fn resource(&self) -> String {
        format!("user:{}", self.id.as_deref().unwrap_or("unknown"))
    }

    /// Nobody in particular, who asks.
    ///
    /// # Errors
    ///
    /// [`Stop`].
    pub fn asker(&self, world: &World<'_>) -> Result<(Records, Subject), Stop> {
        let records = world.records::<Tyk>(&Value::Object(Vec::new()))?;
        let nobody = Tyk::subject(&records, None);
        Ok((records, nobody))
    }
}
