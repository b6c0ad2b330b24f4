//! The cost of hashes, and the limits of passwords and stored hashes.

/// The longest password, in bytes of UTF-8. A longer one is rejected, never truncated.
pub const PASSWORD_MAX: usize = 1024;
/// The length of a new hash's salt, in bytes. Salts of 128 bits do not collide in practice (RFC 9106, section 3.1).
pub const SALT_LENGTH: usize = 16;
/// The longest stored hash that is parsed, in bytes. The largest salt and tag fit.
pub const STORED_MAX: usize = 256;
/// The most memory of a new hash, and of a stored one in this crate's own format, in KiB. RFC 9106 recommends 64 MiB
/// for small machines, and an edge worker has twice as much.
pub const MEMORY_MAX: u32 = 65_536;
/// The most passes over the memory.
pub const PASSES_MAX: u32 = 10;
/// The most lanes. They are computed one after another, so they cost only their memory.
pub const PARALLELISM_MAX: u32 = 16;
/// The most memory that a stored argon2 hash of another program may ask for, in KiB, unless the caller sets another
/// limit: 128 MiB. Several libraries used 100 MiB by default.
pub const LEGACY_MEMORY_MAX: u32 = 131_072;
/// The highest limit that a caller can set instead of [`LEGACY_MEMORY_MAX`], in KiB: 1 GiB. WebAssembly cannot allocate
/// much more at once.
pub const LEGACY_MEMORY_LIMIT: u32 = 1_048_576;
/// The most rounds of bcrypt, as a power of two: one or two seconds. Each further round doubles the time.
pub const BCRYPT_ROUNDS_MAX: u8 = 14;

/// The cost of a hash. An attacker pays it for each guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB: `m`, from 8 for each lane to [`MEMORY_MAX`].
    pub memory: u32,
    /// Passes over the memory: `t`, from 1 to [`PASSES_MAX`].
    pub passes: u32,
    /// Lanes: `p`, from 1 to [`PARALLELISM_MAX`].
    pub parallelism: u32,
}

impl Cost {
    /// Whether the cost exceeds a cap. The cap of the memory is an argument.
    pub(super) const fn is_too_high(self, memory_max: u32) -> bool {
        self.memory > memory_max || self.passes > PASSES_MAX || self.parallelism > PARALLELISM_MAX
    }

    /// Source: RFC 9106, section 3.1: the memory is at least 8 blocks for each lane.
    pub(super) const fn is_too_low(self) -> bool {
        self.passes == 0 || self.parallelism == 0 || self.memory < self.parallelism.saturating_mul(8)
    }
}

impl Default for Cost {
    /// 19 MiB, two passes, one lane. Source: OWASP, "Password Storage Cheat Sheet", Argon2id.
    fn default() -> Self {
        Self { memory: 19_456, passes: 2, parallelism: 1 }
    }
}
