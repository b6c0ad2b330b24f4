//! Finds what has no effect in a document, or is probably a mistake.

mod code;
mod dead;
mod scopes;
mod unused;

use self::code::Code;
use self::dead::Dead;
use self::scopes::Scopes;
use super::model::{Holder, Records};
use super::object::{number_value, object};
use super::parts::{assignment_place, each_holder, each_part};
use super::pointer::{entry_place, pattern_place, pointer};
use super::table::{Bounds, Table};
use crate::document::problem::push_name;
use crate::document::value::Value;
use crate::tables::text::{fill, quote};
use crate::tables::word::Word;

/// The first second after the year 9999.
const YEAR_10000: u64 = 253_402_300_800;

/// The findings so far.
#[derive(Default)]
struct Findings {
    list: Vec<Value>,
}

impl Findings {
    fn add(&mut self, code: Code, path: &str, message: &str) {
        self.list.push(object(vec![("code", code.word().into()), ("path", path.into()), ("message", message.into())]));
    }
}

/// All findings, as a list of `code`, `path` and `message`. `now` is for bounds that have passed.
pub(super) fn lint(records: &Records, now: Option<u64>) -> Value {
    let mut findings = Findings::default();
    let scopes = Scopes::of_records(records);
    let mut dead = Dead::of_records(records);
    for (place, role) in records.roles.iter().enumerate() {
        let path = pointer(&["roles", &role.name]);
        grants(&mut findings, &mut dead, &role.grants, &path, scopes.of_role(place), now);
    }
    each_holder(records, &mut |path, holder| {
        grants(&mut findings, &mut dead, &holder.grants, path, &[String::new()], now);
        find_grants_of_everything(&mut findings, &holder.grants, path);
        check_assignments(&mut findings, records, &scopes, holder, path, now);
    });
    nameless(
        &mut findings,
        &records.limits,
        "/limits",
        Code::LimitWithoutEffect,
        "this limit denies nothing: name an action, or remove it",
    );
    dead.limits(&mut |matched, message| {
        findings.add(Code::LimitWithoutEffect, &entry_place("/limits", matched), message);
    });
    unused::names(records, &mut |code, path, message| findings.add(code, path, message));
    unused::attributes(records, &mut |path, attribute| {
        let message = "no user of the document has the attribute {}: correct its name, or give it to users";
        findings.add(Code::UnknownAttribute, path, &fill(message, &[&quote(attribute)]));
    });
    Value::List(findings.list)
}

/// Findings about the grants of a holder or role.
fn grants(
    findings: &mut Findings,
    dead: &mut Dead<'_>,
    table: &Table,
    holder: &str,
    scopes: &[String],
    now: Option<u64>,
) {
    let mut place = holder.to_owned();
    push_name(&mut place, "grants");
    dead.grants(table, scopes, &mut |matched, code, message| {
        findings.add(code, &entry_place(&place, matched), message);
    });
    each_part(table, &mut |matched| bounds(findings, matched.bounds(), &entry_place(&place, matched), now));
    nameless(
        findings,
        table,
        &place,
        Code::EmptyGrant,
        "this grant gives nothing: name a level or an action, or remove it",
    );
}

/// Grants or limits that name nothing.
fn nameless(findings: &mut Findings, table: &Table, place: &str, code: Code, message: &str) {
    for (pattern, item) in &table.nameless {
        findings.add(code, &pattern_place(place, pattern, *item), message);
    }
}

/// Bounds that have passed, or that are too late to be in seconds.
fn bounds(findings: &mut Findings, bounds: Option<Bounds>, place: &str, now: Option<u64>) {
    let Some(Bounds { from, until }) = bounds else { return };
    let message = |name: &str, bound: u64, rest: &str| {
        fill("`{}` is {}, which is {}", &[name, &number_value(bound).json(), rest])
    };
    let late = "after the year 9999: write seconds, not milliseconds";
    if (YEAR_10000..u64::MAX).contains(&from) {
        findings.add(Code::Milliseconds, place, &message("from", from, late));
    }
    if (YEAR_10000..u64::MAX).contains(&until) {
        findings.add(Code::Milliseconds, place, &message("until", until, late));
    }
    if now.is_some_and(|now| until <= now) {
        findings.add(Code::Expired, place, &message("until", until, "over: remove this, or set another time"));
    }
}

/// Grants of `**`.
fn find_grants_of_everything(findings: &mut Findings, table: &Table, holder: &str) {
    let mut place = holder.to_owned();
    push_name(&mut place, "grants");
    each_part(table, &mut |matched| {
        if matched.pattern == "**" {
            let message = "`**` without a scope grants this on all resources: name them, if not all are meant";
            findings.add(Code::GrantOfEverything, &entry_place(&place, matched), message);
        }
    });
}

/// Findings about the roles of a holder.
fn check_assignments(
    findings: &mut Findings,
    records: &Records,
    scopes: &Scopes,
    holder: &Holder,
    path: &str,
    now: Option<u64>,
) {
    for (index, assignment) in holder.roles.iter().enumerate() {
        let place = assignment_place(path, index);
        bounds(findings, assignment.bounds.as_deref().copied(), &place, now);
        if assignment.scope.is_empty() && scopes.grants_everything(assignment.role) {
            let name = records.role(assignment.role).map_or("", |role| &role.name);
            let message =
                "the role {} grants `**`, and it is given without a scope: add one, if not all resources are meant";
            findings.add(Code::GrantOfEverything, &place, &fill(message, &[&quote(name)]));
        }
    }
}
