//! Writes entries of the store. A write of a record needs a proof that it is authorized.

use super::Transaction;
use crate::directory::authorized::Authorized;
use crate::directory::fault::Fault;
use crate::directory::interrupt::Interrupt;
use crate::directory::key::Key;
use crate::directory::outcome::Mail;
use crate::document::value::Value;

impl Transaction<'_> {
    /// Writes a value at a key that was not read, because its name is random or the store is empty. The commit fails if
    /// the key has an entry.
    ///
    /// # Errors
    ///
    /// As [`Transaction::put`].
    pub fn create(&mut self, authorized: &Authorized, key: &Key, value: Value) -> Result<(), Interrupt> {
        self.changes.record_read(key.text(), None);
        self.put(authorized, key, value)
    }

    /// Writes a value at a key that was read.
    ///
    /// # Errors
    ///
    /// [`Fault::Internal`] for a key that was not read: the version to replace is unknown. [`Fault::BadRequest`] for a
    /// key that is longer than a store accepts.
    pub fn put(&mut self, _authorized: &Authorized, key: &Key, value: Value) -> Result<(), Interrupt> {
        self.record_change(key, Some(value))
    }

    /// Deletes the entry of a key that was read.
    ///
    /// # Errors
    ///
    /// As [`Transaction::put`].
    pub fn delete(&mut self, _authorized: &Authorized, key: &Key) -> Result<(), Interrupt> {
        self.record_change(key, None)
    }

    /// Sends a mail after the changes are committed.
    pub fn mail(&mut self, _authorized: &Authorized, mail: Mail) {
        self.mails.push(mail);
    }

    /// Writes what the directory itself records about a request, such as a count of attempts, at a key that was read.
    /// It is committed whatever the response is. It changes no record, so it needs no proof.
    pub(in crate::directory) fn write_always(&mut self, key: &Key, value: Option<Value>) {
        self.changes.write_always(key.text(), self.version(key), Some(value));
    }

    /// Writes an entry of an index together with the records of the request. It is not a record, so it needs no proof.
    /// A key that was not read has never been written.
    pub(in crate::directory) fn write_index(&mut self, key: &Key, value: Option<Value>) -> Result<(), Interrupt> {
        is_of_index(key)?;
        if !self.changes.record_write(key.text(), value.clone()) {
            self.changes.record_read(key.text(), self.version(key));
            self.record_change(key, value)?;
        }
        Ok(())
    }

    /// Writes an entry of an index whatever the response is, like [`Transaction::write_always`].
    pub(in crate::directory) fn write_index_always(
        &mut self,
        key: &Key,
        value: Option<Value>,
    ) -> Result<(), Interrupt> {
        is_of_index(key)?;
        self.changes.write_always(key.text(), self.version(key), Some(value));
        Ok(())
    }

    /// Makes the response, whatever it is, depend on an entry of an index that was read. The request is executed again
    /// if the entry has changed.
    pub(in crate::directory) fn depend_on_index(&mut self, key: &Key) -> Result<(), Interrupt> {
        is_of_index(key)?;
        if self.changes.always_written(key.text()).is_none() {
            self.changes.write_always(key.text(), self.version(key), None);
        }
        Ok(())
    }

    fn record_change(&mut self, key: &Key, value: Option<Value>) -> Result<(), Interrupt> {
        if !key.is_storable() {
            return Err(Fault::BadRequest.into());
        }
        self.changes.record_write(key.text(), value).then_some(()).ok_or(Interrupt::Fault(Fault::Internal))
    }
}

/// Checks that a key belongs to an index, which has no records.
fn is_of_index(key: &Key) -> Result<(), Interrupt> {
    key.text().starts_with("index/").then_some(()).ok_or(Interrupt::Fault(Fault::Internal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::facts::Facts;
    use crate::directory::inputs::Inputs;
    use crate::directory::inputs::ENTROPY;
    use crate::directory::key::KEY_MAX;

    #[test]
    fn a_key_that_was_not_read_cannot_be_written() {
        let mut facts = Facts::default();
        facts.entry("user/ann", None);
        let mut tx = Transaction::new(Inputs::of_test(&[0; ENTROPY], &facts), "");
        let (ann, bob) = (Key::new("user", &["ann"]), Key::new("user", &["bob"]));
        let authorized = Authorized::operator();
        assert_eq!(tx.put(&authorized, &ann, Value::Null), Err(Fault::Internal.into()));
        assert_eq!(tx.read_entry(&ann), Ok(None));
        assert_eq!(tx.put(&authorized, &ann, Value::Null), Ok(()));
        assert_eq!(tx.read_entry(&bob), Err(Interrupt::Pending));
        assert_eq!(tx.delete(&authorized, &bob), Err(Fault::Internal.into()));
        assert_eq!(tx.changes.into_list().len(), 1);
    }

    #[test]
    fn a_key_longer_than_a_store_accepts_has_no_entry() {
        let facts = Facts::default();
        let mut tx = Transaction::new(Inputs::of_test(&[0; ENTROPY], &facts), "");
        let name = "/".repeat(KEY_MAX);
        let long = Key::new("user", &[&name]);
        assert_eq!(tx.read_entry(&long), Ok(None));
        assert_eq!(tx.read_all(&[long.clone(), long.clone()]), Ok(vec![None, None]));
        assert_eq!(tx.scan(long.text(), None, 5).map(<[_]>::len), Ok(0));
        assert_eq!(tx.put(&Authorized::operator(), &long, Value::Null), Err(Fault::BadRequest.into()));
        assert!(tx.asks.is_empty());
    }
}
