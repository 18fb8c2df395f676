//! The print queue: one thread owns the printer, the caller's store owns the jobs.
//!
//! A job that may have put its first byte on the paper is never sent again by itself:
//! ```text
//! queued -> sending -> confirmed | sent_unconfirmed | uncertain
//!    ^         |                                      failed, cancelled: by the caller
//!    +---------+ only when not one byte was accepted
//! ```
//! Paper end and an open cover are no failures: the printer goes on by itself, so the link is kept and
//! nothing is sent again. A slip that waits so for ten minutes becomes `uncertain`.
mod drawer_watch;
mod inbox;
mod job;
mod limits;
mod ready;
mod refusals;
mod report;
mod self_test;
mod send;
mod worker;

pub use job::{EventSink, Job, JobId, JobState, JobStore, StoreError};
pub use limits::QueueLimits;
pub use report::{SelfTest, TestReport};
pub use worker::PrintQueue;
