//! The settings of the directory.

use super::stored::whole;
use crate::directory::prelude::{Interrupt, Key, Transaction};
use crate::document::value::Value;

/// The key of the settings.
pub fn settings_key() -> Key {
    Key::new("settings", &[])
}

/// Whether an address may stand once in each organisation, not once in all.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Emails {
    UniqueInAll,
    UniqueInEach,
}

/// What holds for the whole directory.
pub struct Settings {
    /// The configuration, without secrets.
    pub config: Value,
    /// The map from paths to sections that takes the place of the built-in one.
    pub map: Option<Value>,
    /// The hash of the secret of the admin API.
    pub admin: Option<String>,
    /// Any API has owners that count, or an organisation.
    pub are_apis_limited: bool,
}

/// The settings.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub fn settings(tx: &mut Transaction<'_>) -> Result<Settings, Interrupt> {
    let settings = tx.read(&settings_key())?;
    let member = |name: &str| settings.and_then(|settings| settings.get(name));
    Ok(Settings {
        config: member("config").cloned().unwrap_or(Value::Object(Vec::new())),
        map: member("permissions").cloned(),
        admin: member("admin").and_then(Value::text).map(str::to_owned),
        are_apis_limited: member("are_apis_limited") == Some(&Value::Bool(true)),
    })
}

impl Settings {
    /// In which circle an address is unique.
    pub fn emails(&self) -> Emails {
        let is_per_org = self.config.get("enable_multi_org_users") == Some(&Value::Bool(true));
        if is_per_org {
            Emails::UniqueInEach
        } else {
            Emails::UniqueInAll
        }
    }

    /// A count of the configuration; `None` where it says nothing.
    pub fn count(&self, name: &str) -> Option<i64> {
        self.config.get(name).and_then(whole)
    }
}
