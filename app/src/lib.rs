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
pub mod access;
#[cfg(feature = "ssr")]
pub mod activity;
#[cfg(feature = "ssr")]
pub mod app_instance_admins;
#[cfg(feature = "ssr")]
pub mod app_instance_bots;
#[cfg(feature = "ssr")]
pub mod app_instance_users;
#[cfg(feature = "ssr")]
pub mod app_instances;
#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod columns;
#[cfg(feature = "ssr")]
pub mod covered;
#[cfg(feature = "ssr")]
pub mod endpoints;
#[cfg(feature = "ssr")]
pub mod find;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod go;
#[cfg(feature = "ssr")]
pub mod listing;
#[cfg(feature = "ssr")]
pub mod operations;
#[cfg(feature = "ssr")]
pub mod operators;
#[cfg(feature = "ssr")]
pub mod overview;
#[cfg(feature = "ssr")]
pub mod paths;
#[cfg(feature = "ssr")]
pub mod remaining;
#[cfg(feature = "ssr")]
pub mod request;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod side_by_side;
#[cfg(feature = "ssr")]
pub mod tags;
#[cfg(feature = "ssr")]
pub mod text_area;
#[cfg(feature = "ssr")]
pub mod ui;
