//! Indexes over entries of the store: in the order of their keys with a count, and by attribute.
//!
//! An index covers the entries below a prefix, as `user/`. It is updated in the commit that changes the entries, by
//! [`update`], whatever part of a system changes them. A list reads from it which entries are on a page, and how many
//! there are, so a page costs what is on it. Here an *item* is the key of an entry without the prefix of the index.
//!
//! | key | value |
//! | --- | --- |
//! | `index/user` | whether the index is complete; if not, the last item that it covers |
//! | `index/user/tree` | the top node of a counted tree of items |
//! | `index/user/node/<id>` | another node of the tree |
//! | `index/user/pending/<item>` | whether an item is in the index, where the tree has it otherwise |
//! | `index/user/term/<attribute>/<digest>/<item>` | that an entry has this value of an attribute |
//!
//! # Concurrency
//!
//! A new entry does not change the tree, which all writers would change. It writes a `pending` entry of its own, which
//! meets no other writer, and a reader merges these into what the tree has. About one writer in `FOLD` moves all
//! pending changes into the tree. A reader depends on the top node, which each of these moves writes, so that it never
//! answers from two states of the tree.
//!
//! # Stores without the index
//!
//! Where there is no index, as in a store that an earlier version wrote, writers leave it so. The first list builds it
//! in steps (`build.rs`), each a commit. Meanwhile a writer keeps the part up to date that is built; one that changes
//! something behind that part makes the step fail that runs beside it.

mod build;
mod definition;
mod read;
mod stored;
#[cfg(test)]
mod tests;
mod tree;
mod update;

pub(crate) use self::build::is_ready;
pub(crate) use self::definition::{no_terms, Index, Term};
pub(crate) use self::read::{having, page, passed, prefetch, prefetch_page, span, Span};
pub(super) use self::update::update;
