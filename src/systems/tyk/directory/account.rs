//! The accounts that an unauthenticated request refers to by e-mail address.

use super::super::model::Records;
use super::super::subject::Subject;
use super::super::Tyk;
use super::settings::{self, settings_key, EmailScope};
use super::stand_in::{parse_stand_in, stand_in_key};
use super::stored::{self, email_key, members, user_key, User};
use crate::directory::prelude::{digest, Call, Interrupt, Key, Throttle, Transaction};
use crate::document::value::Value;
use crate::system::System as _;
use crate::tables::letters::to_lowercase;

/// The user with an address, or a stand-in for an unknown address. The same data is stored for a stand-in as for a
/// user, so that the work is the same. There are few stand-ins, so that unknown addresses do not fill the store.
pub struct Account {
    id: Option<String>,
    /// Two hexadecimal digits.
    stand_in: String,
    /// The address in lower case, and the organisation, as sent.
    sent: [String; 2],
}

/// The most users of one address that are read. It bounds the cost of a request.
const KNOWN_MAX: usize = 64;
/// The most users of one address that a request applies to: each of them takes a password verification or gets a
/// mail.
const CANDIDATES_MAX: usize = 8;

impl Account {
    /// Finds the accounts with an address, or a stand-in. If each organisation has its own users, several users may
    /// have the address. `org_id` in the body selects one of them; without it the request applies to all users that
    /// `is_candidate` accepts, in the order in which they got the address. So a user in another organisation with the
    /// same address cannot lock a user out. The work only reveals whether an address has several users.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`].
    pub fn find_by_address(
        tx: &mut Transaction<'_>,
        address: &str,
        body: &Value,
        is_candidate: impl Fn(&User) -> bool,
    ) -> Result<Vec<Self>, Interrupt> {
        let key = email_key(address);
        tx.read_all(&[settings_key(), key.clone()])?;
        let known = tx.read_entry(&key)?.map(members).unwrap_or_default();
        let is_per_org = settings::read_settings(tx)?.email_scope() == EmailScope::Organisation;
        let org = body.get("org_id").and_then(Value::text).filter(|_| is_per_org);
        let named = known.iter().filter(|(known, _)| org.is_none_or(|org| org == known));
        let mut ids: Vec<&str> = named.filter_map(|(_, id)| id.text()).take(KNOWN_MAX).collect();
        if ids.len() > 1 {
            tx.read_all(&ids.iter().map(|id| user_key(id)).collect::<Vec<_>>())?;
            let mut candidates = Vec::new();
            for id in ids {
                candidates.extend(stored::read_user(tx, id)?.filter(&is_candidate).map(|_| id));
            }
            candidates.truncate(CANDIDATES_MAX);
            ids = candidates;
        }
        let address = to_lowercase(address);
        let stand_in = digest(address.as_bytes()).get(..2).unwrap_or("").to_owned();
        let sent = [address, org.unwrap_or("").to_owned()];
        let account =
            |id: Option<&str>| Self { id: id.map(str::to_owned), stand_in: stand_in.clone(), sent: sent.clone() };
        if ids.is_empty() {
            return Ok(vec![account(None)]);
        }
        Ok(ids.into_iter().map(|id| account(Some(id))).collect())
    }

    /// The throttle for attempts at the account's password. Many addresses share a stand-in, so an unknown address
    /// has a throttle by address.
    pub fn throttle(&self, tx: &Transaction<'_>, call: &Call<'_>) -> Throttle {
        match &self.id {
            Some(_) => Throttle::new(tx, self.entry_key().text(), call.client),
            None => Throttle::new(tx, &self.sent.join("/"), call.client),
        }
    }

    /// The key of the account's entry of this kind. User ids are not empty, so a stand-in has no key in common with a
    /// user.
    pub fn key_of_kind(&self, kind: &str) -> Key {
        match &self.id {
            Some(id) => Key::new(kind, &[id]),
            None => Key::new(kind, &["", &self.stand_in]),
        }
    }

    /// The key of the user's entry, or of the stand-in's.
    pub fn entry_key(&self) -> Key {
        match &self.id {
            Some(id) => user_key(id),
            None => stand_in_key(),
        }
    }

    /// Reads the user. A stand-in has no user, and takes the same work.
    ///
    /// # Errors
    ///
    /// [`Interrupt`]: it must be read first, or can not be.
    pub fn read_user(&self, tx: &mut Transaction<'_>) -> Result<Option<User>, Interrupt> {
        match &self.id {
            Some(id) => stored::read_user(tx, id),
            None => {
                let entry = tx.read_entry(&self.entry_key())?;
                parse_stand_in(entry);
                Ok(None)
            }
        }
    }

    /// The resource of an attempt to sign in.
    pub fn resource(&self) -> String {
        format!("user:{}", self.id.as_deref().unwrap_or("unknown"))
    }

    /// The records and the subject of a caller that is not signed in.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn anonymous_subject(&self, tx: &Transaction<'_>) -> Result<(Records, Subject), Interrupt> {
        let records = tx.parse_records::<Tyk>(&Value::Object(Vec::new()))?;
        let subject = Tyk::subject(&records, None);
        Ok((records, subject))
    }
}
