//! Rebuilds the binary when the front end that it carries was built anew.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Only release builds carry the files; others read them from the folder. Watching a folder that
    // may not be there would rebuild the crate each time.
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../target/site");
    }
}
