//! Whose account somebody who is not signed in wants to get into.

use super::super::model::Records;
use super::super::subject::Subject;
use super::super::Tyk;
use super::settings::{self, settings_key, Emails};
use super::stored::{self, email_key, members, stand_in_key, user_key, User};
use crate::directory::prelude::{digest, Call, Interrupt, Key, Throttle, Transaction};
use crate::document::value::Value;
use crate::system::System as _;
use crate::tables::letters::small_text;

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

/// The most users of one address who are looked at, so that no address makes a call dear.
const KNOWN_MAX: usize = 64;
/// The most of these who are meant together: each takes a password to verify, or gets a mail.
const MEANT_MAX: usize = 8;

impl Account {
    /// Finds the accounts of an address: one, or a stand-in. Where each organisation has its own users, the same
    /// address may lead to several; `org_id` in the body says which is meant, and without it all are who could be,
    /// those first who had the address first. So nobody is locked out because another organisation takes the same
    /// address. That an address has several is all that the work tells.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn find(
        tx: &mut Transaction<'_>,
        address: &str,
        body: &Value,
        could_be: impl Fn(&User) -> bool,
    ) -> Result<Vec<Self>, Interrupt> {
        let key = email_key(address);
        tx.read_all(&[settings_key(), key.clone()])?;
        let known = tx.read(&key)?.map(members).unwrap_or_default();
        let is_per_org = settings::settings(tx)?.emails() == Emails::UniqueInEach;
        let org = body.get("org_id").and_then(Value::text).filter(|_| is_per_org);
        let named = known.iter().filter(|(known, _)| org.is_none_or(|org| org == known));
        let mut ids: Vec<&str> = named.filter_map(|(_, id)| id.text()).take(KNOWN_MAX).collect();
        if ids.len() > 1 {
            tx.read_all(&ids.iter().map(|id| user_key(id)).collect::<Vec<_>>())?;
            let mut meant = Vec::new();
            for id in ids {
                meant.extend(stored::user(tx, id)?.filter(&could_be).map(|_| id));
            }
            meant.truncate(MEANT_MAX);
            ids = meant;
        }
        let address = small_text(address);
        let stand_in = digest(address.as_bytes()).get(..2).unwrap_or("").to_owned();
        let sent = [address, org.unwrap_or("").to_owned()];
        let of = |id: Option<&str>| Self { id: id.map(str::to_owned), stand_in: stand_in.clone(), sent: sent.clone() };
        if ids.is_empty() {
            return Ok(vec![of(None)]);
        }
        Ok(ids.into_iter().map(|id| of(Some(id))).collect())
    }

    /// The throttle on guesses at its password: a stand-in stands for too many to have one for all of them.
    pub fn throttle(&self, tx: &Transaction<'_>, call: &Call<'_>) -> Throttle {
        match &self.id {
            Some(_) => Throttle::new(tx, self.entry_key().text(), call.client),
            None => Throttle::new(tx, &self.sent.join("/"), call.client),
        }
    }

    /// The key of what is stored of this kind. No user has an empty id, so nobody's key is a stand-in's.
    pub fn key(&self, kind: &str) -> Key {
        match &self.id {
            Some(id) => Key::new(kind, &[id]),
            None => Key::new(kind, &["", &self.stand_in]),
        }
    }

    /// The key of the user's entry, or of a stand-in's.
    pub fn entry_key(&self) -> Key {
        match &self.id {
            Some(id) => user_key(id),
            None => stand_in_key(),
        }
    }

    /// The user; nobody for a stand-in, after the same work.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: it must be read first, or can not be.
    pub fn user(&self, tx: &mut Transaction<'_>) -> Result<Option<User>, Interrupt> {
        match &self.id {
            Some(id) => stored::user(tx, id),
            None => {
                let entry = tx.read(&self.entry_key())?;
                stored::parse_stand_in(entry);
                Ok(None)
            }
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
    /// [`Interrupt`].
    pub fn asker(&self, tx: &Transaction<'_>) -> Result<(Records, Subject), Interrupt> {
        let records = tx.parse_records::<Tyk>(&Value::Object(Vec::new()))?;
        let nobody = Tyk::subject(&records, None);
        Ok((records, nobody))
    }
}
