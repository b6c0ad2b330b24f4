//! Indexes over entries of the store: ordered by key with a count, and by attribute.
//!
//! An index covers the entries under a prefix, such as `user/`. [`update`] updates it in the commit that changes the
//! entries, whichever handler changes them. A list reads from the index which entries are on a page and how many there
//! are, so the cost of a page depends on its size only. Here an *item* is the key of an entry without the prefix of the
//! index.
//!
//! | key | value |
//! | --- | --- |
//! | `index/user` | whether the index is complete; if not, the last item that it covers |
//! | `index/user/tree` | the root node of a counted tree of items |
//! | `index/user/node/<id>` | another node of the tree |
//! | `index/user/pending/<item>` | whether an item is in the index, if the tree does not say so yet |
//! | `index/user/term/<attribute>/<digest>/<item>` | that an entry has this value of an attribute |
//!
//! # Concurrency
//!
//! A new entry does not change the tree, because then all writers would conflict. It writes its own `pending` entry,
//! which no other writer changes, and readers merge the pending entries with the tree. About one writer in `FOLD` moves
//! all pending changes into the tree. A reader depends on the root node, which each of these moves writes, so a
//! response never mixes two states of the tree.
//!
//! # Stores without the index
//!
//! If a store has no index, because an earlier version wrote it, writers do not create one. The first list builds it in
//! steps (`build.rs`), each of which is a commit. Meanwhile writers update the part that is built. If a writer changes
//! an entry after that part, a concurrent step fails.

mod build;
mod definition;
mod node;
mod read;
mod stored;
#[cfg(test)]
mod tests;
mod tree;
mod update;

pub(crate) use self::build::is_ready;
pub(crate) use self::definition::{no_terms, Index, Term};
pub(crate) use self::read::{count_up_to, items_with_value, page, prefetch, prefetch_page, span, Span};
pub(super) use self::update::update;
