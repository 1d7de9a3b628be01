//! The dashboard: pages, forms and server functions.
//!
//! Pages run on the server only and are compiled for it only. What needs the browser is an island
//! under [`islands`]; those and the rules of fields ([`rule`]) are compiled for both.

#![recursion_limit = "256"]
#![allow(
    missing_docs,
    reason = "the arguments of server functions become fields of public structs"
)]
#![allow(
    clippy::needless_pass_by_value,
    reason = "the arguments of components and server functions are values"
)]
#![allow(
    clippy::large_futures,
    reason = "a page reads several things of AWS at once, and each page is boxed by the router"
)]

pub mod islands;
pub mod rule;

#[cfg(feature = "ssr")]
mod access;
#[cfg(feature = "ssr")]
mod activity;
#[cfg(feature = "ssr")]
mod app_instance_admins;
#[cfg(feature = "ssr")]
mod app_instance_bots;
#[cfg(feature = "ssr")]
mod app_instance_users;
#[cfg(feature = "ssr")]
mod app_instances;
#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
mod bring_back;
#[cfg(feature = "ssr")]
mod columns;
#[cfg(feature = "ssr")]
mod covered;
#[cfg(feature = "ssr")]
mod endpoints;
#[cfg(feature = "ssr")]
mod find;
#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
mod go;
#[cfg(feature = "ssr")]
mod gone;
#[cfg(feature = "ssr")]
pub mod imports;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
mod listing;
#[cfg(feature = "ssr")]
mod metadata;
#[cfg(feature = "ssr")]
mod opened;
#[cfg(feature = "ssr")]
pub mod operations;
#[cfg(feature = "ssr")]
mod operators;
#[cfg(feature = "ssr")]
mod overview;
#[cfg(feature = "ssr")]
pub mod paths;
#[cfg(feature = "ssr")]
mod remaining;
#[cfg(feature = "ssr")]
pub mod request;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
mod selected;
#[cfg(feature = "ssr")]
mod selection;
#[cfg(feature = "ssr")]
mod session;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
mod side_by_side;
#[cfg(feature = "ssr")]
mod tags;
#[cfg(feature = "ssr")]
mod text_area;
#[cfg(feature = "ssr")]
mod ui;
