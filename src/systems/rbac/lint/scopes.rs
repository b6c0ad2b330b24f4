//! The scopes in which roles are assigned.

use super::super::access::inherited_roles;
use super::super::model::Records;
use super::super::parts::each_holder;

/// Scopes by the places of roles.
pub(super) struct Scopes {
    scopes: Vec<Vec<String>>,
    /// Whether a role, or one that it inherits from, grants `**`.
    everything: Vec<bool>,
}

impl Scopes {
    pub(super) fn of_records(records: &Records) -> Self {
        // A record can have each role without a scope.
        let mut scopes: Vec<Vec<String>> = records.roles.iter().map(|_| vec![String::new()]).collect();
        each_holder(records, &mut |_, holder| {
            for assignment in &holder.roles {
                for role in inherited_roles(records, assignment.role) {
                    let list = usize::try_from(role).ok().and_then(|role| scopes.get_mut(role));
                    let scope = (*assignment.scope).to_owned();
                    if let Some(list) = list.filter(|list| !list.contains(&scope)) {
                        list.push(scope);
                    }
                }
            }
        });
        let everything = (0..records.roles.len()).map(|place| {
            let roles = u32::try_from(place).map_or_else(|_| Vec::new(), |place| inherited_roles(records, place));
            roles.into_iter().filter_map(|role| records.role(role)).any(|role| {
                let mut is_found = false;
                role.grants.for_each_entry(&mut |matched| is_found |= matched.pattern == "**");
                is_found
            })
        });
        Self { scopes, everything: everything.collect() }
    }

    /// The scopes of the role at this place, and none.
    pub(super) fn of_role(&self, place: usize) -> &[String] {
        self.scopes.get(place).map(|scopes| &**scopes).unwrap_or_default()
    }

    /// Whether a role grants all resources.
    pub(super) fn grants_everything(&self, role: u32) -> bool {
        usize::try_from(role).ok().and_then(|role| self.everything.get(role)).copied().unwrap_or(false)
    }
}
