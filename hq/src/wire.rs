//! Every turn of the conversation with a till, without HTTP: what the handlers call once a signature was
//! checked. Whoever drives headquarters inside one process talks to it through these.

pub use crate::api::authorize::{answer as authorize, give_back as release};
pub use crate::api::cases::{Answer, settle};
pub use crate::api::config::built as config;
pub use crate::api::enrol::make as enrol;
pub use crate::api::feed::heads;
pub use crate::api::hello::{answer_branch as branch, answer_hashes as hashes, welcome as hello};
pub use crate::api::lookup::find as lookup;
pub use crate::api::operators::Operator;
pub use crate::api::pull::answer as pull;
pub use crate::api::push::take as push;
pub use crate::api::siblings::named as siblings;
pub use crate::api::transfer::answer as transfer;
pub use crate::api::verdicts::answer as verdicts;
pub use crate::snapshot::write as snapshot;
