//! How often a property is tried.

/// `LATCHWORK_PROOFS` times as often as usual: `npm run test:full` sets it.
pub fn tries(usual: u32) -> u32 {
    let times = std::env::var("LATCHWORK_PROOFS").ok().and_then(|text| text.parse().ok());
    usual.saturating_mul(times.unwrap_or(1))
}
