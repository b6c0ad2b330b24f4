//! The settings of the directory.

use super::stored::integer;
use crate::directory::prelude::{Interrupt, Key, Transaction};
use crate::document::value::Value;

/// The key of the settings.
pub fn settings_key() -> Key {
    Key::new("settings", &[])
}

/// The scope in which an e-mail address is unique.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum EmailScope {
    Directory,
    Organisation,
}

/// The settings for all organisations.
pub struct Settings {
    /// The configuration, without secrets.
    pub config: Value,
    /// The records' own table of paths, which replaces the built-in one.
    pub map: Option<Value>,
    /// The hash of the secret of the admin API.
    pub admin: Option<String>,
    /// Whether any API has effective owners or an organisation.
    pub are_apis_limited: bool,
}

/// Reads the settings.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub fn read_settings(tx: &mut Transaction<'_>) -> Result<Settings, Interrupt> {
    let settings = tx.read_entry(&settings_key())?;
    let member = |name: &str| settings.and_then(|settings| settings.get(name));
    Ok(Settings {
        config: member("config").cloned().unwrap_or(Value::Object(Vec::new())),
        map: member("permissions").cloned(),
        admin: member("admin").and_then(Value::text).map(str::to_owned),
        are_apis_limited: member("are_apis_limited") == Some(&Value::Bool(true)),
    })
}

impl Settings {
    /// The scope in which an address is unique.
    pub fn email_scope(&self) -> EmailScope {
        let is_per_org = self.config.get("enable_multi_org_users") == Some(&Value::Bool(true));
        if is_per_org {
            EmailScope::Organisation
        } else {
            EmailScope::Directory
        }
    }

    /// A number in the configuration; `None` if it is not set.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.config.get(name).and_then(integer)
    }
}
