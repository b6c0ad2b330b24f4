//! The parsed records, indexed for decisions.

use crate::regex::set::RegexSet;
use crate::tables::digest::Digest;
use crate::tables::name_table::Table;
use crate::tables::names::{NameId, Names};
use crate::tables::sort::sort;

use super::config::Config;
use super::permissions::StoredPermissions;

/// Valid users, groups, APIs and settings.
#[derive(Debug, Default)]
pub struct Records {
    pub(super) names: Names,
    /// Sorted by id.
    pub(super) users: Vec<User>,
    pub(super) groups: Vec<Group>,
    pub(super) apis: Apis,
    /// The records' own table of paths. It replaces the built-in table, even if it is empty.
    pub(super) map: Option<Map>,
    pub(super) config: Config,
    /// The ids of organisations by their numbers.
    pub(super) orgs: Vec<NameId>,
}

/// A user.
#[derive(Debug)]
pub struct User {
    pub(super) id: NameId,
    /// The number of the organisation.
    pub(super) org: u32,
    pub(super) active: bool,
    pub(super) group_id: Option<NameId>,
    /// The index in [`Records::groups`] of the group `group_id`, if it is in the user's own organisation.
    pub(super) group: Option<usize>,
    /// The group through which the user may own APIs.
    pub(super) owner_group: Option<NameId>,
    pub(super) permissions: StoredPermissions,
}

/// A group of users. Its permissions replace those of its members.
#[derive(Debug)]
pub struct Group {
    pub(super) id: NameId,
    /// The number of the organisation.
    pub(super) org: u32,
    pub(super) active: bool,
    pub(super) permissions: StoredPermissions,
}

/// The APIs that have an owner or an organisation.
#[derive(Debug, Default)]
pub struct Apis {
    /// The owner and organisation of each: see [`Api::pack`].
    pub(super) table: Table<{ Api::BITS }>,
    /// Pairs of owner and API, sorted.
    pub(super) by_user: Vec<(NameId, NameId)>,
    /// Pairs of owning group and API, sorted.
    pub(super) by_group: Vec<(NameId, NameId)>,
}

/// The APIs of one owner, from sorted pairs.
pub(super) fn owned_by(pairs: &[(NameId, NameId)], owner: NameId) -> impl Iterator<Item = NameId> + '_ {
    let start = pairs.partition_point(|(other, _)| *other < owner);
    pairs.iter().skip(start).take_while(move |(other, _)| *other == owner).map(|(_, api)| *api)
}

/// The ownership and organisation of an API.
#[derive(Clone, Copy, Debug)]
pub(super) struct Api {
    /// Whether the API has an owner.
    pub(super) is_owned: bool,
    /// The number of its organisation, if the records have one.
    pub(super) org: Option<u32>,
}

impl Api {
    /// One bit for the owner and 25 for the organisation's number plus one: there are at most as many organisations
    /// as names.
    pub(super) const BITS: u32 = 26;

    /// Bit 0 says whether the API has an owner. The bits above hold the organisation's number plus one, or 0 without
    /// an organisation.
    pub(super) fn pack(self) -> u32 {
        let org = self.org.map_or(0, |org| org.saturating_add(1));
        (org << 1) | u32::from(self.is_owned)
    }

    pub(super) fn unpack(packed: u32) -> Self {
        Self { is_owned: packed & 1 == 1, org: (packed >> 1).checked_sub(1) }
    }
}

/// The records' own table from paths to sections.
#[derive(Debug)]
pub struct Map {
    /// The section of each entry, with its regular expression as given.
    pub(super) entries: Vec<(NameId, Box<str>)>,
    /// The expressions, in the same order.
    pub(super) regexes: RegexSet,
}

impl Records {
    /// The user with this id.
    pub(super) fn user(&self, id: &str) -> Option<&User> {
        let place = self.users.binary_search_by(|user| self.names.text(user.id).cmp(id)).ok()?;
        self.users.get(place)
    }

    /// The id of an organisation.
    pub(super) fn org(&self, number: u32) -> &str {
        let org = usize::try_from(number).ok().and_then(|number| self.orgs.get(number));
        org.map_or("", |id| self.names.text(*id))
    }

    /// Adds everything that affects decisions to the digest, sorted by name.
    pub(super) fn digest(&self, digest: &mut Digest) {
        let text = |id: NameId| self.names.text(id);

        self.digest_settings(digest);
        digest.count(self.users.len());
        for user in &self.users {
            digest.text(text(user.id));
            digest.text(self.org(user.org));
            digest.flag(user.active);
            digest.text(user.group_id.map_or("", text));
            self.digest_permissions(&user.permissions, digest);
        }
        let mut groups = Vec::from_iter(&self.groups);
        sort(&mut groups, |a, b| text(a.id).cmp(text(b.id)));
        digest.count(groups.len());
        for group in groups {
            digest.text(text(group.id));
            digest.text(self.org(group.org));
            digest.flag(group.active);
            self.digest_permissions(&group.permissions, digest);
        }
        self.digest_apis(digest);
    }

    /// Adds what affects the decisions of all users: the configuration and the table from paths to sections.
    pub(super) fn digest_settings(&self, digest: &mut Digest) {
        self.config.digest(digest);
        digest.flag(self.map.is_some());
        // The order of the table has no effect: every entry that matches a path counts.
        let mut map: Vec<(&str, &str)> = Vec::new();
        for (section, source) in self.map.iter().flat_map(|map| &map.entries) {
            map.push((self.names.text(*section), source));
        }
        digest_texts(map, digest);
    }

    fn digest_permissions(&self, permissions: &StoredPermissions, digest: &mut Digest) {
        digest.flag(permissions.is_admin);
        digest.flag(permissions.grants_anything);
        digest.pairs(&permissions.sorted(&self.names));
    }

    fn digest_apis(&self, digest: &mut Digest) {
        let apis = self.apis.table.sorted(&self.names);
        digest.count(apis.len());
        for (id, packed) in apis {
            let api = Api::unpack(packed);
            digest.text(id);
            digest.flag(api.is_owned);
            digest.flag(api.org.is_some());
            digest.text(api.org.map_or("", |org| self.org(org)));
        }
        for owners in [&self.apis.by_user, &self.apis.by_group] {
            let mut pairs = Vec::with_capacity(owners.len());
            for (owner, api) in owners {
                pairs.push((self.names.text(*owner), self.names.text(*api)));
            }
            digest_texts(pairs, digest);
        }
    }
}

/// Adds sorted pairs of texts without duplicates.
fn digest_texts(mut pairs: Vec<(&str, &str)>, digest: &mut Digest) {
    sort(&mut pairs, |a, b| a.cmp(b));
    pairs.dedup();
    digest.count(pairs.len());
    for (first, second) in pairs {
        digest.text(first);
        digest.text(second);
    }
}
