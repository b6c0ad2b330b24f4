//! The wire format between the directory and a host in another language: one execution as text.

mod kept_runs;
mod message;
mod reply;

use base64ct::{Base64, Encoding};

pub(crate) use self::kept_runs::KeptRuns;
use self::kept_runs::Run;
use self::message::{integer, list, parse_call, Message};
use self::reply::Reply;
use super::facts::Facts;
use super::fault::Fault;
use super::model::Directory;
use super::rejection::Guards;
use super::response::Response;
use super::run::body_size;
use crate::document::value::Value;
use crate::tables::word::Word as _;

/// Executes a message, which is JSON text:
///
/// ```text
/// { "run": number, "task": {"call": call} | {"seed": records} | {"bootstrap": true},
///   "now": milliseconds, "secret": base64, "entropy": base64, "guards": word, facts }     a run, with all facts
/// { "continue": number, facts }                                        the same run, with the facts that are new
/// { "forget": number }                                                                 the run is not continued
/// { "task": {"body_size": call} | {"fault": word, "path"} | {"export": [[key, value]]} }
/// facts: "entries": [[key, version]], "pages": [{"prefix", "after", "limit", "entries": [[key, version]]}],
///   "checks": [[password, stored, result]], "hashes": [[passwords, hashes]], "counted": [[key, before, value]]
/// call: {"method", "path", "query", "secure", "base_url", "client", "identity", "headers": [[name, value]],
///   "body": base64, or null for a withheld one, "upstream", "after"}
/// ```
///
/// After it come the values of the entries, each after a NUL: of `entries`, without those whose version is `null`, and
/// then of the pages. They are JSON text, because a store keeps text.
///
/// The reply is `{"lost", "asks", "response", "upstream", "body", "body_size", "fault", "changes", "mails", "actor",
/// "noted", "records"}`, and after a NUL the text of the response, if it has any. Every member is always present,
/// `null` or empty if it has no value. With `asks`, `actor` says whether the caller is authenticated. If the run to
/// continue is lost, the host sends it again with all facts.
pub fn run_message<S: Directory>(runs: &mut KeptRuns, message: &str) -> String {
    reply_to::<S>(runs, Message::parse(message)).into_text()
}

fn reply_to<S: Directory>(runs: &mut KeptRuns, message: Message<'_>) -> Reply {
    let header = &message.header;
    if let Some(number) = header.get("forget").and_then(integer) {
        drop(runs.take::<S>(number));
        return Reply::default();
    }
    let run = header.get("continue").map(|number| runs.take::<S>(integer(number)?));
    if let Some(None) = run {
        return Reply { lost: true, ..Reply::default() };
    }
    let run = run.flatten();
    let task = run.as_ref().map(|run| &run.task).or_else(|| header.get("task"));
    let path = |task: &Value| Some(task.get("call")?.get("path")?.text()?.to_owned());
    let path = task.and_then(path).unwrap_or_default();
    let reply = match run {
        Some(run) => execute::<S>(runs, run, message),
        None => start::<S>(runs, message),
    };
    // A malformed message is the fault of the host, or of a store that returned other text than it was given: deny.
    reply.unwrap_or_else(|| Reply::from_fault::<S>(Fault::Internal, &path))
}

fn start<S: Directory>(runs: &mut KeptRuns, mut message: Message<'_>) -> Option<Reply> {
    let header = &message.header;
    let task = header.get("task")?;
    if let Some(fault) = task.get("fault") {
        let path = task.get("path").and_then(Value::text).unwrap_or_default();
        return Some(Reply::from_fault::<S>(Fault::from_word(fault.text()?)?, path));
    }
    if let Some(entries) = task.get("export") {
        let mut stored = Vec::new();
        for entry in list(entries) {
            let [key, value, ..] = list(entry) else { return None };
            stored.push((key.text()?.to_owned(), Value::parse_wrapped(value.text()?).ok()?));
        }
        let response = Some(Response::empty(204));
        return Some(Reply { response, records: S::export_records(&stored), ..Reply::default() });
    }
    if let Some(call) = task.get("body_size") {
        let body_size = Some(body_size::<S>(&parse_call(call)?).word());
        return Some(Reply { response: Some(Response::empty(204)), body_size, ..Reply::default() });
    }
    let number = integer(header.get("run")?)?;
    // All facts replace those that were kept: some of them are not true any more.
    drop(runs.take::<S>(number));
    let bytes = |name: &str| Base64::decode_vec(header.get(name)?.text()?).ok();
    let mut run = Run {
        number,
        task: Value::Null,
        // Unknown guards are an error, and do not mean that there are none.
        guards: header.get("guards").map_or(Some(Guards::Off), |guards| Guards::from_word(guards.text()?))?,
        now: i64::try_from(integer(header.get("now")?)?).ok()?,
        secret: bytes("secret")?,
        entropy: bytes("entropy")?,
        facts: Facts::default(),
        size: 0,
    };
    run.task = message.take_task();
    execute::<S>(runs, run, message)
}

