//! Who may do what: the Dashboard's default rules.
//!
//! Every rule of the Dashboard is a denial, and what no rule denies is allowed. They are tried in the order D0
//! to D6, so that the id of the first one that fires is reported, then the limits that those rules do not
//! know.

use crate::system::Ruling;

use super::model::{Api, Records};
use super::paths::{is_escaped, stands_for, Path, Route, RESET_PASSWORD};
use super::permissions::{is_no_section, section_name, Grant, OWNED_ANALYTICS};
use super::subject::{Person, Standing, Subject};
use super::vocabulary::{Action, Level, Rule, Tyk};

/// What somebody wants to do with what they ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    Read,
    Write,
    Delete,
}

impl Intent {
    /// The least level that is enough.
    fn needs(self) -> Level {
        match self {
            Self::Read => Level::Read,
            Self::Write | Self::Delete => Level::Write,
        }
    }
}

/// Which resources an action is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Sections and APIs.
    Named,
    /// Users.
    Person,
    /// Paths.
    Request,
}

/// What an action wants, and of which resources. Only `GET` and `HEAD` read, so a `POST` to a search is a
/// write, and `OPTIONS` too.
// Source: Tyk Dashboard, default OPA rules, `intent_match`.
pub(super) fn intent(action: Action) -> (Form, Intent) {
    match action {
        Action::Read => (Form::Named, Intent::Read),
        Action::Write => (Form::Named, Intent::Write),
        Action::Delete => (Form::Named, Intent::Delete),
        Action::ViewKey => (Form::Person, Intent::Read),
        Action::MakeAdmin | Action::Attempt => (Form::Person, Intent::Write),
        Action::Get | Action::Head => (Form::Request, Intent::Read),
        Action::HttpDelete => (Form::Request, Intent::Delete),
        Action::Post | Action::Put | Action::Patch | Action::Options | Action::Trace | Action::Connect => {
            (Form::Request, Intent::Write)
        }
    }
}

/// Whether the subject may do this.
pub(super) fn decide(records: &Records, subject: &Subject, action: Action, resource: &str) -> Ruling<Tyk> {
    if action == Action::Attempt {
        return attempt(resource);
    }
    // D0, and what has nobody to ask about. Source: default OPA rules, "User is not active".
    let is_admin = match subject.standing {
        Standing::NotSignedIn => return Ruling::deny(Rule::NotSignedIn),
        Standing::UnknownUser => return Ruling::deny(Rule::UnknownUser),
        Standing::Inactive => return Ruling::deny(Rule::Inactive),
        Standing::Plain | Standing::Unwritten | Standing::InactiveGroup => false,
        Standing::Admin | Standing::EmptyIsAdmin => true,
    };
    let Some(person) = subject.person else { return Ruling::deny(Rule::UnknownUser) };
    let asker = Asker { records, subject, person, is_admin };
    let (form, intent) = intent(action);
    let (kind, name) = resource.split_once(':').unwrap_or_default();
    match (kind, form) {
        ("path", Form::Request) => asker.on_path(intent, name),
        ("section", Form::Named) => asker.on_section(intent, name),
        ("api", Form::Named) => asker.on_api(intent, name),
        ("user", Form::Person) if !is_id(name) => Ruling::deny(Rule::NothingFits),
        ("user", Form::Person) if action == Action::ViewKey => asker.view_key(name),
        ("user", Form::Person) => asker.make_admin(),
        ("path" | "section" | "api" | "user", _) => Ruling::deny(Rule::ActionMismatch),
        _ => Ruling::deny(Rule::NothingFits),
    }
}

/// Whether this can be an id, or a section's name: a segment of a path.
fn is_id(name: &str) -> bool {
    !name.is_empty() && !name.contains('/')
}

