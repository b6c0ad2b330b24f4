//! Prints random documents with questions and the answers of the naive reading, for a test in another language:
//!
//! ```text
//! cargo run --example rbac-questions -- SEEDS
//! ```
//!
//! One JSON object a line: `{document, questions: [{question, answer}], broken, problems}`. An answer is
//! `{allow, level, needs, rule}`, or `{code}` of an error. `broken` is the JSON text of another document, with its
//! problems as pairs of path and code.

#![expect(dead_code, reason = "tests use the rest of what generates worlds")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unreachable,
    clippy::panic,
    reason = "a broken test ends the test"
)]

#[path = "mod.rs"]
mod naive;
#[path = "../worlds/mod.rs"]
mod worlds;

use naive::decision::{decide, Wrong};
use naive::problems::problems;
use serde_json::{json, Value as Json};
use worlds::broken::{spoil, spoil_document};
use worlds::document::{world, TIMES};
use worlds::question::Questions;
use worlds::rng::Rng;
use worlds::text::with_repeats;

/// Questions to each document.
const QUESTIONS: usize = 50;

fn answer(document: &Json, question: &Json) -> Json {
    match decide(document, question) {
        Ok(answer) => {
            json!({ "allow": answer.allow, "level": answer.level, "needs": answer.needs, "rule": answer.rule })
        }
        Err(Wrong::UnknownAction) => json!({ "code": "unknown_action" }),
        Err(Wrong::UnknownResource) => json!({ "code": "unknown_resource" }),
        Err(Wrong::BadQuestion(_)) => json!({ "code": "bad_question" }),
    }
}

fn main() {
    let seeds: u32 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1);
    for seed in 0..seeds {
        // Other documents than those of the property tests.
        let mut rng = Rng::new(seed | 1 << 31);
        let world = world(&mut rng);
        let generator = Questions::to(&world);
        let questions: Vec<Json> = (0..QUESTIONS)
            .map(|_| {
                let mut question = generator.next(&mut rng);
                // Without a time, the package takes that of the clock.
                if question.get("now").is_none() {
                    question["now"] = json!(rng.pick_of(&TIMES));
                }
                let answer = answer(&world.document, &question);
                json!({ "question": question, "answer": answer })
            })
            .collect();
        let mut broken = world.document.clone();
        spoil_document(&mut rng, &mut broken);
        spoil(&mut rng, &mut broken);
        let text = with_repeats(&mut rng, &broken, 10);
        let line = json!({
            "document": world.document,
            "questions": questions,
            "problems": problems(&text),
            "broken": text,
        });
        println!("{line}");
    }
}
