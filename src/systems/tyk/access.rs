//! Access decisions: the Dashboard's default rules.
//!
//! The file has over 300 lines because the rules are one sequence: each of D0 to D6 decides only what the rules before
//! it leave open.
//!
//! Every rule of the Dashboard is a denial: a request that no rule denies is allowed. The rules are checked in the
//! order D0 to D6, and the id of the first rule that matches is reported. The limits that the default rules do not
//! cover are checked last.

use crate::system::Ruling;
use crate::tables::bytes::find_byte;

use super::model::{Api, Records};
use super::paths::{decodes_to, is_escaped, Path, Route, RESET_PASSWORD};
use super::permissions::{is_not_a_section, section_name, Grant, OWNED_ANALYTICS};
use super::subject::{Identity, Status, Subject};
use super::vocabulary::{Action, Level, Rule, Tyk};
use crate::tables::text::split_once;

/// What an action does to its resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    Read,
    Write,
    Delete,
}

impl Intent {
    /// The lowest level that allows this intent.
    fn needed_level(self) -> Level {
        match self {
            Self::Read => Level::Read,
            Self::Write | Self::Delete => Level::Write,
        }
    }
}

/// The kind of resource that an action applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResourceKind {
    /// A section or an API.
    SectionOrApi,
    /// A user.
    User,
    /// The path of an HTTP request.
    Path,
}

/// The kind of resource that an action applies to, and its intent. Only `GET` and `HEAD` read: a `POST` to a search
/// and an `OPTIONS` request are writes.
// Source: Tyk Dashboard, default OPA rules, `intent_match`.
pub(super) fn classify_action(action: Action) -> (ResourceKind, Intent) {
    match action {
        Action::Read => (ResourceKind::SectionOrApi, Intent::Read),
        Action::Write => (ResourceKind::SectionOrApi, Intent::Write),
        Action::Delete => (ResourceKind::SectionOrApi, Intent::Delete),
        Action::ViewKey => (ResourceKind::User, Intent::Read),
        Action::MakeAdmin | Action::Attempt => (ResourceKind::User, Intent::Write),
        Action::Get | Action::Head => (ResourceKind::Path, Intent::Read),
        Action::HttpDelete => (ResourceKind::Path, Intent::Delete),
        Action::Post | Action::Put | Action::Patch | Action::Options | Action::Trace | Action::Connect => {
            (ResourceKind::Path, Intent::Write)
        }
    }
}

/// Decides whether the subject may perform the action on the resource.
pub(super) fn decide(records: &Records, subject: &Subject, action: Action, resource: &str) -> Ruling<Tyk> {
    if action == Action::Attempt {
        return decide_attempt(resource);
    }
    // D0, and subjects without a user.
    // Source: default OPA rules, "User is not active".
    let is_admin = match subject.status {
        Status::NotSignedIn => return Ruling::deny(Rule::NotSignedIn),
        Status::UnknownUser => return Ruling::deny(Rule::UnknownUser),
        Status::Inactive => return Ruling::deny(Rule::Inactive),
        Status::Plain | Status::Unwritten | Status::InactiveGroup => false,
        Status::Admin | Status::EmptyIsAdmin => true,
    };
    let Some(identity) = subject.identity else { return Ruling::deny(Rule::UnknownUser) };
    let caller = Caller { records, subject, identity, is_admin };
    let (action_kind, intent) = classify_action(action);
    let (kind, name) = split_once(resource, b':').unwrap_or_default();
    match (kind, action_kind) {
        ("path", ResourceKind::Path) => caller.decide_path(intent, name),
        ("section", ResourceKind::SectionOrApi) => caller.decide_section(intent, name),
        ("api", ResourceKind::SectionOrApi) => caller.decide_api(intent, name),
        ("user", ResourceKind::User) if !is_id(name) => Ruling::deny(Rule::NothingFits),
        ("user", ResourceKind::User) if action == Action::ViewKey => caller.decide_view_key(name),
        ("user", ResourceKind::User) => caller.decide_make_admin(),
        ("path" | "section" | "api" | "user", _) => Ruling::deny(Rule::ActionMismatch),
        _ => Ruling::deny(Rule::NothingFits),
    }
}

/// Whether the text is a valid id or section name: one segment of a path.
fn is_id(name: &str) -> bool {
    !name.is_empty() && find_byte(name.as_bytes(), b'/').is_none()
}

