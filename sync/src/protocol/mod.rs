//! The wire: structs only, exactly as docs/PROTOCOL.md shows them.
//!
//! JSON lines (UTF-8, LF), zstd where a body says so. Integers stay within ±(2^53-1).

pub mod authorize;
pub mod code;
pub mod config;
pub mod digest;
pub mod enrol;
pub mod entry;
pub mod existence;
pub mod export;
pub mod hello;
pub mod lan;
pub mod left_out;
pub mod pack;
pub mod problem;
pub mod pull;
pub mod push;
pub mod signature;
pub mod snapshot;
pub mod transfer;

/// Protocol major version, the `v1` of every path.
pub const PROTOCOL: u32 = 1;

pub mod path {
    //! Paths of the API that tills use.
    pub const ENROL: &str = "/v1/enrol";
    pub const HELLO: &str = "/v1/sync/hello";
    pub const HASHES: &str = "/v1/sync/hashes";
    pub const BRANCH: &str = "/v1/sync/branch";
    pub const PUSH: &str = "/v1/sync/push";
    pub const PULL: &str = "/v1/sync/pull";
    pub const VERDICTS: &str = "/v1/sync/verdicts";
    pub const SNAPSHOT: &str = "/v1/sync/snapshot";
    /// The manifest; a segment is below it, by its hash.
    pub const PACK: &str = "/v1/sync/pack";
    pub const CONFIG: &str = "/v1/sync/config";
    pub const AUTHORIZE: &str = "/v1/sync/authorize";
    pub const RELEASE: &str = "/v1/sync/release";
    pub const TRANSFER: &str = "/v1/sync/transfer";
    pub const LOOKUP: &str = "/v1/sync/lookup";
    pub const DIGEST: &str = "/v1/sync/digest";
    pub const SIBLINGS: &str = "/v1/sync/siblings";
    /// Server-sent events: `heads` whenever something changed, at least every two seconds.
    pub const FEED: &str = "/v1/feed";
    /// Long-poll fallback: `?wait=25` seconds at most.
    pub const POLL: &str = "/v1/pull";
}
