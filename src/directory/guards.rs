//! Strict guards: they reject a request that would escalate privileges, whatever the product's own rules allow.
//!
//! They check the result of a request before it is committed, so that no way to that result is missed. They compare
//! each changed entry of a user, role or group before and after the change with the caller. Privileges are never
//! compared by names of roles, but by decisions on the questions for which two holders could differ.
//!
//! Everything that is read here is checked again at the commit, like every other read of a request. So if two
//! administrators revoke each other's privileges concurrently, one of the requests fails and the last administrator
//! stays: the entry that proved that an administrator is left has changed.

use std::collections::{BTreeMap, BTreeSet};

use super::actor::Acting;
use super::holder::{Holder, Moment, Owned, Rights, View};
use super::interrupt::Interrupt;
use super::key::{filled_marker_key, Key};
use super::model::Directory;
use super::rejection::Guard;
use super::reserved::is_reserved;
use super::transaction::Transaction;
use crate::system::System;
use crate::tables::word::Word;

/// The number of entries on the first page of the search for another administrator. Each further page has four times as
/// many, so that the work stays proportional. No list starts with this number, so no other search shares the page.
const PAGE: usize = 250;

/// Returns the guard that rejects the result of a request, or `None`. Names in a task that is not a request are chosen
/// by the operator and not checked.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub(super) fn check_guards<S: Directory>(
    tx: &mut Transaction<'_>,
    is_request: bool,
) -> Result<Option<Guard>, Interrupt> {
    let mut keys = tx.changes.keys();
    let is_first = keys.contains(&filled_marker_key());
    let begins = |key: &Key, starts: &[&str]| starts.iter().any(|start| key.text().starts_with(start));
    let bears = keys.iter().any(|key| begins(key, S::BEARING));
    keys.retain(|key| begins(key, S::GUARDED));
    if keys.is_empty() && !bears {
        return Ok(None);
    }
    let after = changed_holders::<S>(tx, Moment::After, &keys)?;
    if is_first && !after.iter().flatten().any(|holder| holder.administers.is_some()) {
        return Ok(Some(Guard::NoAdmin));
    }
    let before = changed_holders::<S>(tx, Moment::Before, &keys)?;
    if is_request && before.iter().zip(&after).any(|(was, is)| takes_reserved(was.as_ref(), is.as_ref())) {
        return Ok(Some(Guard::ReservedName));
    }
    if is_first {
        return Ok(None);
    }
    let acting = tx.acting.clone();
    let mut own = (None, None);
    if let Acting::User(key) = &acting {
        own = (holder_at::<S>(tx, Moment::Before, key)?, holder_at::<S>(tx, Moment::After, key)?);
    }
    let realm = |holder: &Option<Holder<S>>| holder.as_ref().and_then(|holder| holder.administers.clone());
    // Users who no longer manage users: the changed ones, and the caller, through a role or group that changes.
    for (was, is) in before.iter().zip(&after).chain([(&own.0, &own.1)]) {
        let Some(lost) = realm(was).filter(|old| realm(is).as_ref() != Some(old)) else { continue };
        let is_kept = after.iter().chain([&own.1]).any(|holder| realm(holder).as_ref() == Some(&lost));
        if !is_kept && !has_another_administrator::<S>(tx, &keys, &lost)? {
            return Ok(Some(Guard::LastAdmin));
        }
    }
    if acting == Acting::Operator {
        return Ok(None);
    }
    for ((key, was), is) in keys.iter().zip(&before).zip(&after) {
        let is_own = match &acting {
            Acting::User(own) => own == key,
            // A change without a sign-in is made by its owner, with a secret.
            Acting::NoUser | Acting::Operator => true,
        };
        let refused = match is_own {
            true => check_own_change(was.as_ref(), is.as_ref()),
            false => check_change_of_another(own.0.as_ref(), was.as_ref(), is.as_ref()),
        };
        if refused.is_some() {
            return Ok(refused);
        }
    }
    let refused = check_without_owner(own.0.as_ref(), &before, &after)
        // A change of what a role or group grants may also change the caller's own privileges. So may a change of an
        // entry on which grants depend.
        .or_else(|| check_own_rights(own.0.as_ref(), own.1.as_ref()))
        .or_else(|| check_owners_loss(own.0.as_ref(), &before, &after));
    if refused.is_some() {
        return Ok(refused);
    }
    // What the members of a replaced role get back is not known. An administrator without denials could grant it to
    // them as well.
    let is_admin = own.0.is_some_and(|holder| holder.administers.is_some() && !holder.is_capped);
    let mut gone = before.iter().zip(&after).filter(|(_, is)| is.is_none()).filter_map(|(was, _)| was.as_ref());
    Ok((!is_admin && gone.any(|holder| holder.replaces)).then_some(Guard::ExceedsYourRights))
}

