//! The server over real HTTP: its layers, the forms without JavaScript, the files.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

mod access;
mod account;
mod activity;
mod admins;
mod adversity;
mod assets;
mod audit;
mod bad_input;
mod bodies;
mod bots;
mod commands;
mod coverage;
mod crowd;
mod csrf;
mod demo;
mod descriptors;
mod door;
mod emulated;
mod endpoints;
mod existing_users;
mod files;
mod forms;
mod grants;
mod headers;
mod lists;
mod log;
mod malformed;
mod meanwhile;
mod metrics;
mod notices;
mod oidc;
mod operators;
mod pages;
mod reports;
mod reveal;
mod second_factor;
mod secrets;
mod session;
mod support;
mod tls;
mod uncompressed;
mod unlock;
mod users;
mod verify_service;
