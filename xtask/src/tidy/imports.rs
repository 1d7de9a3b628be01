//! Which modules may import which: a crate is read from above, and no import runs up.
//!
//! Each list is one crate from its top to its bottom. A module imports only what stands below it,
//! so there is never a circle. Inside a module its parts may know each other.

use super::Finding;

/// A crate, and its modules from above.
const CRATES: &[(&str, &[&str])] = &[
    (
        "app/src/",
        &[
            "lib",
            "shell",
            "routes",
            "overview",
            "go",
            "jobs",
            "activity",
            "imports",
            "endpoints",
            "app_instance_users",
            "app_instance_bots",
            "opened",
            "app_instance_admins",
            "audit",
            "session",
            "operators",
            "find",
            "selected",
            "app_instances",
            "selection",
            "tags",
            "metadata",
            "columns",
            "covered",
            "remaining",
            "side_by_side",
            "gone",
            "bring_back",
            "ui",
            "listing",
            "text_area",
            "form",
            "access",
            "operations",
            "request",
            "islands",
            "rule",
            "paths",
        ],
    ),
    (
        "crates/backend/src/",
        &[
            "lib",
            "import",
            "jobs",
            "commands",
            "look",
            "call",
            "accounts",
            "audit",
            "selection",
            "access",
            "connections",
            "changes",
            "handover",
            "walk",
            "identity",
            "budget",
            "store",
            "points",
            "background",
            "network",
            "clock",
            "measure",
            "random",
        ],
    ),
    (
        "crates/emulator/src/",
        &[
            "lib",
            "in_process",
            "emulator",
            "server",
            "control_plane",
            "sts",
            "routing",
            "dispatch",
            "digest",
            "reset",
            "seed",
            "background",
            "tags",
            "admins",
            "bots",
            "endpoints",
            "users",
            "app_instances",
            "idempotency",
            "tag_list",
            "paging",
            "call",
            "failing",
            "spoiled",
            "connection",
            "below",
            "host",
            "body",
            "state",
            "rate",
            "origin",
            "signature",
            "statistics",
            "arrivals",
            "request_tokens",
            "settings",
            "faults",
            "latency",
            "chance",
            "operation",
            "query",
            "storage",
            "writer",
            "next_token",
            "constraints",
            "arn",
            "scope",
            "object",
            "twice",
            "deadlines",
            "clock",
            "error",
        ],
    ),
];

/// Finds imports that run up, and modules that have no place.
pub fn check(path: &str, text: &str) -> Vec<Finding> {
    let of_crate = |(folder, modules): &(&str, &'static [&'static str])| {
        let below = path.strip_prefix(folder)?;
        let is_test = below.ends_with("tests.rs") || below.contains("tests/");
        if is_test {
            return None;
        }
        let module = below.split(['/', '.']).next()?;
        Some((*modules, module.to_owned()))
    };
    let Some((modules, module)) = CRATES.iter().find_map(of_crate) else {
        return Vec::new();
    };
    let place = |name: &str| modules.iter().position(|known| *known == name);
    let Some(own) = place(&module) else {
        return vec![Finding {
            line: 1,
            message: "a module without a place: put it into the list of xtask/src/tidy/imports.rs",
        }];
    };
    let found = imported(text).into_iter();
    let runs_up = found.filter(|(_, name)| place(name).is_some_and(|other| other < own));
    runs_up
        .map(|(line, _)| Finding {
            line,
            message: "an import that runs up (xtask/src/tidy/imports.rs has the order): move what is \
                      imported down, or the one who needs it up",
        })
        .collect()
}

/// The modules of its own crate that a file names, with the line of each. Not those of its tests.
fn imported(text: &str) -> Vec<(usize, String)> {
    const ROOT: &str = "crate::";
    let code = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(text);
    let mut found = Vec::new();
    for (at, _) in code.match_indices(ROOT) {
        let before = &code[..at];
        let is_comment = before
            .rsplit('\n')
            .next()
            .is_some_and(|line| line.contains("//"));
        if is_comment {
            continue;
        }
        let rest = &code[at + ROOT.len()..];
        let line = before.matches('\n').count() + 1;
        match rest.strip_prefix('{') {
            None => found.push((line, name_of(rest))),
            Some(group) => found.extend(first_names(group).map(|name| (line, name))),
        }
    }
    found
}

/// The module that a path begins with. A type is named there by its way through the root of the crate,
/// which would hide where it is from.
fn name_of(text: &str) -> String {
    let is_of_name = |letter: &char| letter.is_alphanumeric() || *letter == '_';
    let name: String = text.trim_start().chars().take_while(is_of_name).collect();
    if name.starts_with(char::is_uppercase) {
        return "lib".to_owned();
    }
    name
}

/// The first names in `a::{b, c}, d};`: `a` and `d`.
fn first_names(group: &str) -> impl Iterator<Item = String> {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for letter in group.chars() {
        match letter {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            _ if depth == 0 => parts.last_mut().expect("it begins with one").push(letter),
            _ => {}
        }
    }
    parts.into_iter().map(|part| name_of(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let found = check(path, text);
        found.into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn an_import_that_runs_up_is_found_however_it_is_written() {
        let up = "//! Data.\nuse crate::ui::page;\nuse crate::{\n    paths,\n    ui::{form, menu},\n};\n";
        assert_eq!(lines("app/src/form/field.rs", up), [2, 3]);
        let call = "//! Data.\nfn f() { crate::shell::document() }\n";
        assert_eq!(lines("app/src/request.rs", call), [2]);
    }

    #[test]
    fn an_import_that_runs_down_or_stays_or_is_of_a_test_is_none() {
        let text = "//! Markup.\nuse crate::form::FormSpec;\nuse crate::ui::page;\n// crate::routes\n\
                    #[cfg(test)]\nmod tests {\n    use crate::routes::App;\n}\n";
        assert_eq!(lines("app/src/ui/form.rs", text), [0; 0]);
        assert_eq!(
            lines("server/src/router.rs", "use crate::anything;\n"),
            [0; 0]
        );
    }

    #[test]
    fn a_module_without_a_place_is_found() {
        assert_eq!(lines("app/src/new.rs", "//! New.\n"), [1]);
    }
}
