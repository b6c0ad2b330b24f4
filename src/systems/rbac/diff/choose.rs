//! Values of one attribute: those that satisfy statements, and one for each group of values that the statements
//! distinguish.

use super::super::condition::Scalar;
use super::atom::{Atom, Var};
use super::goals::{Frame, Goals, Groups};
use super::values::{contains_value, is_equal, is_within, Number, Values};
use crate::tables::double::{parse_double, NUMBER_MAX};
use crate::tables::text::number;

/// Values of one attribute.
pub(super) fn choose_values(frame: &Frame<'_>, must_hold: &[&Atom], fail: &[&Atom]) -> Option<Values> {
    let all = must_hold.iter().chain(fail);
    let known = representative_values(frame, all.flat_map(|atom| atom.constants()).collect());
    if must_hold.iter().any(|atom| matches!(atom, Atom::Single(..))) {
        let numbers = known.into_iter().filter(|value| matches!(value, Scalar::Number(..)));
        let mut values = numbers.map(|number| Values { members: vec![Some(number)], is_list: false });
        return values.find(|values| {
            let find = |_: &Var| Some(values.clone());
            must_hold.iter().all(|atom| atom.is_true(&find)) && !fail.iter().any(|atom| atom.is_true(&find))
        });
    }
    // Each member has to satisfy the statements about all members.
    let fits_all = |member: &Option<Scalar>| {
        must_hold.iter().all(|atom| match atom {
            Atom::Equals(..) => true,
            other => other.is_true(&|_| Some(Values { members: vec![member.clone()], is_list: false })),
        }) && !fail.iter().any(|atom| {
            matches!(atom, Atom::Equals(..))
                && atom.is_true(&|_| Some(Values { members: vec![member.clone()], is_list: false }))
        })
    };
    let members: Vec<Option<Scalar>> = known.into_iter().map(Some).chain([None]).filter(fits_all).collect();
    let mut values = Values::default();
    let mut add = |is_one: &dyn Fn(&Option<Scalar>) -> bool| {
        let chosen = members.iter().find(|member| is_one(member))?;
        let is_new = !values.members.iter().any(|member| match (member, chosen) {
            (Some(a), Some(b)) => is_equal(a, b),
            (None, None) => true,
            _ => false,
        });
        values.members.extend(is_new.then(|| chosen.clone()));
        Some(())
    };
    for atom in must_hold.iter().filter(|atom| matches!(atom, Atom::Equals(..))) {
        add(&|member| atom.is_true(&|_| Some(single_value(member))))?;
    }
    let mut is_list = false;
    for atom in fail {
        match atom {
            Atom::Equals(..) => {}
            Atom::Single(..) => is_list = true,
            Atom::Differs(..) | Atom::Between(..) => add(&|member| !atom.is_true(&|_| Some(single_value(member))))?,
        }
    }
    if values.members.is_empty() {
        values.members.push(members.first()?.clone());
    }
    values.is_list = is_list || values.members.len() > 1;
    Some(values)
}

fn single_value(member: &Option<Scalar>) -> Values {
    Values { members: vec![member.clone()], is_list: false }
}

/// Names of groups.
pub(super) fn choose_groups(frame: &Frame<'_>, groups: &Groups, must_hold: &[&Atom], fail: &[&Atom]) -> Option<Values> {
    let text = |name: &str| Some(Scalar::Text(name.into()));
    let mut values = Values { members: groups.base.iter().map(|name| text(name)).collect(), is_list: true };
    let breaks = |member: &Option<Scalar>| fail.iter().any(|atom| atom.is_true(&|_| Some(single_value(member))));
    if values.members.iter().any(breaks) {
        return None;
    }
    let constants =
        must_hold.iter().flat_map(|atom| atom.constants()).chain(frame.fresh.map(|name| Scalar::Text(name.into())));
    let names: Vec<Option<Scalar>> = constants.filter(|value| can_be_named(groups, value)).map(Some).collect();
    for atom in must_hold {
        if !atom.is_true(&|_| Some(values.clone())) {
            let name = names.iter().find(|name| atom.is_true(&|_| Some(single_value(name))) && !breaks(name))?;
            values.members.push(name.clone());
        }
    }
    Some(values)
}

