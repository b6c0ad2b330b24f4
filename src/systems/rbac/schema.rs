//! The JSON Schema of a document.

use super::condition::CONDITIONS_MAX;
use super::condition_parser::{NEGATION, RANGE, REFERENCE};
use super::fields::REMARKS;
use super::grants::{GRANT, LIMIT};
use super::model::{ENTRIES_MAX, LEVELS, LEVELS_MAX, LEVELS_MIN, NAMES_MAX};
use super::records::{ASSIGNMENT, HOLDER, MEMBERS, ROLE, USER};
use super::schema_patterns::{attribute, groups, path, pattern, shape, LITERAL};
use crate::document::limits::NAME_MAX;
use crate::document::schema::Schema;
use crate::document::value::Value;
use crate::tables::double::NUMBER_MAX;

pub(super) fn schema() -> Schema {
    let document = object(&MEMBERS, &[], |member| {
        match member {
        "levels" => Schema::list(Schema::name())
            .with_count("minItems", LEVELS_MIN)
            .with_count("maxItems", LEVELS_MAX)
            .with("uniqueItems", true)
            .with_description("The levels from low to high; the first means nothing. `none`, `read`, `write` and `admin` if absent."),
        "actions" => map_of(Schema::any_of([Schema::text().with("minLength", 1), Schema::null()]))
            .with_count("maxProperties", NAMES_MAX.saturating_sub(LEVELS_MIN))
            .with_description("Further actions, each with the level that it needs; `null` for an action that is granted by its name alone."),
        "resources" => map_of(Schema::text().with_max_length(NAME_MAX).with_pattern(&shape()))
            .with_description("The shape of each type of resource: literals and `{name}`, separated by `/`. A path that fits no shape is an error."),
        "roles" => map_of(Schema::reference("role")).with_description("The roles by their names."),
        "groups" => map_of(Schema::reference("holder")).with_description("The groups by their names: what their members have."),
        "everyone" => Schema::reference("holder").with_description("What everyone has, signed in or not."),
        "authenticated" => Schema::reference("holder").with_description("What every active user has."),
        "users" => map_of(Schema::reference("user")).with_description("The users by their ids."),
        _ => Schema::reference("limits"),
    }
    });
    document.with("allOf", Value::List([usual_levels(), usual_names()].map(Value::from).to_vec())).of_document(
        "A document of roles, grants and limits",
        [
            ("role", role()),
            ("holder", object(&HOLDER, &[], of_holder)),
            ("user", user()),
            ("assignment", assignment()),
            ("grants", grants()),
            ("grant", Schema::any_of([name(), grant()])),
            ("limits", limits()),
            ("limit", Schema::any_of([name(), limit()])),
            ("names", Schema::any_of([name(), Schema::list(name())])),
            ("conditions", conditions(0)),
            ("conditionsOfLimit", conditions(1)),
            ("condition", Schema::any_of([Schema::reference("conditionOfGroups"), negation()])),
            ("conditionOfGroups", condition()),
            ("value", value()),
            ("reference", reference()),
            ("usualGrants", grants_of(&not_first())),
            ("usualLevels", grants_of(&Schema::one_of(grantable_names()))),
        ],
    )
}

/// An object with these members, and those without effect.
fn object(members: &[&str], required: &[&str], member: impl Fn(&str) -> Schema) -> Schema {
    let all = [members, &REMARKS].concat();
    Schema::object(&all, required, |name| if REMARKS.contains(&name) { Schema::text() } else { member(name) })
}

/// An object whose members have names of the document's own.
fn map_of(values: Schema) -> Schema {
    Schema::map(values).with("propertyNames", Schema::any().with("minLength", 1).with_max_length(NAME_MAX))
}

/// A name that is defined elsewhere in the document.
fn name() -> Schema {
    Schema::text().with("minLength", 1)
}

