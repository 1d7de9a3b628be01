//! What pages are made of.

pub mod allowed;
pub mod ask;
pub mod bidi;
pub mod code;
pub mod conflict;
pub mod consequence;
pub mod count;
pub mod edit;
pub mod failed;
mod field;
pub mod form;
pub mod frame;
pub mod late;
pub mod list;
pub mod lock;
pub mod menu;
pub mod moved;
pub mod odd;
pub mod page;
pub mod pager;
pub mod parts;
pub mod table;
pub mod tabs;
mod tag_rows;
mod ticks;
pub mod time;
mod time_bar;
