//! The number of cases of a property test.

/// The usual number, multiplied by `LATCHWORK_PROOFS`, which `npm run test:full` sets.
pub fn tries(usual: u32) -> u32 {
    let times = std::env::var("LATCHWORK_PROOFS").ok().and_then(|text| text.parse().ok());
    usual.saturating_mul(times.unwrap_or(1))
}
