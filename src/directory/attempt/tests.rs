//! Tests when an attempt is counted, and which passwords are verified.

use super::super::facts::Facts;
use super::super::inputs::Inputs;
use super::*;

/// A throttle with fixed results, which counts at the key `count`.
struct Fixed {
    is_shut: bool,
    is_counted: bool,
}

impl AttemptCounter for Fixed {
    fn is_shut(&self) -> bool {
        self.is_shut
    }

    fn is_counted(&self) -> bool {
        self.is_counted
    }

    fn entries_to_commit(&self) -> Vec<(Key, Option<Value>)> {
        vec![(Key::new("count", &[]), Some(Value::Bool(true)))]
    }
}

fn attempt(facts: &Facts, throttle: &Fixed, stored: Option<&str>, remember: bool) -> (Option<bool>, Vec<Ask>) {
    let mut tx = Transaction::new(Inputs::of_test(&[], facts), "");
    let right = tx.attempt_passwords(throttle, &["x"], stored, remember);
    (right.ok().map(|right| right.is_some()), tx.asks)
}

fn verify(stored: Option<&str>, memory: Memory) -> Vec<Ask> {
    vec![Ask::Verify { password: "x".into(), stored: stored.map(str::to_owned), memory }]
}

#[test]
fn an_attempt_is_counted_before_the_password_is_verified() {
    let facts = Facts::default();
    let (open, counted) = (Fixed { is_shut: false, is_counted: false }, Fixed { is_shut: false, is_counted: true });
    let count = Count { key: "count".into(), expect: None, before: None, value: Some(Value::Bool(true)) };
    assert_eq!(attempt(&facts, &open, Some("hash"), false), (None, vec![Ask::Count(vec![count])]));
    assert_eq!(attempt(&facts, &counted, Some("hash"), false), (None, verify(Some("hash"), Memory::Off)));
    assert_eq!(attempt(&facts, &open, Some("hash"), true), (None, verify(Some("hash"), Memory::Peek)));
}

#[test]
fn a_remembered_password_is_accepted_without_being_counted() {
    let mut facts = Facts::default();
    facts.add_check("x", Some("hash"), CheckResult::Recalled);
    let shut = Fixed { is_shut: true, is_counted: false };
    assert_eq!(attempt(&facts, &shut, Some("hash"), true), (Some(true), Vec::new()));
}

#[test]
fn a_shut_throttle_rejects_the_correct_password_after_the_work_of_a_wrong_one() {
    let shut = Fixed { is_shut: true, is_counted: true };
    let mut facts = Facts::default();
    facts.add_check("x", Some("hash"), CheckResult::Forgotten);
    assert_eq!(attempt(&facts, &shut, Some("hash"), true), (None, verify(Some("hash"), Memory::Only)));
    for known in [CheckResult::Unseen, CheckResult::Wrong, CheckResult::Right] {
        let mut facts = Facts::default();
        facts.add_check("x", Some("hash"), known);
        assert_eq!(attempt(&facts, &shut, Some("hash"), false), (Some(false), Vec::new()), "{known:?}");
    }
}

#[test]
fn a_password_of_an_unknown_user_is_never_correct() {
    let mut facts = Facts::default();
    facts.add_check("x", None, CheckResult::Right);
    let counted = Fixed { is_shut: false, is_counted: true };
    assert_eq!(attempt(&facts, &counted, None, false), (Some(false), Vec::new()));
    assert_eq!(attempt(&facts, &counted, Some("hash"), false), (None, verify(Some("hash"), Memory::Off)));
}
