//! Hashes of passwords, to store: of new ones, of old ones made anew, and of those that the operator brings.
//!
//! There is no other way to one, so that no new password goes past [the rule](passwords) for it.

use super::facts::Ask;
use super::fault::Fault;
use super::interrupt::Interrupt;
use super::key::filled;
use super::passwords;
use super::rejection::Guard;
use super::transaction::Transaction;

/// What this program is called, which is no password for it.
const PROGRAM: &str = env!("CARGO_PKG_NAME");

impl Transaction<'_> {
    /// The hash of a new password, for somebody who has these names.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`]; [`Interrupt::Guarded`] for one that the strict guards do not take.
    pub fn new_hash(&mut self, password: &str, names: &[&str]) -> Result<String, Interrupt> {
        single_hash(self.new_hashes(&[(password, names)])?)
    }

    /// The hashes of new passwords, each for somebody who has the names beside it.
    ///
    /// # Errors
    ///
    /// As [`Transaction::new_hash`].
    pub fn new_hashes(&mut self, passwords: &[(&str, &[&str])]) -> Result<Vec<String>, Interrupt> {
        let is_weak = |(password, names): &(&str, &[&str])| passwords::is_weak(password, &self.known_words(names));
        if self.is_strict() && passwords.iter().any(is_weak) {
            return Err(Interrupt::Guarded(Guard::WeakPassword));
        }
        self.hash_all(&passwords.iter().map(|(password, _)| *password).collect::<Vec<_>>())
    }

    /// As [`Transaction::new_hash`], of a digest that may have been sent in place of a password. Such a digest does not
    /// tell how long the password is, nor that it is a known word in other letters or with digits around it: what
    /// can be seen is that it `is_of` a word that no password may be, letter by letter.
    ///
    /// # Errors
    ///
    /// As [`Transaction::new_hash`].
    pub fn new_hash_of_digest(
        &mut self,
        digest: &str,
        names: &[&str],
        is_of: impl FnMut(&str) -> bool,
    ) -> Result<String, Interrupt> {
        if self.is_strict() && passwords::name_words(&self.known_words(names)).any(is_of) {
            return Err(Interrupt::Guarded(Guard::WeakPassword));
        }
        self.new_hash(digest, names)
    }

    /// The hash of a password that was just found right, to store in place of an outdated one.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`]; [`Fault::Internal`] for any other password.
    pub fn rehash(&mut self, password: &str) -> Result<String, Interrupt> {
        let mut checks = self.facts.checks.iter();
        if !checks.any(|(asked, stored, found)| asked == password && stored.is_some() && found.is_right()) {
            return Err(Fault::Internal.into());
        }
        single_hash(self.hash_all(&[password])?)
    }

    /// The hashes of the passwords that the first records bring, which are the operator's to choose.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`]; [`Fault::Internal`] where no store is being filled.
    pub fn first_hashes(&mut self, passwords: &[&str]) -> Result<Vec<String>, Interrupt> {
        if self.changes.changed(filled().text()).is_none() {
            return Err(Fault::Internal.into());
        }
        self.hash_all(passwords)
    }

    /// The names that somebody is known by, and those of what the password is for.
    fn known_words<'n>(&self, names: &[&'n str]) -> Vec<&'n str> {
        [names, &[self.system, PROGRAM]].concat()
    }

    /// The hashes of passwords, each with a salt of its own. A call hashes the same list once.
    fn hash_all(&mut self, passwords: &[&str]) -> Result<Vec<String>, Interrupt> {
        if passwords.is_empty() {
            return Ok(Vec::new());
        }
        let known = self.facts.hashes.iter().find(|(asked, _)| asked == passwords);
        let Some((_, hashes)) = known else {
            self.asks.push(Ask::Hash(passwords.iter().map(|&password| password.to_owned()).collect()));
            return Err(Interrupt::Pending);
        };
        if hashes.len() == passwords.len() {
            Ok(hashes.clone())
        } else {
            Err(Fault::Internal.into())
        }
    }
}

fn single_hash(hashes: Vec<String>) -> Result<String, Interrupt> {
    hashes.into_iter().next().ok_or(Interrupt::Fault(Fault::Internal))
}

#[cfg(test)]
mod tests {
    use super::super::authorized::Authorized;
    use super::super::facts::{Facts, Found};
    use super::super::inputs::Inputs;
    use super::super::inputs::ENTROPY;
    use super::super::rejection::Guards;
    use super::*;
    use crate::document::value::Value;

    fn tx(facts: &Facts, guards: Guards) -> Transaction<'_> {
        Transaction::new(Inputs { guards, ..Inputs::of_test(&[0; ENTROPY], facts) }, "nameless")
    }

    #[test]
    fn a_weak_password_is_refused_before_anything_is_hashed() {
        let facts = Facts::default();
        let refused = Err(Interrupt::Guarded(Guard::WeakPassword));
        for weak in ["", "iloveyou", "Margot-1", "Nameless!", "Latchwork"] {
            let mut strict = tx(&facts, Guards::Strict);
            assert_eq!(strict.new_hash(weak, &["margot@example.org"]), refused, "{weak}");
            assert!(strict.asks.is_empty());
            assert_eq!(tx(&facts, Guards::Off).new_hash(weak, &["margot@example.org"]), Err(Interrupt::Pending));
        }
        let mut strict = tx(&facts, Guards::Strict);
        assert_eq!(strict.new_hashes(&[("as good as any", &[]), ("margot99", &["margot"])]).err(), refused.err());
        assert_eq!(strict.new_hashes(&[("as good as any", &[]), ("margot99", &["ann"])]), Err(Interrupt::Pending));
    }

    #[test]
    fn of_a_digest_it_is_seen_what_word_it_is_of() {
        let facts = Facts::default();
        let hash = |word: &str| {
            let digest: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
            let is_of = |known: &str| known == word;
            tx(&facts, Guards::Strict).new_hash_of_digest(&digest, &["margot@example.org"], is_of)
        };
        for weak in ["", "iloveyou", "margot", "latchwork"] {
            assert_eq!(hash(weak), Err(Interrupt::Guarded(Guard::WeakPassword)), "{weak}");
        }
        assert_eq!(hash("as good as any"), Err(Interrupt::Pending));
    }

    #[test]
    fn only_a_password_that_was_right_is_hashed_without_the_rule() {
        let mut facts = Facts::default();
        facts.check("wrong", Some("hash"), Found::Wrong);
        facts.check("nobody", None, Found::Right);
        facts.check("right", Some("hash"), Found::Outdated);
        let mut strict = tx(&facts, Guards::Strict);
        for other in ["new", "wrong", "nobody"] {
            assert_eq!(strict.rehash(other), Err(Fault::Internal.into()), "{other}");
        }
        assert_eq!(strict.rehash("right"), Err(Interrupt::Pending));
    }

    #[test]
    fn an_operator_brings_passwords_only_where_a_store_is_being_filled() {
        let mut facts = Facts::default();
        facts.entry(filled().text(), None);
        let mut strict = tx(&facts, Guards::Strict);
        assert_eq!(strict.first_hashes(&["x"]), Err(Fault::Internal.into()));
        assert_eq!(strict.read(&filled()), Ok(None));
        assert_eq!(strict.put(&Authorized::operator(), &filled(), Value::Bool(true)), Ok(()));
        assert_eq!(strict.first_hashes(&["x"]), Err(Interrupt::Pending));
    }
}
