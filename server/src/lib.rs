//! The composition of Carillon: command line, configuration, router, layers, and the start and end
//! of the process.
//!
//! Decides nothing about AppInstances and knows no SQL; it connects `app`, `backend` and `emulator`.

pub mod answer;
pub mod assets;
pub mod cli;
pub mod commands;
pub mod config;
pub mod demo;
pub mod descriptors;
pub mod environment;
pub mod forms;
pub mod layers;
pub mod limits;
mod local;
pub mod metrics;
pub mod reports;
pub mod router;
pub mod serve;
mod shares;
pub mod telemetry;
mod theme;
pub mod tls;