/// Anybody may try, or there would be no first time. Whether it succeeds is for the password to say.
// Source: Tyk Dashboard, "Change Your Password", resetting a password by e-mail.
fn attempt(resource: &str) -> Ruling<Tyk> {
    match resource.split_once(':') {
        Some(("user", id)) if is_id(id) => Ruling::allow(Rule::Anybody),
        Some(("path" | "section" | "api", _)) => Ruling::deny(Rule::ActionMismatch),
        Some(_) | None => Ruling::deny(Rule::NothingFits),
    }
}

/// An active subject with a question.
#[derive(Clone, Copy)]
struct Asker<'r> {
    records: &'r Records,
    subject: &'r Subject,
    person: Person,
    is_admin: bool,
}

/// A question about sections: what is wanted, and what lets the asker in without a permission.
#[derive(Clone, Copy)]
struct Ask {
    intent: Intent,
    /// The path names the asker's own id where ids of users stand.
    is_own: bool,
    /// Reading the own record or below. Opens what D1 and D2 close.
    is_own_record: bool,
    /// Renewing the own access key. Opens what D1 to D4 close.
    is_own_key: bool,
}

/// What the permissions say about the sections of a question.
#[derive(Default)]
struct Findings {
    /// Whether the question has a section at all.
    any: bool,
    is_reset: bool,
    has_reset_permission: bool,
    is_absent: bool,
    is_alone: bool,
    is_denied: bool,
    is_read_only: bool,
    /// The level of a section that is present and not enough.
    short: Option<Level>,
    /// The lowest level that was enough.
    enough: Option<Level>,
}