/// Whether a new or renamed user, role or group has a reserved name.
fn takes_reserved<S: System<Action: Word>>(was: Option<&Holder<S>>, is: Option<&Holder<S>>) -> bool {
    is.is_some_and(|is| was.map(|was| &was.name) != Some(&is.name) && is_reserved(&is.name))
}

fn check_own_change<S: System<Action: Word>>(was: Option<&Holder<S>>, is: Option<&Holder<S>>) -> Option<Guard> {
    let gains = |is: &Holder<S>| is.owns.iter().any(|owned| !was.is_some_and(|was| was.owns_resource(&owned.name)));
    if is.is_some_and(gains) {
        return Some(Guard::SelfEscalation);
    }
    let refused = check_own_rights(was, is);
    if refused.is_some() {
        return refused;
    }
    let (Some(before), Some(after)) = (was, is) else { return Some(Guard::OwnAccount) };
    (before.is_active != after.is_active).then_some(Guard::OwnAccount)
}

/// Checks what users must not do to their own privileges, both with the current groups and as if all groups were
/// active.
fn check_own_rights<S: System<Action: Word>>(was: Option<&Holder<S>>, is: Option<&Holder<S>>) -> Option<Guard> {
    let [potential, actual] =
        [Holder::potential_rights, Holder::current_rights].map(|rights| (was.map(rights), is.map(rights)));
    let both = [&potential, &actual];
    if both.iter().any(|(was, is)| has_more_rights(is.as_ref(), &[was.as_ref()])) {
        Some(Guard::SelfEscalation)
    } else if both.iter().any(|(was, is)| has_more_rights(was.as_ref(), &[is.as_ref()])) {
        Some(Guard::OwnAccount)
    } else {
        None
    }
}

fn check_change_of_another<S: System<Action: Word>>(
    actor: Option<&Holder<S>>,
    was: Option<&Holder<S>>,
    is: Option<&Holder<S>>,
) -> Option<Guard> {
    let [before, after] = [was, is].map(|holder| holder.map(Holder::potential_rights));
    let (before, after, own) = (before.as_ref(), after.as_ref(), actor.map(Holder::current_rights));
    // A new group has no members yet.
    let [had, has] = [was, is].map(|holder| holder.and_then(Holder::owner_rights));
    let opens = was.is_some() && has_more_rights(has.as_ref(), &[own.as_ref(), had.as_ref()]);
    let is_owned = |owned: &Owned| actor.is_some_and(|actor| actor.owns_resource(&owned.name));
    // Users who own resources are managed by users who own none, but those cannot sign in as them.
    let has_new_secret = was.map(|was| &was.secret) != is.map(|is| &is.secret) && is.is_some();
    let is_taken_over = has_new_secret && was.is_some_and(|was| !was.owns.iter().all(is_owned));
    let gains = |owned: &Owned| !was.is_some_and(|was| was.owns_resource(&owned.name)) && !is_owned(owned);
    if is_taken_over || (is_managed(was, is) && has_more_rights(before, &[own.as_ref()])) {
        Some(Guard::TargetOutranksYou)
    } else if opens || is.is_some_and(|is| is.owns.iter().any(gains)) || has_more_rights(after, &[own.as_ref(), before])
    {
        Some(Guard::ExceedsYourRights)
    } else {
        None
    }
}

/// Whether a resource lost its last owner because of a user who did not own it. A resource without an owner can be
/// given to any user.
fn check_without_owner<S: System<Action: Word>>(
    actor: Option<&Holder<S>>,
    before: &[Option<Holder<S>>],
    after: &[Option<Holder<S>>],
) -> Option<Guard> {
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for owned in before.iter().flatten().flat_map(|was| &was.owns) {
        owners.insert(&owned.name, owned.owners);
    }
    for (was, is) in before.iter().zip(after) {
        for owned in was.iter().flat_map(|was| &was.owns) {
            let left = owners.entry(&owned.name).or_default();
            *left = left.saturating_sub(usize::from(!is.as_ref().is_some_and(|is| is.owns_resource(&owned.name))));
        }
    }
    for owned in after.iter().flatten().flat_map(|is| &is.owns) {
        owners.entry(&owned.name).and_modify(|left| *left = (*left).max(1));
    }
    let is_lost = |(name, left): (&&str, &usize)| *left == 0 && !actor.is_some_and(|actor| actor.owns_resource(name));
    owners.iter().any(is_lost).then_some(Guard::TargetOutranksYou)
}

