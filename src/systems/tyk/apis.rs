//! Parses the APIs of the records and their owners.

use crate::document::node::Members;
use crate::document::problem::Problems;
use crate::tables::name_table::Table;
use crate::tables::names::{Index, NameId};
use crate::tables::sort::sort;

use super::fields::report_duplicate;
use super::model::{Api, Apis};
use super::records::{list_items, Reader};

impl Reader {
    pub(super) fn parse_apis(&mut self, members: Members<'_>, is_ownership_on: bool, problems: &mut Problems) -> Apis {
        let mut apis = Apis::default();
        let mut ids = Index::default();
        let mut table = Vec::new();
        let Some(items) = list_items(members, "apis", problems) else { return apis };
        for item in items.iter() {
            let Some(api) = item.object(problems) else { continue };
            let users = self.parse_owners(api, "user_owners", problems);
            let groups = self.parse_owners(api, "user_group_owners", problems);
            let org = api.optional("org_id").and_then(|_| self.org_number(api, problems));
            let Some(id) = api.required("id", problems).and_then(|id| self.parse_id(id, problems)) else { continue };
            if !ids.insert(self.names.text(id), 0) {
                report_duplicate(api, "id", "API id", problems);
            }
            // Owners have no effect unless ownership is enabled, so they are not stored.
            let is_owned = is_ownership_on && !(users.is_empty() && groups.is_empty());
            if is_owned {
                for (owners, pairs) in [(&users, &mut apis.by_user), (&groups, &mut apis.by_group)] {
                    for owner in owners {
                        pairs.push((*owner, id));
                    }
                }
            }
            if is_owned || org.is_some() {
                table.push((id, Api { is_owned, org }.pack()));
            }
        }
        for owners in [&mut apis.by_user, &mut apis.by_group] {
            sort(owners, |a, b| a.cmp(b));
            owners.dedup();
        }
        apis.table = Table::new(&self.names, &table);
        apis
    }

    fn parse_owners(&mut self, api: Members<'_>, name: &str, problems: &mut Problems) -> Vec<NameId> {
        let mut names = Vec::new();
        let Some(items) = api.optional(name).and_then(|list| list.items(problems)) else { return names };
        for owner in items.iter() {
            if let Some(owner) = owner.name(problems).and_then(|owner| self.intern(owner)) {
                names.push(owner);
            }
        }
        names
    }
}
