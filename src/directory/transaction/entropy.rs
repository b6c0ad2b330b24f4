//! Random bytes, derived from those of the execution.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Transaction;
use crate::directory::fault::Fault;
use crate::directory::inputs::ENTROPY;
use crate::directory::interrupt::Interrupt;

impl Transaction<'_> {
    /// Random bytes, different at each call, derived from those of the execution (HMAC-SHA256 in counter mode, NIST SP
    /// 800-108). A later execution of the same request may draw others.
    ///
    /// # Errors
    ///
    /// [`Fault::Internal`] if the execution has fewer than [`ENTROPY`] bytes.
    pub fn random<const N: usize>(&mut self) -> Result<[u8; N], Interrupt> {
        let failed = Interrupt::Fault(Fault::Internal);
        if self.inputs.entropy.len() < ENTROPY {
            return Err(failed);
        }
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(32) {
            self.drawn = self.drawn.checked_add(1).ok_or_else(|| failed.clone())?;
            let keyed = Hmac::<Sha256>::new_from_slice(self.inputs.entropy).map_err(|_| failed.clone())?;
            let block = keyed.chain_update(self.drawn.to_be_bytes()).finalize().into_bytes();
            chunk.iter_mut().zip(block).for_each(|(byte, drawn)| *byte = drawn);
        }
        Ok(bytes)
    }

    /// A random identifier (RFC 9562, version 4).
    ///
    /// # Errors
    ///
    /// As [`Transaction::random`].
    pub fn uuid(&mut self) -> Result<String, Interrupt> {
        let bytes: [u8; 16] = self.random()?;
        let number = u128::from_be_bytes(bytes);
        let number = (number & !(0xF000 << 64) & !(0xC000 << 48)) | (0x4000 << 64) | (0x8000 << 48);
        let digits = format!("{number:032x}");
        let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or("");
        Ok(format!("{}-{}-{}-{}-{}", part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::facts::Facts;
    use crate::directory::inputs::Inputs;

    #[test]
    fn an_execution_without_entropy_draws_nothing() {
        let facts = Facts::default();
        assert!(Transaction::new(Inputs::of_test(&[0; ENTROPY - 1], &facts), "").random::<1>().is_err());
        let mut tx = Transaction::new(Inputs::of_test(&[0; ENTROPY], &facts), "");
        assert_ne!(tx.random::<32>(), tx.random::<32>());
    }
}
