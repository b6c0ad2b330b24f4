//! Hashes of passwords to store: of new passwords, of old ones with outdated parameters, and of those that the operator
//! supplies.
//!
//! No other code makes a hash, so that each new password is checked by [the strict guards](passwords).

use super::facts::Ask;
use super::fault::Fault;
use super::interrupt::Interrupt;
use super::key::filled_marker_key;
use super::passwords;
use super::rejection::Guard;
use super::transaction::Transaction;

/// The names of this program, which are not accepted as passwords for it.
const PROGRAM: &str = env!("CARGO_PKG_NAME");

impl Transaction<'_> {
    /// The hash of a new password of a user with these names.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`]; [`Interrupt::Guarded`] for a password that the strict guards reject.
    pub fn new_hash(&mut self, password: &str, names: &[&str]) -> Result<String, Interrupt> {
        single_hash(self.new_hashes(&[(password, names)])?)
    }

    /// The hashes of new passwords, each with the names of its user.
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

    /// Like [`Transaction::new_hash`], for a digest that a client may have sent in place of a password. A digest does
    /// not reveal the length of the password, nor whether it contains a known word.
    /// It can only be compared with the digests of forbidden words, which `is_of` does.
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

    /// The hash of a password that was just verified, to replace an outdated one.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`]; [`Fault::Internal`] for any other password.
    pub fn rehash(&mut self, password: &str) -> Result<String, Interrupt> {
        let mut checks = self.facts.checks.iter();
        if !checks.any(|(checked, stored, result)| checked == password && stored.is_some() && result.is_right()) {
            return Err(Fault::Internal.into());
        }
        single_hash(self.hash_all(&[password])?)
    }

    /// The hashes of the passwords in the first records. The operator chooses them.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Pending`]; [`Fault::Internal`] if the store is not being filled.
    pub fn first_hashes(&mut self, passwords: &[&str]) -> Result<Vec<String>, Interrupt> {
        if self.changes.changed(filled_marker_key().text()).is_none() {
            return Err(Fault::Internal.into());
        }
        self.hash_all(passwords)
    }

    /// The names of a user, and those of this program.
    fn known_words<'n>(&self, names: &[&'n str]) -> Vec<&'n str> {
        [names, &[self.system, PROGRAM]].concat()
    }

    /// The hashes of passwords, each with its own salt. A request hashes the same list once.
    fn hash_all(&mut self, passwords: &[&str]) -> Result<Vec<String>, Interrupt> {
        if passwords.is_empty() {
            return Ok(Vec::new());
        }
        let known = self.facts.hashes.iter().find(|(hashed, _)| hashed == passwords);
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
    use super::super::facts::{CheckResult, Facts};
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
    fn a_digest_of_a_forbidden_word_is_detected() {
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
    fn only_a_verified_password_is_hashed_without_the_guard() {
        let mut facts = Facts::default();
        facts.add_check("wrong", Some("hash"), CheckResult::Wrong);
        facts.add_check("nobody", None, CheckResult::Right);
        facts.add_check("right", Some("hash"), CheckResult::Outdated);
        let mut strict = tx(&facts, Guards::Strict);
        for other in ["new", "wrong", "nobody"] {
            assert_eq!(strict.rehash(other), Err(Fault::Internal.into()), "{other}");
        }
        assert_eq!(strict.rehash("right"), Err(Interrupt::Pending));
    }

    #[test]
    fn unchecked_passwords_are_hashed_only_while_a_store_is_filled() {
        let mut facts = Facts::default();
        facts.entry(filled_marker_key().text(), None);
        let mut strict = tx(&facts, Guards::Strict);
        assert_eq!(strict.first_hashes(&["x"]), Err(Fault::Internal.into()));
        assert_eq!(strict.read_entry(&filled_marker_key()), Ok(None));
        assert_eq!(strict.put(&Authorized::operator(), &filled_marker_key(), Value::Bool(true)), Ok(()));
        assert_eq!(strict.first_hashes(&["x"]), Err(Interrupt::Pending));
    }
}