/// Everyone may attempt to sign in. The password, or the mailed link, decides whether the attempt succeeds.
// Source: Tyk Dashboard, "Change Your Password", resetting a password by e-mail.
fn decide_attempt(resource: &str) -> Ruling<Tyk> {
    match split_once(resource, b':') {
        Some(("user", id)) if is_id(id) => Ruling::allow(Rule::Anybody),
        Some(("path" | "section" | "api", _)) => Ruling::deny(Rule::ActionMismatch),
        Some(_) | None => Ruling::deny(Rule::NothingFits),
    }
}

/// An active user, with the records that decide for this user.
#[derive(Clone, Copy)]
struct Caller<'r> {
    records: &'r Records,
    subject: &'r Subject,
    identity: Identity,
    is_admin: bool,
}

/// A question about sections: the intent, and the exceptions that allow it without a permission.
#[derive(Clone, Copy)]
struct SectionQuestion {
    intent: Intent,
    /// The path has the caller's own id in the place of a user's id.
    is_own: bool,
    /// The caller reads their own record or a path below it. D1 and D2 do not apply.
    is_own_record: bool,
    /// The caller renews their own access key. D1 to D4 do not apply.
    is_own_key: bool,
}

/// The permissions of the caller for the sections of a question.
#[derive(Default)]
struct Findings {
    /// Whether the question has at least one section.
    any: bool,
    is_reset: bool,
    has_reset_permission: bool,
    is_absent: bool,
    is_alone: bool,
    is_denied: bool,
    is_read_only: bool,
    /// The lowest level that does not allow the intent.
    insufficient: Option<Level>,
    /// The lowest level that allows the intent.
    sufficient: Option<Level>,
}

