//! The settings of the directory: the realm and the user stores.

use super::super::domain::{RoleName, UserName};
use super::super::realm::SUPER_TENANT;
use super::super::{Records, Wso2};
use super::stored::settings_key;
use crate::directory::prelude::{Interrupt, Transaction};
use crate::document::value::Value;

/// The realm and the user stores.
pub struct Settings {
    /// The records without users, roles and rules.
    pub document: Value,
    /// The id of the everyone role.
    pub everyone: String,
    /// Records without users and roles: only names and patterns.
    pub records: Records,
}

impl Settings {
    /// Reads the settings. The settings of an empty store are those of an empty document.
    ///
    /// # Errors
    ///
    /// [`Interrupt`].
    pub fn load(tx: &mut Transaction<'_>) -> Result<Self, Interrupt> {
        let settings = tx.read_entry(&settings_key())?;
        let member = |name: &str| settings.and_then(|settings| settings.get(name)).cloned();
        let document = member("records").unwrap_or(Value::Object(Vec::new()));
        let everyone = member("everyone").and_then(|id| id.text().map(str::to_owned)).unwrap_or_default();
        let records = tx.parse_records::<Wso2>(&document)?;
        Ok(Self { document, everyone, records })
    }

    /// Whether this tenant's users are in the directory.
    pub fn is_tenant(&self, tenant: &str) -> bool {
        let own = self.document.get("realm").and_then(|realm| realm.get("tenant")?.text());
        own.unwrap_or(SUPER_TENANT).eq_ignore_ascii_case(tenant)
    }

    /// The name of a caller without the tenant: `admin@carbon.super` is `admin`.
    // Source: WSO2 kernel, `MultitenantUtils.getTenantAwareUsername`.
    pub fn without_tenant<'n>(&self, name: &'n str) -> &'n str {
        match name.rsplit_once('@') {
            Some((name, tenant)) if self.is_tenant(tenant) => name,
            _ => name,
        }
    }

    /// Resolves a user name; `None` if no store has its domain.
    pub fn user<'n>(&self, name: &'n str) -> Option<UserName<'_, 'n>> {
        self.records.stores.user(name)
    }

    /// Resolves a role name; `None` if its domain is unknown.
    pub fn role<'n>(&self, name: &'n str) -> Option<RoleName<'_, 'n>> {
        self.records.stores.role(name)
    }
}
