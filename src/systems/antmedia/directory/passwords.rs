//! Passwords as the panels send them: as they were typed, or the MD5 of that.

use md5::{Digest as _, Md5};

use super::stored::User;
use crate::directory::prelude::{AttemptCounter, Interrupt, Transaction, Verified};
use crate::document::value::Value;

/// What a user is called, in a form and in what is told.
const NAMES: [&str; 4] = ["email", "firstName", "lastName", "fullName"];

/// The hash of a new password, for the user of this form, or of whom this is told.
///
/// The panels send the MD5 of what was typed when they create a user. Under strict guards it is refused if it is
/// that of a commonly used password, or of a name or address of the user. It does not show that a password is
/// short, nor that it is such a word in capitals or with digits around it: who hashes before sending answers for
/// that.
///
/// # Errors
///
/// As [`Transaction::new_hash`].
pub fn new_hash(tx: &mut Transaction<'_>, user: &Value, sent: &str) -> Result<String, Interrupt> {
    let names = NAMES.map(|name| user.get(name).and_then(Value::text).unwrap_or(""));
    match digest(sent) {
        Some(digest) => tx.new_hash_of_digest(sent, &names, |word| digest == <[u8; 16]>::from(Md5::digest(word))),
        None => tx.new_hash(sent, &names),
    }
}

/// What was hashed, if the password is right: the password itself, or its MD5, which the panels send in its place
/// when they create a user. None is not right for anybody, whatever is stored.
///
/// # Errors
///
/// [`Interrupt::Pending`].
pub fn right_secret(
    tx: &mut Transaction<'_>,
    attempt: &dyn AttemptCounter,
    user: Option<&User>,
    password: Option<&str>,
) -> Result<Option<(Verified, String)>, Interrupt> {
    let hash = user.and_then(|user| user.hash.as_deref()).filter(|_| password.is_some());
    let password = password.unwrap_or("");
    let digest = md5_of(password);
    let secrets = [password, &digest];
    let right = tx.attempt(attempt, &secrets, hash, false)?;
    Ok(right.and_then(|(place, verified)| Some((verified, (*secrets.get(place)?).to_owned()))))
}

fn md5_of(password: &str) -> String {
    let mut digits = String::new();
    for byte in Md5::digest(password) {
        digits.push_str(&format!("{byte:02x}"));
    }
    digits
}

/// The digest that a text is, written as the panels write it.
fn digest(text: &str) -> Option<[u8; 16]> {
    let is_written = text.len() == 32 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    is_written.then(|| u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_as_it_is_written() {
        for password in ["", "secret", "żółć"] {
            assert_eq!(digest(&md5_of(password)), Some(Md5::digest(password).into()), "{password}");
        }
        for other in ["", "secret", "D41D8CD98F00B204E9800998ECF8427E", "+41d8cd98f00b204e9800998ecf8427e"] {
            assert_eq!(digest(other), None, "{other}");
        }
    }
}
