//! The crate's passwords through its public interface. The stored strings are those that the package is held to.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use latchwork::password::{
    check_stored, dummy_hash, hash, hash_with, needs_rehash, verify, Cost, PasswordError, PASSWORD_MAX,
};
use serde_json::Value;

const CHEAP: Cost = Cost { memory: 64, passes: 1, parallelism: 1 };
const SALT: &[u8; 16] = b"sixteen bytes!!!";

fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors/password.json")).unwrap()
}

fn texts<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|item| item[member].as_str().unwrap()).collect()
}

#[test]
fn a_hash_of_the_reference_implementation_fits_its_password_and_no_other() {
    let vectors = vectors();
    for vector in vectors["fits"].as_array().unwrap() {
        let (password, stored) = (vector["password"].as_str().unwrap(), vector["stored"].as_str().unwrap());
        assert_eq!(verify(password.as_bytes(), stored), Ok(true), "{stored}");
        assert_eq!(verify(b"Password", stored), Ok(false), "{stored}");
    }
}

#[test]
fn a_hostile_stored_string_is_refused_before_anything_is_computed() {
    let vectors = vectors();
    let hostile = &vectors["hostile"];
    for (stored, code) in texts(hostile, "stored").into_iter().zip(texts(hostile, "code")) {
        assert_eq!(verify(b"password", stored).map_err(PasswordError::code), Err(code), "{stored}");
        assert!(needs_rehash(stored, Cost::default()), "{stored}");
    }
    let long = format!("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ${}", "A".repeat(1 << 20));
    assert_eq!(verify(b"password", &long), Err(PasswordError::UnknownHash));
}

#[test]
fn a_stored_hash_is_checked_without_computing_it() {
    let vectors = vectors();
    assert_eq!(check_stored(vectors["current"].as_str().unwrap()), Ok(()));
    assert_eq!(
        check_stored("$2b$15$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234"),
        Err(PasswordError::CostlyHash)
    );
    assert_eq!(check_stored("password"), Err(PasswordError::UnknownHash));
}

#[test]
fn a_hash_is_out_of_date_when_a_new_one_would_be_another() {
    let vectors = vectors();
    for stored in vectors["outdated"].as_array().unwrap() {
        assert!(needs_rehash(stored.as_str().unwrap(), Cost::default()), "{stored}");
    }
    assert!(!needs_rehash(vectors["current"].as_str().unwrap(), Cost::default()));
    assert_eq!(dummy_hash(Cost::default()), vectors["current"]);
    assert!(!needs_rehash(&hash_with(b"", SALT, CHEAP).unwrap(), CHEAP));
}

#[test]
fn no_password_fits_the_hash_of_nobody() {
    for password in ["", "password", "\0"] {
        assert_eq!(verify(password.as_bytes(), &dummy_hash(CHEAP)), Ok(false));
    }
}

#[test]
fn a_password_is_refused_rather_than_cut() {
    let longest = [b'x'; PASSWORD_MAX];
    let stored = hash_with(&longest, SALT, CHEAP).unwrap();
    assert_eq!(verify(&longest, &stored), Ok(true));
    assert_eq!(verify(&longest[1..], &stored), Ok(false));
    assert_eq!(verify(&[b'x'; PASSWORD_MAX + 1], &stored), Err(PasswordError::TooLong));
    assert_eq!(hash_with(&[b'x'; PASSWORD_MAX + 1], SALT, CHEAP), Err(PasswordError::TooLong));
}

#[test]
fn a_cost_out_of_bounds_is_refused() {
    let costs = [(65_537, 1, 1), (u32::MAX, 1, 1), (64, 0, 1), (64, 11, 1), (64, 1, 0), (256, 1, 17), (15, 1, 2)];
    for (memory, passes, parallelism) in costs {
        assert_eq!(hash_with(b"x", SALT, Cost { memory, passes, parallelism }), Err(PasswordError::InvalidCost));
    }
    let least = Cost { memory: 8, passes: 1, parallelism: 1 };
    assert_eq!(verify(b"x", &hash_with(b"x", SALT, least).unwrap()), Ok(true));
}

#[test]
fn hash_draws_a_new_salt_and_has_the_default_cost() {
    let [first, second] = [hash(b"x").unwrap(), hash(b"x").unwrap()];
    assert_ne!(first, second);
    assert!(!needs_rehash(&first, Cost::default()));
    assert_eq!([verify(b"x", &first), verify(b"x", &second)], [Ok(true), Ok(true)]);
}

#[test]
fn another_salt_makes_another_hash() {
    assert_ne!(hash_with(b"x", SALT, CHEAP), hash_with(b"x", b"SIXTEEN BYTES!!!", CHEAP));
}

#[cfg(feature = "legacy")]
#[test]
fn argon2_hashes_of_other_programs_fit_their_password_and_no_other() {
    use latchwork::password::legacy;
    let vectors = vectors();
    for vector in vectors["legacy"].as_array().unwrap() {
        let (password, stored) = (vector["password"].as_str().unwrap(), vector["stored"].as_str().unwrap());
        assert_eq!(legacy::verify(password.as_bytes(), stored), Ok(true), "{stored}");
        assert_eq!(legacy::verify(b"Password", stored), Ok(false), "{stored}");
        assert!(verify(password.as_bytes(), stored).is_err(), "{stored}");
        assert!(needs_rehash(stored, Cost::default()), "{stored}");
        assert_eq!(check_stored(stored), Ok(()), "{stored}");
    }
}

#[cfg(feature = "legacy")]
#[test]
fn a_hostile_argon2_hash_of_another_program_is_refused_before_anything_is_computed() {
    use latchwork::password::legacy;
    let vectors = vectors();
    let hostile = &vectors["hostile_legacy"];
    for (stored, code) in texts(hostile, "stored").into_iter().zip(texts(hostile, "code")) {
        assert_eq!(legacy::verify(b"password", stored).map_err(PasswordError::code), Err(code), "{stored}");
        assert_eq!(check_stored(stored).map_err(PasswordError::code), Err(code), "{stored}");
    }
}

#[cfg(feature = "legacy")]
#[test]
fn the_memory_limit_of_hashes_of_other_programs_can_be_raised_to_1_gib_and_no_further() {
    use latchwork::password::legacy;
    let vectors = vectors();
    let (password, stored) =
        (vectors["raised"]["password"].as_str().unwrap(), vectors["raised"]["stored"].as_str().unwrap());
    assert_eq!(legacy::verify(password.as_bytes(), stored), Err(PasswordError::CostlyHash));
    assert_eq!(legacy::verify_within(password.as_bytes(), stored, 262_143), Err(PasswordError::CostlyHash));
    assert_eq!(legacy::verify_within(password.as_bytes(), stored, 262_144), Ok(true));
    let huge = stored.replace("m=262144", "m=1048577");
    assert_eq!(legacy::verify_within(password.as_bytes(), &huge, u32::MAX), Err(PasswordError::CostlyHash));
}
