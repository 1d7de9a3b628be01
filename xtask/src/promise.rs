//! The promise of `CONTRIBUTING.md`: an operation costs at most seven files without the emulator.
//!
//! Counted on two real ones. Each file of the table there names the operation, and no other file
//! does, but for those below, which nothing makes anybody change.

use std::fs;
use std::path::Path;

use crate::{files, generate};

/// A real operation, and what the places of its files are called.
struct Example {
    name: &'static str,
    method: &'static str,
    /// `<calls>`, `<pages>` and `<verb>` of the table.
    placeholders: [(&'static str, &'static str); 3],
}

const EXAMPLES: &[Example] = &[
    Example {
        name: "UpdateAppInstanceBot",
        method: "update_app_instance_bot",
        placeholders: [
            ("<calls>", "bots"),
            ("<pages>", "app_instance_bots"),
            ("<verb>", "edit"),
        ],
    },
    Example {
        name: "DeregisterAppInstanceUserEndpoint",
        method: "deregister_app_instance_user_endpoint",
        placeholders: [
            ("<calls>", "endpoints"),
            ("<pages>", "endpoints"),
            ("<verb>", "deregister"),
        ],
    },
];

/// Files, and folders of files, that may name an operation and do not have to.
const NOT_FORCED: &[&str] = &[
    // The emulator, and what compares it with the model of the service and with the service.
    "crates/emulator/",
    "crates/verify/",
    "end2end/contract/",
    // What takes several calls, or looks at what became of one whose answer was lost.
    "crates/backend/src/commands/",
    "crates/backend/src/look.rs",
    // Operations that differ from the others in what they replace and leave.
    "crates/domain/src/snapshot.rs",
    "app/src/audit/",
    // Buttons that lead to the page.
    "app/src/app_instance_bots/list.rs",
    "app/src/app_instance_bots/detail.rs",
    "app/src/endpoints/list.rs",
    "app/src/endpoints/detail.rs",
    // What is done to many resources.
    "crates/backend/src/call.rs",
    "crates/domain/src/job.rs",
    "crates/domain/src/plan/",
    // The page of what is gone.
    "app/src/gone.rs",
    // Tests that take it for an example, or try more of it than every operation is tried with.
    "crates/backend/tests/",
    "crates/domain/src/event.rs",
    "app/src/form/member.rs",
    "server/tests/http/bots.rs",
    "server/tests/http/gone.rs",
    "server/tests/http/preview.rs",
    "xtask/src/promise.rs",
    "CONTRIBUTING.md",
];

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The files of the numbered rows of the table, with placeholders.
fn promised() -> Vec<String> {
    let text = fs::read_to_string(root().join("CONTRIBUTING.md")).expect("there is one");
    let (_, section) = text
        .split_once("\n## To add an operation\n")
        .expect("CONTRIBUTING.md has the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        cells.next()?.parse::<usize>().ok()?;
        let file = cells.next()?;
        let file = file
            .strip_prefix('`')
            .and_then(|file| file.strip_suffix('`'));
        Some(file.expect("a row has one file").to_owned())
    });
    rows.collect()
}

impl Example {
    /// The files of the table.
    fn files(&self) -> Vec<String> {
        let fill = |file: String| {
            let placeholders = self.placeholders.iter();
            placeholders.fold(file, |file, (name, value)| file.replace(name, value))
        };
        promised().into_iter().map(fill).collect()
    }

    /// Whether a text has the name of its type or of its methods.
    fn is_named_in(&self, text: &str) -> bool {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let mut words = text.split(|letter| !is_part(letter));
        words.any(|word| word == self.name || word == self.method)
    }
}

#[test]
fn an_operation_costs_at_most_seven_files() {
    let promised = promised();
    assert!((1..=7).contains(&promised.len()), "{promised:?}");
}

#[test]
fn every_file_of_the_table_names_the_operation() {
    for example in EXAMPLES {
        let [_, (_, pages), (_, verb)] = example.placeholders;
        for file in example.files() {
            let text = fs::read_to_string(root().join(&file)).unwrap_or_default();
            // There it is named by the module with its page.
            let is_module = file == format!("app/src/{pages}.rs");
            let is_named = is_module && text.contains(&format!("\nmod {verb};"));
            let is_named = is_named || example.is_named_in(&text);
            assert!(is_named, "{file} does not name {}", example.name);
        }
    }
}

#[test]
fn no_other_file_names_it_but_those_that_nobody_has_to_change() {
    let is_excused = |file: &str, place: &str| {
        file == place || (place.ends_with('/') && file.starts_with(place))
    };
    let mut unneeded: Vec<&str> = NOT_FORCED.to_vec();
    for example in EXAMPLES {
        let counted = example.files();
        for file in files::under(&root(), "").expect("the clone can be read") {
            let is_generated = generate::DOCUMENTS.contains(&&*file);
            // What is not UTF-8 is a picture.
            let text = fs::read_to_string(root().join(&file)).unwrap_or_default();
            if counted.contains(&file) || is_generated || !example.is_named_in(&text) {
                continue;
            }
            let excuse = NOT_FORCED.iter().find(|place| is_excused(&file, place));
            let excuse = excuse.unwrap_or_else(|| panic!("{file} names {} too", example.name));
            unneeded.retain(|place| place != excuse);
        }
    }
    assert!(unneeded.is_empty(), "name none of them: {unneeded:?}");
}
