//! Checks what only sign-in needs in the records: addresses, passwords, keys, sessions and reset tokens.

use crate::document::node::Members;
use crate::document::problem::{Code, Problems};
use crate::tables::letters::to_lowercase;
use crate::tables::names::Index;
use crate::tables::text::{concat, number};

use super::fields::{check_texts, count, report_duplicate};
use super::passwords::{check_hash, check_length};

pub(super) const RESET_TOKEN: [&str; 3] = ["token", "user", "issued_at"];

/// Values that must be unique among all users, used only while parsing.
#[derive(Default)]
pub(super) struct Unique {
    /// Each address, prefixed with the number of its organisation.
    emails: Index,
    keys: Index,
    sessions: Index,
}

/// Checks the members that only sign-in needs.
pub(super) fn check_credentials(
    user: Members<'_>,
    org: u32,
    is_email_per_org: bool,
    unique: &mut Unique,
    problems: &mut Problems,
) {
    let names = ["first_name", "last_name", "created_at", "last_login_date", "password_updated"];
    check_texts(user, &names, problems);
    count(user, "password_max_days", problems);
    if let Some(model) = user.optional("api_model") {
        model.object(problems);
    }
    if let Some(password) = user.optional("password") {
        check_length(password, problems);
    }
    if let Some(hash) = user.optional("hash") {
        check_hash(hash, problems);
        if user.optional("password").is_some() {
            hash.problem(problems, Code::Mismatch, "`password` is also set, expected only one of them");
        }
    }
    // Source: Tyk Dashboard, "Add the user's basic details": the address is the login name.
    if let Some(email) = user.optional("email_address").and_then(|email| email.text(problems)) {
        let scope = if is_email_per_org { org } else { 0 };
        if !email.is_empty() && !unique.emails.insert(&concat(&[&*number(scope), ":", &to_lowercase(email)]), 0) {
            report_duplicate(user, "email_address", "e-mail address", problems);
        }
    }
    if let Some(key) = user.optional("access_key").and_then(|key| key.text(problems)) {
        if !key.is_empty() && !unique.keys.insert(key, 0) {
            report_duplicate(user, "access_key", "access key", problems);
        }
    }
    let Some(sessions) = user.optional("sessions").and_then(|list| list.items(problems)) else { return };
    for session in sessions.iter() {
        if session.name(problems).is_some_and(|token| !unique.sessions.insert(token, 0)) {
            session.problem(problems, Code::Duplicate, "this session token is already in the records");
        }
    }
}

pub(super) fn check_reset_tokens(members: Members<'_>, problems: &mut Problems) {
    let Some(items) = members.optional("reset_tokens").and_then(|list| list.items(problems)) else { return };
    for item in items.iter() {
        let Some(token) = item.object(problems) else { continue };
        token.check_names(&RESET_TOKEN, problems);
        for name in ["token", "user"] {
            if let Some(text) = token.required(name, problems) {
                text.name(problems);
            }
        }
        if let Some(issued) = token.required("issued_at", problems) {
            issued.integer(0, i64::MAX, problems);
        }
    }
}