/// Executes a run with the facts of a message in addition, and keeps it if it needs more.
fn execute<S: Directory>(runs: &mut KeptRuns, mut run: Run, message: Message<'_>) -> Option<Reply> {
    run.size = run.size.saturating_add(message.size);
    message.add_to(&mut run.facts)?;
    let reply = Reply::from_outcome(run.execute::<S>()?);
    if !reply.asks.is_empty() {
        runs.keep::<S>(run);
    }
    Some(reply)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::kept_runs::{RUNS_MAX, SIZE_MAX};
    use super::*;
    use crate::systems::arangodb::Arangodb;
    use crate::systems::meuse::Meuse;

    const MEMBERS: [&str; 12] = [
        "lost",
        "asks",
        "response",
        "upstream",
        "body",
        "body_size",
        "fault",
        "changes",
        "mails",
        "actor",
        "noted",
        "records",
    ];

    /// Complete messages, which the tests break.
    const COMPLETE_MESSAGES: [&str; 9] = [
        r#"{"run":1,"task":{"call":{"method":"PUT","path":"/api/v1/crates/new","query":"","identity":"ann","headers":[],"body":null,"after":null}},"now":1,"secret":"","entropy":"","entries":[["user/ann",null]],"pages":[],"checks":[],"hashes":[],"counted":[]}"#,
        r#"{"task":{"body_size":{"method":"PUT","path":"/api/v1/crates/new","query":"","headers":[],"body":null}}}"#,
        concat!(
            r#"{"run":1,"task":{"call":{"method":"GET","path":"/_api/user","query":"","client":"192.0.2.1","headers":[["authorization","Basic cm9vdDo="]],"body":"","after":null}},"now":1,"secret":"","entropy":"","entries":[["user/root",1],["settings",null]],"pages":[{"prefix":"user/","after":null,"limit":5,"entries":[["user/root",1]]}],"checks":[["","hash","right"]],"hashes":[[["a"],["b"]]],"counted":[["brake/0000",null,"{}"]]}"#,
            "\0{}\0{}"
        ),
        r#"{"run":1,"task":{"seed":{"users":{"root":{}}}},"now":1,"secret":"","entropy":"","entries":[["directory/filled",null]],"pages":[{"prefix":"user/","after":null,"limit":1,"entries":[]}],"checks":[],"hashes":[],"counted":[]}"#,
        r#"{"run":1,"task":{"bootstrap":true},"now":1,"secret":"","entropy":"","entries":[],"pages":[],"checks":[],"hashes":[],"counted":[]}"#,
        concat!(r#"{"continue":1,"entries":[["user/a",1]],"pages":[],"checks":[],"hashes":[],"counted":[]}"#, "\0{}"),
        r#"{"forget":1}"#,
        r#"{"task":{"export":[["user/ann","{\"id\":\"x\"}"],["crate/x","[]"],["database/%","5"]]}}"#,
        r#"{"task":{"fault":"too_large","path":"/x"}}"#,
    ];

    /// Every message gets a reply with all members, whether a run waits or not.
    fn check(message: &str) {
        let mut waiting = KeptRuns::new();
        start_run::<Meuse>(&mut waiting, 1, "");
        for runs in [&mut waiting, &mut KeptRuns::new()] {
            for text in [run_message::<Arangodb>(runs, message), run_message::<Meuse>(runs, message)] {
                let reply = Value::parse_wrapped(text.split('\0').next().unwrap_or_default());
                assert!(reply.is_ok_and(|reply| MEMBERS.iter().all(|member| reply.get(member).is_some())), "{text}");
            }
        }
    }

    /// Starts a run that waits for facts.
    fn start_run<S: Directory>(runs: &mut KeptRuns, number: usize, secret: &str) -> String {
        let message = format!(
            r#"{{"run":{number},"task":{{"bootstrap":true}},"now":1,"secret":"{secret}","entropy":"",{}}}"#,
            members("")
        );
        let reply = run_message::<S>(runs, &message);
        assert!(!reply.contains(r#""asks":[]"#), "{reply}");
        reply
    }

    /// The members of facts that are entries only.
    fn members(entries: &str) -> String {
        format!(r#""entries":[{entries}],"pages":[],"checks":[],"hashes":[],"counted":[]"#)
    }

    /// Whether a run is lost. If it is not, it still waits.
    fn is_lost<S: Directory>(runs: &mut KeptRuns, number: usize) -> bool {
        let reply = run_message::<S>(runs, &format!(r#"{{"continue":{number},{}}}"#, members("")));
        reply.starts_with(r#"{"lost":true,"#)
    }

    #[test]
    fn complete_messages_are_parsed() {
        COMPLETE_MESSAGES.iter().for_each(|whole| check(whole));
    }

    #[test]
    fn a_run_is_kept_for_its_model_until_the_host_forgets_it() {
        let mut runs = KeptRuns::new();
        start_run::<Meuse>(&mut runs, 7, "");
        assert!(is_lost::<Meuse>(&mut runs, 8));
        assert!(is_lost::<Arangodb>(&mut runs, 7));
        assert!(!is_lost::<Meuse>(&mut runs, 7));
        let reply = run_message::<Meuse>(&mut runs, r#"{"forget":7}"#);
        assert!(reply.starts_with(r#"{"lost":false,"asks":[],"response":null,"#), "{reply}");
        assert!(is_lost::<Meuse>(&mut runs, 7));
    }

    #[test]
    fn later_runs_evict_the_oldest_one() {
        let mut runs = KeptRuns::new();
        (0..=RUNS_MAX).for_each(|number| drop(start_run::<Meuse>(&mut runs, number, "")));
        assert!(is_lost::<Meuse>(&mut runs, 0));
        assert!((1..=RUNS_MAX).all(|number| !is_lost::<Meuse>(&mut runs, number)));
    }

    #[test]
    fn the_size_of_kept_runs_is_bounded() {
        let mut runs = KeptRuns::new();
        let secret = |length: usize| "A".repeat(length);
        start_run::<Meuse>(&mut runs, 0, &secret(SIZE_MAX / 2));
        start_run::<Meuse>(&mut runs, 1, &secret(SIZE_MAX));
        assert!(!is_lost::<Meuse>(&mut runs, 0), "a run that is too large evicts no other");
        assert!(is_lost::<Meuse>(&mut runs, 1));
        start_run::<Meuse>(&mut runs, 2, &secret(SIZE_MAX / 2));
        assert!(is_lost::<Meuse>(&mut runs, 0));
        assert!(!is_lost::<Meuse>(&mut runs, 2));
    }

    #[test]
    fn a_run_that_is_sent_again_replaces_the_kept_one() {
        let mut runs = KeptRuns::new();
        start_run::<Meuse>(&mut runs, 1, "");
        run_message::<Meuse>(&mut runs, r#"{"run":1,"task":{"fault":"internal"}}"#);
        assert!(!is_lost::<Meuse>(&mut runs, 1), "that was not a run");
        run_message::<Meuse>(&mut runs, r#"{"run":1,"task":{"bootstrap":true},"now":"?"}"#);
        assert!(is_lost::<Meuse>(&mut runs, 1));
    }

    #[test]
    fn a_malformed_entry_has_the_fault_of_the_path_whether_the_run_is_kept_or_not() {
        let start = r#"{"run":1,"task":{"call":{"method":"GET","path":"/_api/user","query":"","headers":[["authorization","Basic cm9vdDo="]],"body":"","after":null}},"now":1,"secret":"","entropy":"","#;
        let entries = members(r#"["settings",1]"#);
        let whole = run_message::<Arangodb>(&mut KeptRuns::new(), &format!("{start}{entries}}}\0nonsense"));
        let mut runs = KeptRuns::new();
        run_message::<Arangodb>(&mut runs, &format!("{start}{}}}", members("")));
        let message = format!("{{\"continue\":1,{entries}}}");
        assert_eq!(run_message::<Arangodb>(&mut runs, &format!("{message}\0nonsense")), whole);
        assert!(whole.contains(r#""fault":"internal""#), "{whole}");
        for values in ["", "\0{}\0{}"] {
            run_message::<Arangodb>(&mut runs, &format!("{start}{}}}", members("")));
            assert_eq!(run_message::<Arangodb>(&mut runs, &format!("{message}{values}")), whole, "{values:?}");
        }
    }

    proptest! {
        #[test]
        fn random_text_is_rejected(text in ".*") {
            check(&text);
        }

        #[test]
        fn malformed_messages_are_rejected(which in 0..COMPLETE_MESSAGES.len(), start in 0_usize..500, length in 0_usize..40, other in "[\\[\\]{}\",:0-9a-z%/\0]{0,12}|null|true|-1|1e999|\"\\\\ud800\"") {
            let message = COMPLETE_MESSAGES.get(which).copied().unwrap_or("");
            let (head, rest) = message.split_at_checked(start.min(message.len())).unwrap_or(("", message));
            let tail = rest.get(length..).unwrap_or("");
            check(&format!("{head}{other}{tail}"));
        }
    }
}
