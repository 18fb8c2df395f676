//! The print queue: one thread owns the printer, the caller's store owns the jobs.
//!
//! A job that may have put its first byte on the paper is never sent again by itself:
//! ```text
//! queued -> sending -> confirmed | sent_unconfirmed | uncertain
//!    ^         |                                      failed, cancelled: by the caller
//!    +---------+ only when not one byte was accepted
//! ```
mod job;
mod limits;
mod send;
mod worker;

pub use job::{EventSink, Job, JobId, JobState, JobStore, StoreError};
pub use limits::QueueLimits;
pub use worker::PrintQueue;