impl Asker<'_> {
    fn on_section(self, intent: Intent, name: &str) -> Ruling<Tyk> {
        if !is_id(name) {
            return Ruling::deny(Rule::NothingFits);
        }
        if is_no_section(name) {
            return Ruling::deny(Rule::NotASection);
        }
        let mut findings = Findings::default();
        self.look_up(section_name(name), intent, &mut findings);
        self.judge(Ask { intent, is_own: false, is_own_record: false, is_own_key: false }, &findings)
    }

    fn on_api(self, intent: Intent, id: &str) -> Ruling<Tyk> {
        if !is_id(id) {
            return Ruling::deny(Rule::NothingFits);
        }
        let ruling = self.on_section(intent, "apis");
        self.limit_to_owners(id, ruling)
    }

    /// Who sees a user sees its access key, unless the records say otherwise. One's own is always shown.
    // Source: Tyk Dashboard configuration, `forbid_admin_view_access_token`.
    fn view_key(self, id: &str) -> Ruling<Tyk> {
        if self.records.names.text(self.person.id) == id {
            return Ruling::allow(Rule::OwnKey);
        }
        let ruling = self.on_section(Intent::Read, "users");
        if ruling.allow && self.records.config.forbid_admin_view_access_token {
            return Ruling::deny(Rule::KeyViewForbidden);
        }
        ruling
    }

    /// Whoever makes admins is one, and may change users besides.
    // Source: Tyk Dashboard release notes, 5.6 and 5.7 (only the super-admin, where the records say so).
    fn make_admin(self) -> Ruling<Tyk> {
        if !self.is_admin {
            return Ruling::deny(Rule::AdminMakesAdmins);
        }
        if self.records.config.only_super_admin_creates_admin {
            return Ruling::deny(Rule::SuperAdminMakesAdmins);
        }
        self.on_section(Intent::Write, "users")
    }

    fn on_path(self, intent: Intent, path: &str) -> Ruling<Tyk> {
        let Some(path) = Path::parse(path) else { return Ruling::deny(Rule::MalformedPath) };
        let is_own = stands_for(path.id(), self.records.names.text(self.person.id));
        let is_key_reset = path.is_key_reset();
        let ask = Ask {
            intent,
            is_own,
            is_own_record: is_own && intent == Intent::Read && path.is_user(),
            is_own_key: is_own && intent == Intent::Write && is_key_reset,
        };
        let mut findings = Findings::default();
        match &self.records.map {
            // All sections that any entry finds count.
            // Source: default OPA rules, `request_permission`.
            Some(map) => {
                for (section, _) in map.regexes.found_in(path.text).into_iter().filter_map(|at| map.entries.get(at)) {
                    self.look_up(self.records.names.text(*section), intent, &mut findings);
                }
            }
            None => match path.route() {
                Route::Unmapped => {}
                Route::Me if intent == Intent::Read => return Ruling::allow(Rule::Me),
                // Only reading is documented. It is not the record of a user whose id is `me` either.
                Route::Me => return Ruling::deny(Rule::UnknownAction),
                Route::Section(section) => self.look_up(section, intent, &mut findings),
            },
        }
        let ruling = self.judge(ask, &findings);
        // Documented for admins; nobody else renews the key of another then either.
        // Source: Tyk Dashboard configuration, `forbid_admin_reset_access_token`.
        if is_key_reset && !is_own && intent != Intent::Read && self.records.config.forbid_admin_reset_access_token {
            return if ruling.allow { Ruling::deny(Rule::KeyResetForbidden) } else { ruling };
        }
        match path.api().or(path.measured_api().filter(|_| self.measures_only_own())) {
            // The id is not looked up decoded, so that an escape might hide an API with owners.
            Some(id) if is_escaped(id) && !self.records.apis.table.is_empty() => Ruling::deny(Rule::MalformedPath),
            Some(id) => self.limit_to_owners(id, ruling),
            None => ruling,
        }
    }

    /// Whether the analytics of an API are limited as the API is: to its owners, where it has any. Which requests
    /// these are is not documented: we take those that name an API where `/api/usage/apis/{id}` does. What one
    /// about all APIs leaves out is for whoever answers it to say.
    // Source: Tyk documentation, "API Ownership", owned analytics.
    fn measures_only_own(self) -> bool {
        let limit = self.subject.grants.get(&self.records.names, OWNED_ANALYTICS).map(Grant::from_code);
        !self.is_admin && matches!(limit, Some(Grant::Read | Grant::Write | Grant::Admin))
    }

    /// Notes what the permissions say about one section.
    #[inline]
    fn look_up(self, section: &str, intent: Intent, findings: &mut Findings) {
        let held = self.subject.grants.get(&self.records.names, section).map(Grant::from_code);
        let is_reset = section == RESET_PASSWORD;
        findings.any = true;
        findings.is_reset |= is_reset;
        findings.has_reset_permission |= is_reset && held.is_some();
        match held {
            None => findings.is_absent |= !is_reset,
            Some(Grant::Nothing) => findings.fall_short(Level::Deny),
            Some(Grant::Deny) => {
                findings.is_denied = true;
                findings.fall_short(Level::Deny);
            }
            Some(Grant::Read) => findings.compare(Level::Read, intent),
            Some(Grant::Write) => findings.compare(Level::Write, intent),
            Some(Grant::Admin) => findings.compare(Level::Admin, intent),
            Some(Grant::ReadOnly) => match intent {
                Intent::Read => findings.compare(Level::Read, intent),
                Intent::Write | Intent::Delete => findings.is_read_only = true,
            },
            Some(Grant::Alone) => findings.is_alone = true,
        }
    }

    /// The rules D1 to D6 and the caps, about what was found.
    #[inline]
    fn judge(self, ask: Ask, findings: &Findings) -> Ruling<Tyk> {
        // D1. Source: default OPA rules, "This action is unknown". Admins too.
        if !findings.any && !ask.is_own_key && !ask.is_own_record {
            return Ruling::deny(Rule::UnknownAction);
        }
        if self.is_admin {
            self.judge_admin(ask, findings)
        } else {
            self.judge_plain(ask, findings)
        }
    }

    fn judge_plain(self, ask: Ask, findings: &Findings) -> Ruling<Tyk> {
        let needs = ask.intent.needs();
        let is_absent = findings.is_absent || findings.is_alone;
        // D2. Source: default OPA rules, "You do not have permission to access".
        if is_absent && !ask.is_own_key && !ask.is_own_record {
            return Ruling::deny(self.absence(findings)).with_levels(Level::Deny, needs);
        }
        // D3, which is silent about a section that is absent: OPA evaluates the argument of the negated call
        // first, so an undefined one leaves the rule undefined. That is why everybody reads the own record.
        // Source: default OPA rules, "You do not have permission to carry out"; OPA issues 1877, 4743, 8387.
        if let Some(level) = findings.short {
            if !ask.is_own_key {
                return Ruling::deny(Rule::SectionOperation).with_levels(level, needs);
            }
        }
        // D5. A path too short for an id is not the own one.
        // Source: Tyk Dashboard, "Change Your Password": not for other users.
        if findings.is_reset && !ask.is_own {
            return Ruling::deny(Rule::ResetOther);
        }
        // Source: Tyk documentation, "Audit Logs": only read exists.
        if findings.is_read_only && !ask.is_own_key {
            return Ruling::deny(Rule::AuditLogsReadOnly).with_levels(Level::Read, needs);
        }
        if ask.is_own_key {
            Ruling::allow(Rule::OwnKey)
        } else if findings.is_reset {
            Ruling::allow(Rule::OwnPassword)
        } else if let (Some(level), false) = (findings.enough, is_absent) {
            Ruling::allow(Rule::Section).with_levels(level, needs)
        } else {
            Ruling::allow(Rule::OwnRecord)
        }
    }

    /// Why a section is not among the permissions.
    fn absence(self, findings: &Findings) -> Rule {
        match self.subject.standing {
            Standing::Unwritten => Rule::Unwritten,
            Standing::InactiveGroup => Rule::InactiveGroup,
            // Source: Tyk documentation, "API Ownership": takes effect together with `analytics`.
            Standing::Plain if !findings.is_absent => Rule::OwnedAnalyticsAlone,
            Standing::NotSignedIn
            | Standing::UnknownUser
            | Standing::Inactive
            | Standing::Plain
            | Standing::Admin
            | Standing::EmptyIsAdmin => Rule::SectionAbsent,
        }
    }

    fn judge_admin(self, ask: Ask, findings: &Findings) -> Ruling<Tyk> {
        // D4: only `deny` limits an admin, not `read`.
        // Source: default OPA rules, the rule for an admin with an explicit `deny`.
        if findings.is_denied && !ask.is_own_key {
            return Ruling::deny(Rule::AdminSectionDenied);
        }
        if findings.is_reset && !ask.is_own {
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
        if ask.is_own_key {
            Ruling::allow(Rule::OwnKey)
        } else if findings.is_reset {
            Ruling::allow(Rule::OwnPassword)
        } else if !findings.any {
            Ruling::allow(Rule::OwnRecord)
        } else if self.subject.standing == Standing::EmptyIsAdmin {
            Ruling::allow(Rule::EmptyIsAdmin)
        } else {
            Ruling::allow(Rule::Admin)
        }
    }

    /// What a ruling about the section comes to for one API. An API of another organisation is nobody's to
    /// see; one that has owners is theirs and the admins'. Neither ever opens what the section closes. Paths
    /// below `/api/apis/{id}` are held to it as well, so that no request reaches what the question about the
    /// API refuses.
    // Source: Tyk documentation, "API Ownership"; release notes (admins are not affected).
    fn limit_to_owners(self, id: &str, ruling: Ruling<Tyk>) -> Ruling<Tyk> {
        if !ruling.allow {
            return ruling;
        }
        let names = &self.records.names;
        let Some(api) = self.records.apis.table.get(names, id).map(Api::unpack) else { return ruling };
        if api.org.is_some_and(|org| org != self.person.org) {
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
    fn fall_short(&mut self, level: Level) {
        self.short = Some(self.short.map_or(level, |lowest| lowest.min(level)));
    }

    /// Whether a level is enough.
    // Source: default OPA rules, `intent_match`: write implies read and delete; read implies neither.
    fn compare(&mut self, level: Level, intent: Intent) {
        if level >= intent.needs() {
            self.enough = Some(self.enough.map_or(level, |lowest| lowest.min(level)));
        } else {
            self.fall_short(level);
        }
    }
}
