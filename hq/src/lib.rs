//! Headquarters: receives what tills recorded, decides once, tells everybody.
//!
//! The modules stand in dependency order: each uses only those above it.

pub mod config;

pub mod store;

pub mod error;

pub mod keys;

pub mod erased;

pub mod entries;

pub mod existence;

pub mod interest;

pub mod streams;

pub mod decide;

pub mod deeds;

pub mod orders;

pub mod authorize;

pub mod transfer;

pub mod codes;

pub mod history;

pub mod ahead;

pub mod receive;

pub mod timeline;

pub mod import;

pub mod feed;

pub mod versions;

pub mod gates;

pub mod snapshot;

pub mod packs;

pub mod digest;

pub mod audience;
pub mod auth;

pub mod app;

pub mod follow;

pub mod jobs;

pub mod api;

pub mod wire;

pub mod routes;

pub mod inspect;

pub mod tls;

pub mod limits;

pub mod serve;