/// Checks that the change of a group takes no privilege from a member who owns resources that the caller lacks.
/// Deleting a group is checked by [`Holder::replaces`].
fn check_owners_loss<S: System<Action: Word>>(
    actor: Option<&Holder<S>>,
    before: &[Option<Holder<S>>],
    after: &[Option<Holder<S>>],
) -> Option<Guard> {
    let own = actor.map(Holder::current_rights);
    let loses = |(was, is): (&Option<Holder<S>>, &Option<Holder<S>>)| {
        let [had, has] = [was, is].map(|holder| holder.as_ref().and_then(Holder::owner_rights));
        is.is_some() && has_more_rights(had.as_ref(), &[own.as_ref(), has.as_ref()])
    };
    before.iter().zip(after).any(loses).then_some(Guard::TargetOutranksYou)
}

fn is_managed<S: System<Action: Word>>(was: Option<&Holder<S>>, is: Option<&Holder<S>>) -> bool {
    was.map(|holder| &holder.managed) != is.map(|holder| &holder.managed)
}

/// Whether a holder may do anything that none of the others may do.
fn has_more_rights<S: System<Action: Word>>(holder: Option<&Rights<'_, S>>, others: &[Option<&Rights<'_, S>>]) -> bool {
    let Some(holder) = holder else { return false };
    let mut questions = BTreeSet::new();
    for known in others.iter().flatten().chain([&holder]) {
        questions.extend(known.questions.iter().map(|(action, resource)| (action.code(), resource.as_str())));
    }
    questions.into_iter().any(|(code, resource)| {
        let Some(action) = S::Action::from_code(code) else { return false };
        holder.can(action, resource) && !others.iter().flatten().any(|other| other.can(action, resource))
    })
}

/// Whether any user other than the changed ones manages users there. The entry that proves it is read, so the commit
/// checks that it is unchanged.
fn has_another_administrator<S: Directory>(
    tx: &mut Transaction<'_>,
    changed: &[Key],
    realm: &str,
) -> Result<bool, Interrupt> {
    let is_it =
        |holder: &Option<Holder<S>>| holder.as_ref().and_then(|holder| holder.administers.as_deref()) == Some(realm);
    let (mut after, mut limit) = (None, PAGE);
    loop {
        let page = tx.scan(S::USERS, after, limit)?;
        let next = page.last().filter(|_| page.len() >= limit).map(|(key, _)| key.as_str());
        let further = limit.saturating_mul(4);
        // Earlier pages had no administrator, or an earlier execution had not requested more.
        let is_followed = next.is_some_and(|key| tx.has_page(S::USERS, key, further));
        let mut is_pending = false;
        for (key, entry) in page.iter().filter(|_| !is_followed) {
            let key = Key::from_stored(key);
            if changed.contains(&key) {
                continue;
            }
            // The page may be outdated. It only says where to look.
            let holder = S::holder_at(&mut View { tx, moment: Moment::After }, &key, &entry.value);
            match holder {
                Ok(holder) if is_it(&holder) => {
                    if is_it(&holder_at::<S>(tx, Moment::After, &key)?) {
                        return Ok(true);
                    }
                }
                Ok(_) => {}
                // All entries are requested before any is awaited.
                Err(Interrupt::Pending) => is_pending = true,
                Err(interrupt) => return Err(interrupt),
            }
        }
        if is_pending {
            return Err(Interrupt::Pending);
        }
        let Some(last) = next else { return Ok(false) };
        (after, limit) = (Some(last), further);
    }
}

fn holder_at<S: Directory>(
    tx: &mut Transaction<'_>,
    moment: Moment,
    key: &Key,
) -> Result<Option<Holder<S>>, Interrupt> {
    let mut view = View { tx, moment };
    let Some(value) = view.read_entry(key)? else { return Ok(None) };
    S::holder_at(&mut view, key, &value)
}

fn changed_holders<S: Directory>(
    tx: &mut Transaction<'_>,
    moment: Moment,
    keys: &[Key],
) -> Result<Vec<Option<Holder<S>>>, Interrupt> {
    View { tx, moment }.read_all(keys)?;
    let mut holders = Vec::with_capacity(keys.len());
    for key in keys {
        match holder_at::<S>(tx, moment, key) {
            Ok(holder) => holders.push(holder),
            // All entries are requested before any is awaited.
            Err(Interrupt::Pending) => {}
            Err(interrupt) => return Err(interrupt),
        }
    }
    if holders.len() == keys.len() {
        Ok(holders)
    } else {
        Err(Interrupt::Pending)
    }
}
