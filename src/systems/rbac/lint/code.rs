//! Codes of lint findings.

use crate::tables::word::words;

words! {
    /// The kind of a finding. Codes are stable.
    pub(super) enum Code {
        /// Another grant of the same holder or role allows the same.
        CoveredGrant = "covered_grant",
        /// The pattern of a grant matches no shape.
        GrantOutsideResources = "grant_outside_resources",
        /// Limits deny everything that a grant allows.
        LimitedGrant = "limited_grant",
        /// The bounds of a grant or an assignment have passed.
        Expired = "expired",
        /// A bound is after the year 9999.
        Milliseconds = "milliseconds",
        /// A limit denies nothing.
        LimitWithoutEffect = "limit_without_effect",
        /// A grant names nothing.
        EmptyGrant = "empty_grant",
        /// No user has the role.
        UnusedRole = "unused_role",
        /// No user is in the group.
        UnusedGroup = "unused_group",
        /// All resources are granted, without a scope.
        GrantOfEverything = "grant_of_everything",
        /// No user has the attribute.
        UnknownAttribute = "unknown_attribute",
    }
}