fn role() -> Schema {
    object(&ROLE, &[], |member| match member {
        "inherits" => Schema::list(name()).with_description("Roles whose grants this role has too."),
        _ => Schema::reference("grants"),
    })
}

fn of_holder(member: &str) -> Schema {
    match member {
        "roles" => Schema::list(Schema::any_of([name(), Schema::reference("assignment")]))
            .with_description("Roles by their names, or as objects with a scope or bounds."),
        _ => Schema::reference("grants"),
    }
}

fn user() -> Schema {
    object(&USER, &[], |member| match member {
        "groups" => Schema::list(name()).with_description("The names of groups."),
        "attributes" => Schema::map(Schema::any()).with_description("What conditions name behind `subject.`."),
        "active" => Schema::flag().with_description("Whether the user has more than everyone. True if absent."),
        _ => of_holder(member),
    })
}

fn assignment() -> Schema {
    object(&ASSIGNMENT, &["role"], |member| match member {
        "role" => name().with_description("The name of the role."),
        "scope" => Schema::text()
            .with_max_length(NAME_MAX)
            .with_pattern(&path(LITERAL))
            .with_description("A path that is put in front of each pattern of the role."),
        _ => time(member),
    })
}

/// A bound: `from` or `until`.
fn time(member: &str) -> Schema {
    let text = match member {
        "from" => "The first second that counts, since 1970.",
        _ => "The first second that no longer counts, since 1970.",
    };
    Schema::integer(0, whole_max()).with_description(text)
}

fn grants() -> Schema {
    by_pattern("grant")
        .with_description("What is granted, by pattern: names of levels or actions, or objects with `allow`.")
}

fn limits() -> Schema {
    by_pattern("limit").with_description(
        "By pattern: the highest level that remains, or actions that are denied, whatever is granted.",
    )
}

/// A map from patterns to the definition with this name, or to lists of it.
fn by_pattern(of_one: &str) -> Schema {
    let list = Schema::list(Schema::reference(of_one)).with_count("maxItems", ENTRIES_MAX);
    Schema::map(Schema::any_of([Schema::reference(of_one), list]))
        .with("propertyNames", Schema::any().with_max_length(NAME_MAX).with_pattern(&pattern()))
        .with_count("maxProperties", ENTRIES_MAX)
}

fn grant() -> Schema {
    object(&GRANT, &["allow"], |member| match member {
        "allow" => Schema::reference("names").with_description("Names of levels or actions."),
        "when" => Schema::reference("conditions").with_description("It counts while these hold."),
        _ => time(member),
    })
}

fn limit() -> Schema {
    let limit = object(&LIMIT, &[], |member| match member {
        "level" => name().with_description("The highest level that remains."),
        "deny" => Schema::reference("names").with_description("The actions that are denied."),
        _ => Schema::reference("conditionsOfLimit").with_description("It does not count while these hold."),
    });
    let either = ["level", "deny"].map(|member| Schema::any().with("required", Value::texts(&[member])).into());
    limit.with("oneOf", Value::List(either.to_vec()))
}

/// Conditions that must all hold, with a minimum number; or a list of such objects, one of which must hold.
fn conditions(least: usize) -> Schema {
    // Groups are never compared with `not`.
    let groups = Value::object([(&*groups(), Schema::reference("conditionOfGroups").into())]);
    let all = Schema::map(Schema::reference("condition"))
        .with("properties", groups)
        .with_count("minProperties", least)
        .with_count("maxProperties", CONDITIONS_MAX)
        .with("propertyNames", Schema::any().with_pattern(&attribute()));
    let list = Schema::list(all.clone()).with_count("minItems", 1).with_count("maxItems", CONDITIONS_MAX);
    Schema::any_of([all, list])
}