fn can_be_named(groups: &Groups, value: &Scalar) -> bool {
    matches!(value, Scalar::Text(name) if !groups.defined.contains(name))
}

/// Values of an attribute that is compared with another one: one for each group that the statements distinguish.
pub(super) fn candidate_values(frame: &Frame<'_>, goals: &Goals, var: &Var) -> Vec<Values> {
    let known = representative_values(frame, goals.constants());
    if let Some(groups) = frame.groups.filter(|_| var.attribute.is_groups()) {
        let base: Vec<Option<Scalar>> = groups.base.iter().map(|name| Some(Scalar::Text(name.clone()))).collect();
        let further = known.into_iter().filter(|value| can_be_named(groups, value)).map(Some);
        let with = |name: Option<Scalar>| base.iter().cloned().chain([name]).collect();
        let mut lists: Vec<Vec<Option<Scalar>>> = further.map(with).collect();
        lists.push(base);
        return lists.into_iter().map(|members| Values { members, is_list: true }).collect();
    }
    let mut all: Vec<Values> = known.iter().map(|value| single_value(&Some(value.clone()))).collect();
    let members: Vec<Option<Scalar>> = known.into_iter().map(Some).chain([None]).collect();
    for (place, first) in members.iter().enumerate() {
        let rest = members.iter().skip(place);
        all.extend(rest.map(|second| Values { members: vec![first.clone(), second.clone()], is_list: true }));
    }
    all
}

/// One value for each group that the statements distinguish.
fn representative_values(frame: &Frame<'_>, constants: Vec<Scalar>) -> Vec<Scalar> {
    let mut all: Vec<Scalar> = Vec::new();
    let mut add = |value: Scalar| {
        if !contains_value(&all, &value) {
            all.push(value);
        }
    };
    let mut numbers: Vec<Number> = Vec::new();
    for value in constants {
        if let Scalar::Number(number, digits) = &value {
            numbers.push((*number, digits.clone()));
        }
        add(value);
    }
    frame.fresh.into_iter().for_each(|text| add(Scalar::Text(text.into())));
    numbers.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let ends =
        |least: f64, most: f64| number_between(least, most).map(|(number, digits)| Scalar::Number(number, digits));
    let mut last = -NUMBER_MAX - 1.0;
    for (number, _) in &numbers {
        ends(last, *number).into_iter().for_each(&mut add);
        last = *number;
    }
    ends(last, NUMBER_MAX + 1.0).into_iter().for_each(&mut add);
    [true, false].into_iter().for_each(|flag| add(Scalar::Flag(flag)));
    all
}

/// A number between two others, with few digits.
fn number_between(least: f64, most: f64) -> Option<Number> {
    let mut scale = 1.0;
    for digits in 0..16_usize {
        let scaled = (least * scale).floor() + 1.0;
        if scaled.abs() <= NUMBER_MAX {
            #[expect(clippy::as_conversions, reason = "the number is whole, and both types hold it")]
            let text = with_point(&number(scaled as i64), digits);
            let number = parse_double(&text);
            if least < number
                && number < most
                && is_within(number, Some(&(-NUMBER_MAX, "".into())), Some(&(NUMBER_MAX, "".into())))
            {
                return Some((number, text.into()));
            }
        }
        scale *= 10.0;
    }
    None
}

/// The digits of a whole number with a point before the last ones.
fn with_point(digits: &str, after: usize) -> String {
    if after == 0 {
        return digits.to_owned();
    }
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let zeros = "0".repeat(after.saturating_add(1).saturating_sub(digits.len()));
    let digits = [&zeros, digits].concat();
    let (integer, fraction) = digits.split_at_checked(digits.len().saturating_sub(after)).unwrap_or((&digits, "0"));
    [sign, integer, ".", fraction].concat()
}
