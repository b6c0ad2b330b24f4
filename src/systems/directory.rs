//! The list of models whose requests the directory serves: those whose folder has a `directory/`.

use super::SystemName;
#[cfg(feature = "directory-js")]
use crate::directory::wire_format::{self, KeptRuns};
use crate::directory::{inputs::Inputs, model::Directory, outcome::Outcome, run, task::Task};
use crate::document::value::Value;

/// Declares the models with requests, and the functions that choose one by its name.
macro_rules! directories {
    ($($system:ident in $folder:ident),+ $(,)?) => {
        impl SystemName {
            /// Executes a task on the facts known so far. Returns `None` for a model without requests.
            pub fn run_task(self, task: &Task<'_>, inputs: Inputs<'_>) -> Option<Outcome> {
                $(
                    if self == Self::$system {
                        return Some(run::run_task::<super::$folder::$system>(task, inputs));
                    }
                )+
                None
            }

            /// All records of a store in the format of [`open`](crate::open), without secrets. Returns `None` for a
            /// model without requests. `entries` are all entries of the store.
            pub fn export(self, entries: &[(String, Value)]) -> Option<Value> {
                $(
                    if self == Self::$system {
                        return Some(<super::$folder::$system as Directory>::export_records(entries));
                    }
                )+
                None
            }

            /// Executes a message of the wire format. Returns `None` for a model without requests.
            #[cfg(feature = "directory-js")]
            pub(crate) fn run_message(self, runs: &mut KeptRuns, message: &str) -> Option<String> {
                $(
                    if self == Self::$system {
                        return Some(wire_format::run_message::<super::$folder::$system>(runs, message));
                    }
                )+
                None
            }
        }
    };
}

directories! {
    Antmedia in antmedia,
    Arangodb in arangodb,
    Meuse in meuse,
    Tyk in tyk,
    Wso2 in wso2,
}
