//! Prints random documents with questions and the answers of the reference implementation, for a test in another language:
//!
//! ```text
//! cargo run --example rbac-questions -- SEEDS
//! ```
//!
//! One JSON object a line: `{document, questions: [{question, answer}], broken, problems}`. An answer is
//! `{allow, level, needs, rule}`, or `{code}` of an error. `broken` is the JSON text of another document, with its
//! problems as pairs of path and code.

#![expect(dead_code, reason = "tests use the rest of what generates samples")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unreachable,
    clippy::panic,
    reason = "a broken test ends the test"
)]

mod support {
    pub mod generator;
    pub mod reference;
}

use serde_json::{json, Value as Json};
use support::generator::broken::{spoil, spoil_document};
use support::generator::document::{sample, TIMES};
use support::generator::question::Questions;
use support::generator::rng::Rng;
use support::generator::text::with_repeats;
use support::reference::decision::{decide, QuestionError};
use support::reference::problems::problems;

/// Questions to each document.
const QUESTIONS: usize = 50;

fn decide_json(document: &Json, question: &Json) -> Json {
    match decide(document, question) {
        Ok(answer) => {
            json!({ "allow": answer.allow, "level": answer.level, "needs": answer.needs, "rule": answer.rule })
        }
        Err(QuestionError::UnknownAction) => json!({ "code": "unknown_action" }),
        Err(QuestionError::UnknownResource) => json!({ "code": "unknown_resource" }),
        Err(QuestionError::BadQuestion(_)) => json!({ "code": "bad_question" }),
    }
}

fn main() {
    let seeds: u32 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1);
    for seed in 0..seeds {
        // Other documents than those of the property tests.
        let mut rng = Rng::new(seed | 1 << 31);
        let sample = sample(&mut rng);
        let generator = Questions::to(&sample);
        let questions: Vec<Json> = (0..QUESTIONS)
            .map(|_| {
                let mut question = generator.next(&mut rng);
                // Without a time, the package takes that of the clock.
                if question.get("now").is_none() {
                    question["now"] = json!(rng.pick_of(&TIMES));
                }
                let answer = decide_json(&sample.document, &question);
                json!({ "question": question, "answer": answer })
            })
            .collect();
        let mut broken = sample.document.clone();
        spoil_document(&mut rng, &mut broken);
        spoil(&mut rng, &mut broken);
        let text = with_repeats(&mut rng, &broken, 10);
        let line = json!({
            "document": sample.document,
            "questions": questions,
            "problems": problems(&text),
            "broken": text,
        });
        println!("{line}");
    }
}
