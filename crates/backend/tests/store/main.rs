//! The store on both databases: audit, operators, sessions.
//!
//! Every test runs on SQLite, and on PostgreSQL when `CARILLON_TEST_POSTGRES_URL` names a database
//! in which schemas may be made.

#![expect(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it should do"
)]

mod audit;
mod audit_pages;
mod audit_search;
mod chain;
mod database;
mod flood;
mod guards;
mod identities;
mod imports;
mod jobs;
mod notices;
mod open;
mod operators;
mod operators_admin;
mod people;
mod pooled;
mod purge;
mod second_factor;
mod sessions;
mod statements;
mod unholdable;
mod unwritable;
mod usernames;