fn condition() -> Schema {
    let bound = || Schema::any_of([number_value(), Schema::reference("reference")]);
    let range = object(&RANGE, &[], |_| bound());
    let either = RANGE.map(|member| Schema::any().with("required", Value::texts(&[member])).into());
    Schema::any_of([
        Schema::reference("value"),
        Schema::list(Schema::reference("value")),
        Schema::reference("reference"),
        range.with("anyOf", Value::List(either.to_vec())),
    ])
}

fn negation() -> Schema {
    object(&NEGATION, &NEGATION, |_| {
        let not_groups = Schema::any().with("not", Schema::any().with("const", &*groups()));
        let properties = Value::object([("ref", not_groups.into())]);
        let reference = Schema::reference("reference").with("properties", properties);
        Schema::any_of([Schema::reference("value"), Schema::list(Schema::reference("value")), reference])
    })
}

fn reference() -> Schema {
    object(&REFERENCE, &REFERENCE, |_| {
        Schema::text().with_pattern(&attribute()).with_description("The path of another attribute.")
    })
}

fn value() -> Schema {
    Schema::any_of([Schema::text(), Schema::flag(), number_value()])
}

fn number_value() -> Schema {
    Schema::any().with("type", "number").with("minimum", whole_max().saturating_neg()).with("maximum", whole_max())
}

/// The largest number of a bound and of a condition.
fn whole_max() -> i64 {
    #[expect(clippy::as_conversions, reason = "the number is whole, and both types hold it")]
    let integer = NUMBER_MAX as i64;
    integer
}

/// What holds in a document without `levels`.
fn usual_levels() -> Schema {
    let actions = Schema::any().with("additionalProperties", Schema::one_of(grantable_names()).or_null());
    let limits = Schema::any().with("additionalProperties", one_or_list(usual_limit()));
    let holders = holders("usualGrants");
    if_absent(&["levels"], [("actions", actions), ("limits", limits)].into_iter().chain(holders))
}

/// What holds in a document with neither `levels` nor `actions`.
fn usual_names() -> Schema {
    if_absent(&["levels", "actions"], holders("usualLevels"))
}

/// What members must be in a document that has none of some others.
fn if_absent<'m>(absent: &[&str], members: impl IntoIterator<Item = (&'m str, Schema)>) -> Schema {
    let present = absent.iter().map(|member| Schema::any().with("required", Value::texts(&[member])));
    let members = members.into_iter().map(|(member, schema)| (member.to_owned(), schema.into())).collect();
    Schema::any()
        .with("if", Schema::any().with("not", Schema::any_of(present)))
        .with("then", Schema::any().with("properties", Value::Object(members)))
}

/// What all grants must be.
fn holders(grants: &str) -> [(&'static str, Schema); 5] {
    let holder = || Schema::any().with("properties", Value::object([("grants", Schema::reference(grants).into())]));
    let map = || Schema::any().with("additionalProperties", holder());
    [("roles", map()), ("groups", map()), ("everyone", holder()), ("authenticated", holder()), ("users", map())]
}

/// The levels but the first.
fn grantable_names() -> &'static [&'static str] {
    LEVELS.get(1..).unwrap_or_default()
}

/// A name that is not the first level's.
fn not_first() -> Schema {
    let first = LEVELS.first().copied().unwrap_or_default();
    Schema::text().with("not", Schema::any().with("const", first))
}

fn grants_of(name: &Schema) -> Schema {
    let object =
        Schema::map(Schema::any()).with("properties", Value::object([("allow", one_or_list(name.clone()).into())]));
    Schema::any().with("additionalProperties", one_or_list(Schema::any_of([name.clone(), object])))
}

fn usual_limit() -> Schema {
    let members = [("level", Schema::one_of(&LEVELS).into()), ("deny", one_or_list(not_first()).into())];
    Schema::any_of([Schema::one_of(&LEVELS), Schema::map(Schema::any()).with("properties", Value::object(members))])
}

fn one_or_list(one: Schema) -> Schema {
    Schema::any_of([one.clone(), Schema::list(one)])
}