impl Caller<'_> {
    fn decide_section(self, intent: Intent, name: &str) -> Ruling<Tyk> {
        if !is_id(name) {
            return Ruling::deny(Rule::NothingFits);
        }
        if is_not_a_section(name) {
            return Ruling::deny(Rule::NotASection);
        }
        let mut findings = Findings::default();
        self.collect_section(section_name(name), intent, &mut findings);
        self.decide_sections(
            SectionQuestion { intent, is_own: false, is_own_record: false, is_own_key: false },
            &findings,
        )
    }

    fn decide_api(self, intent: Intent, id: &str) -> Ruling<Tyk> {
        if !is_id(id) {
            return Ruling::deny(Rule::NothingFits);
        }
        let ruling = self.decide_section(intent, "apis");
        self.limit_to_owners(id, ruling)
    }

    /// A caller with the right to read users also sees their access keys, unless `forbid_admin_view_access_token` is
    /// set. Users always see their own key.
    // Source: Tyk Dashboard configuration, `forbid_admin_view_access_token`.
    fn decide_view_key(self, id: &str) -> Ruling<Tyk> {
        if self.records.names.text(self.identity.id) == id {
            return Ruling::allow(Rule::OwnKey);
        }
        let ruling = self.decide_section(Intent::Read, "users");
        if ruling.allow && self.records.config.forbid_admin_view_access_token {
            return Ruling::deny(Rule::KeyViewForbidden);
        }
        ruling
    }

    /// Only an admin with the right to change users can make another user an admin.
    // Source: Tyk Dashboard release notes, 5.6 and 5.7 (only the super-admin, if the records say so).
    fn decide_make_admin(self) -> Ruling<Tyk> {
        if !self.is_admin {
            return Ruling::deny(Rule::AdminMakesAdmins);
        }
        if self.records.config.only_super_admin_creates_admin {
            return Ruling::deny(Rule::SuperAdminMakesAdmins);
        }
        self.decide_section(Intent::Write, "users")
    }

    fn decide_path(self, intent: Intent, path: &str) -> Ruling<Tyk> {
        let Some(path) = Path::parse(path) else { return Ruling::deny(Rule::MalformedPath) };
        let is_own = decodes_to(path.id(), self.records.names.text(self.identity.id));
        let is_key_reset = path.is_key_reset();
        let question = SectionQuestion {
            intent,
            is_own,
            is_own_record: is_own && intent == Intent::Read && path.is_user(),
            is_own_key: is_own && intent == Intent::Write && is_key_reset,
        };
        let mut findings = Findings::default();
        match &self.records.map {
            // The sections of all entries that match the path count.
            // Source: default OPA rules, `request_permission`.
            Some(map) => {
                for (section, _) in
                    map.regexes.matching_places(path.text).into_iter().filter_map(|at| map.entries.get(at))
                {
                    self.collect_section(self.records.names.text(*section), intent, &mut findings);
                }
            }
            None => match path.route() {
                Route::Unmapped => {}
                Route::Me if intent == Intent::Read => return Ruling::allow(Rule::Me),
                // Only reading is documented. This path is not the record of a user whose id is `me` either.
                Route::Me => return Ruling::deny(Rule::UnknownAction),
                Route::Section(section) => self.collect_section(section, intent, &mut findings),
            },
        }
        let ruling = self.decide_sections(question, &findings);
        // Documented for admins. We apply it to every caller.
        // Source: Tyk Dashboard configuration, `forbid_admin_reset_access_token`.
        if is_key_reset && !is_own && intent != Intent::Read && self.records.config.forbid_admin_reset_access_token {
            return if ruling.allow { Ruling::deny(Rule::KeyResetForbidden) } else { ruling };
        }
        match path.api().or(path.measured_api().filter(|_| self.limits_analytics_to_owned())) {
            // The id is looked up without decoding it. An escape could hide the id of an API that has owners.
            Some(id) if is_escaped(id) && !self.records.apis.table.is_empty() => Ruling::deny(Rule::MalformedPath),
            Some(id) => self.limit_to_owners(id, ruling),
            None => ruling,
        }
    }

    /// Whether the caller sees only the analytics of APIs that they own. The documentation does not list the requests
    /// to which this applies: we apply it to requests that name an API, as `/api/usage/apis/{id}` does. A request for
    /// the analytics of all APIs is not limited here: the server that answers it filters its response.
    // Source: Tyk documentation, "API Ownership", owned analytics.
    fn limits_analytics_to_owned(self) -> bool {
        let limit = self.subject.grant(&self.records.names, OWNED_ANALYTICS);
        !self.is_admin && matches!(limit, Some(Grant::Read | Grant::Write | Grant::Admin))
    }

    /// Adds the caller's permission for one section to the findings.
    #[inline]
    fn collect_section(self, section: &str, intent: Intent, findings: &mut Findings) {
        let grant = self.subject.grant(&self.records.names, section);
        let is_reset = section == RESET_PASSWORD;
        findings.any = true;
        findings.is_reset |= is_reset;
        findings.has_reset_permission |= is_reset && grant.is_some();
        match grant {
            None => findings.is_absent |= !is_reset,
            Some(Grant::Nothing) => findings.add_insufficient(Level::Deny),
            Some(Grant::Deny) => {
                findings.is_denied = true;
                findings.add_insufficient(Level::Deny);
            }
            Some(Grant::Read) => findings.add_level(Level::Read, intent),
            Some(Grant::Write) => findings.add_level(Level::Write, intent),
            Some(Grant::Admin) => findings.add_level(Level::Admin, intent),
            Some(Grant::ReadOnly) => match intent {
                Intent::Read => findings.add_level(Level::Read, intent),
                Intent::Write | Intent::Delete => findings.is_read_only = true,
            },
            Some(Grant::Alone) => findings.is_alone = true,
        }
    }

    /// Applies rules D1 to D6 and the limits to the findings.
    #[inline]
    fn decide_sections(self, question: SectionQuestion, findings: &Findings) -> Ruling<Tyk> {
        // D1. Source: default OPA rules, "This action is unknown". Admins too.
        if !findings.any && !question.is_own_key && !question.is_own_record {
            return Ruling::deny(Rule::UnknownAction);
        }
        if self.is_admin {
            self.decide_for_admin(question, findings)
        } else {
            self.decide_for_user(question, findings)
        }
    }

    fn decide_for_user(self, question: SectionQuestion, findings: &Findings) -> Ruling<Tyk> {
        let needs = question.intent.needed_level();
        let is_absent = findings.is_absent || findings.is_alone;
        // D2. Source: default OPA rules, "You do not have permission to access".
        if is_absent && !question.is_own_key && !question.is_own_record {
            return Ruling::deny(self.absence_rule(findings)).with_levels(Level::Deny, needs);
        }
        // D3 does not apply to an absent section: OPA evaluates the argument of the negated call first, so an
        // undefined argument leaves the rule undefined. That is why every user can read their own record.
        // Source: default OPA rules, "You do not have permission to carry out"; OPA issues 1877, 4743, 8387.
        if let Some(level) = findings.insufficient {
            if !question.is_own_key {
                return Ruling::deny(Rule::SectionOperation).with_levels(level, needs);
            }
        }
        // D5. A path that is too short to have an id is not the caller's own.
        // Source: Tyk Dashboard, "Change Your Password": not for other users.
        if findings.is_reset && !question.is_own {
            return Ruling::deny(Rule::ResetOther);
        }
        // Source: Tyk documentation, "Audit Logs": only read exists.
        if findings.is_read_only && !question.is_own_key {
            return Ruling::deny(Rule::AuditLogsReadOnly).with_levels(Level::Read, needs);
        }
        if question.is_own_key {
            Ruling::allow(Rule::OwnKey)
        } else if findings.is_reset {
            Ruling::allow(Rule::OwnPassword)
        } else if let (Some(level), false) = (findings.sufficient, is_absent) {
            Ruling::allow(Rule::Section).with_levels(level, needs)
        } else {
            Ruling::allow(Rule::OwnRecord)
        }
    }

    /// The rule that explains why a section is missing in the permissions.
    fn absence_rule(self, findings: &Findings) -> Rule {
        match self.subject.status {
            Status::Unwritten => Rule::Unwritten,
            Status::InactiveGroup => Rule::InactiveGroup,
            // Source: Tyk documentation, "API Ownership": takes effect together with `analytics`.
            Status::Plain if !findings.is_absent => Rule::OwnedAnalyticsAlone,
            Status::NotSignedIn
            | Status::UnknownUser
            | Status::Inactive
            | Status::Plain
            | Status::Admin
            | Status::EmptyIsAdmin => Rule::SectionAbsent,
        }
    }

    fn decide_for_admin(self, question: SectionQuestion, findings: &Findings) -> Ruling<Tyk> {
        // D4: `deny` limits an admin; `read` does not.
        // Source: default OPA rules, the rule for an admin with an explicit `deny`.
        if findings.is_denied && !question.is_own_key {
            return Ruling::deny(Rule::AdminSectionDenied);
        }
        if findings.is_reset && !question.is_own {
            // D6. Source: default OPA rules, resetting the password for other users; configuration,
            // `allow_admin_reset_password`.
            return if self.records.config.allow_admin_reset_password {
                Ruling::allow(Rule::ResetConfigured)
            } else if findings.has_reset_permission {
                Ruling::allow(Rule::ResetPermission)
            } else {
                Ruling::deny(Rule::AdminResetOther)
            };
        }
        if question.is_own_key {
            Ruling::allow(Rule::OwnKey)
        } else if findings.is_reset {
            Ruling::allow(Rule::OwnPassword)
        } else if !findings.any {
            Ruling::allow(Rule::OwnRecord)
        } else if self.subject.status == Status::EmptyIsAdmin {
            Ruling::allow(Rule::EmptyIsAdmin)
        } else {
            Ruling::allow(Rule::Admin)
        }
    }

    /// Limits a ruling about the section `apis` to one API. An API of another organisation is denied to everyone. An
    /// API that has owners is allowed only to its owners and to admins. These limits never allow what the ruling
    /// denies. They also apply to paths below `/api/apis/{id}`, so that a request cannot get around the decision
    /// about `api:<id>`.
    // Source: Tyk documentation, "API Ownership"; release notes (admins are not affected).
    fn limit_to_owners(self, id: &str, ruling: Ruling<Tyk>) -> Ruling<Tyk> {
        if !ruling.allow {
            return ruling;
        }
        let names = &self.records.names;
        let Some(api) = self.records.apis.table.get(names, id).map(Api::unpack) else { return ruling };
        if api.org.is_some_and(|org| org != self.identity.org) {
            Ruling::deny(Rule::OtherOrg)
        } else if !api.is_owned || self.is_admin {
            ruling
        } else if self.subject.owned.get(names, id).is_some() {
            Ruling { rule: Rule::Owner, ..ruling }
        } else {
            Ruling::deny(Rule::OwnedByOthers)
        }
    }
}

impl Findings {
    fn add_insufficient(&mut self, level: Level) {
        self.insufficient = Some(self.insufficient.map_or(level, |lowest| lowest.min(level)));
    }

    /// Compares the level of a section with the level that the intent needs.
    // Source: default OPA rules, `intent_match`: write implies read and delete; read implies neither.
    fn add_level(&mut self, level: Level, intent: Intent) {
        if level >= intent.needed_level() {
            self.sufficient = Some(self.sufficient.map_or(level, |lowest| lowest.min(level)));
        } else {
            self.add_insufficient(level);
        }
    }
}
