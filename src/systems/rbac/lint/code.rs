//! The codes of findings.

use crate::tables::word::words;

words! {
    /// What was found. Codes are stable.
    pub(super) enum Code {
        /// Another grant of the same holder or role gives the same.
        CoveredGrant = "covered_grant",
        /// The pattern of a grant fits no shape.
        GrantOutsideResources = "grant_outside_resources",
        /// Limits take all that a grant gives.
        LimitedGrant = "limited_grant",
        /// The bounds of a grant or an assignment are over.
        Expired = "expired",
        /// A bound is after the year 9999.
        Milliseconds = "milliseconds",
        /// A limit takes nothing away.
        LimitWithoutEffect = "limit_without_effect",
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
