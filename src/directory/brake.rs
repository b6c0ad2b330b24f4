//! The brake on guessing: who fails too often in a row has to wait, for longer each time.
//!
//! Failures are counted for each pair of an account's name and a client, so that nobody keeps the owner out who comes
//! from elsewhere. The first [`FREE`] cost nothing. After the n-th the next try is looked at only after 2^(n - `FREE`)
//! seconds, with a ceiling; one before that is answered like a wrong password, after the same work, and changes no
//! count, so that nobody keeps somebody out for longer by trying more often. It is written all the same, so that time
//! tells nothing of it, and an unknown name is counted like a known one.
//!
//! A right password ends a count, and so does a new one: a count holds only for the hash that it was made against, so
//! a reset lets its user in at once, wherever the failures came from. Whatever happens, a day without a failure ends it.
//! A password that is remembered to be right passes at any time, and says nothing new: it ends no count, so that a
//! program that sends one with every request does not clear the way for somebody else's guesses.
//!
//! Who passes by what is remembered does not rest on a count, so those who fail do not stand in the way of who is in.
//! But a password that was looked at is right only if the count stands as it was before the look: of many tries that
//! are sent at once so many are looked at as the count lets through, and not all.

use super::key::Key;
use super::permit::Verified;
use super::response::Stop;
use super::slot::Slot;
use super::world::World;
use crate::value::Value;

/// Failures in a row that cost no time.
const FREE: u32 = 10;
/// The first delay, in milliseconds.
const FIRST: i64 = 1_000;
/// The longest delay of a client who is told from others.
const CEILING: i64 = 900_000;
/// The longest delay where nobody knows which client it is: all are one there, its owner too, and whoever fails often
/// enough keeps all of them out of that name. Without a brake, though, nothing at all would slow who guesses; at two
/// tries in a minute at the most it is slow enough, and whoever is kept out waits and gets in.
const CEILING_FOR_ALL: i64 = 30_000;
/// A count ends so long after its last failure.
const LASTS: i64 = 86_400_000;

/// The brake on one account's name and one client.
pub(crate) struct Brake {
    slot: Slot,
    ceiling: i64,
}

/// Failures in a row.
#[derive(Clone, Copy)]
struct Count {
    failures: u32,
    /// When the last one was, in milliseconds since 1970.
    last: i64,
}

impl Brake {
    /// The brake on a name, as its product compares names, for a client, which is empty where nobody knows it.
    pub fn new(world: &World<'_>, name: &str, client: &str) -> Self {
        let ceiling = if client.is_empty() { CEILING_FOR_ALL } else { CEILING };
        Self { slot: Slot::new(world, "brake", &[name, client]), ceiling }
    }

    /// The entry that it reads, to be asked for together with the user's.
    pub fn key(&self) -> &Key {
        self.slot.key()
    }

    /// As [`World::verify`], where the brake lets the try through; a failure is counted.
    ///
    /// # Errors
    ///
    /// [`Stop::Pending`].
    pub fn verify(
        &self,
        world: &mut World<'_>,
        password: &str,
        stored: Option<&str>,
        remember: bool,
    ) -> Result<Option<Verified>, Stop> {
        Ok(self.look(world, password, stored, remember)?.keep(world))
    }

    /// The same, with what comes of the count left to be [kept](Look::keep).
    ///
    /// # Errors
    ///
    /// [`Stop::Pending`].
    pub fn look(
        &self,
        world: &mut World<'_>,
        password: &str,
        stored: Option<&str>,
        remember: bool,
    ) -> Result<Look, Stop> {
        let slot = self.slot.while_it_is(world, stored.unwrap_or(""));
        let count = world.glance(slot.key())?.filter(|kept| slot.has(kept)).as_ref().and_then(Count::read);
        let count = count.filter(|count| count.holds(world.now));
        let shut = count.filter(|count| world.now < count.last.saturating_add(self.delay(*count)));
        let right = match shut {
            Some(_) => world.recall(password, stored)?,
            None => world.verify(password, stored, remember)?,
        };
        let after = match (&right, count) {
            (Some(verified), _) if verified.recalled => After::Free,
            (Some(_), Some(_)) => After::Cleared,
            (Some(_), None) => After::Held,
            (None, _) => After::Counted(shut.unwrap_or_else(|| Count::one_more(count, world.now))),
        };
        Ok(Look { right, kept: Some((slot, after)) })
    }

    /// How long after the last failure nothing is looked at.
    fn delay(&self, Count { failures, .. }: Count) -> i64 {
        let Some(doublings) = failures.checked_sub(FREE) else { return 0 };
        let factor = 1_i64.checked_shl(doublings).filter(|factor| *factor > 0).unwrap_or(i64::MAX);
        FIRST.saturating_mul(factor).min(self.ceiling)
    }
}

/// What a look at a password showed, and what comes of it for the count.
pub(crate) struct Look {
    right: Option<Verified>,
    kept: Option<(Slot, After)>,
}

/// What comes of a look for the count.
enum After {
    /// Nothing rests on it.
    Free,
    /// It ends.
    Cleared,
    /// It must still be as it was.
    Held,
    /// It is this from now on.
    Counted(Count),
}

impl Look {
    /// A look that no brake was on.
    pub fn free(right: Option<Verified>) -> Self {
        Self { right, kept: None }
    }

    /// Whether the password was right.
    pub fn is_right(&self) -> bool {
        self.right.is_some()
    }

    /// Lets it count.
    pub fn keep(self, world: &mut World<'_>) -> Option<Verified> {
        if let Some((slot, after)) = self.kept {
            match after {
                After::Free => {}
                After::Cleared => world.note(slot.key(), None),
                After::Held => world.hold(slot.key()),
                After::Counted(count) => world.note(slot.key(), Some(slot.value(count.members()))),
            }
        }
        self.right
    }
}

impl Count {
    fn one_more(count: Option<Self>, now: i64) -> Self {
        Self { failures: count.map_or(0, |count| count.failures).saturating_add(1), last: now }
    }

    /// A count whose last failure is yet to come is of a clock that was set back; the clocks of several machines
    /// differ by less.
    fn holds(self, now: i64) -> bool {
        (-CEILING..LASTS).contains(&now.saturating_sub(self.last))
    }

    /// `None` for what no brake wrote.
    fn read(value: &Value) -> Option<Self> {
        let number = |name| match value.get(name) {
            Some(Value::Number(digits)) => digits.parse::<i64>().ok(),
            _ => None,
        };
        Some(Self { failures: number("failures")?.try_into().ok()?, last: number("last")? })
    }

    fn members(self) -> Vec<(String, Value)> {
        vec![("failures".to_owned(), i64::from(self.failures).into()), ("last".to_owned(), self.last.into())]
    }
}
