//! Where each operation of the API is done in this console: the page and the server function.
//!
//! `cargo xtask generate` writes the table of the README from it, and the coverage tests open every
//! page and call every function.

use std::fmt::Write;

use domain::Operation;

/// Where an operation is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The pattern of the page's address.
    pub page: &'static str,
    /// The address of the server function of a write; a read is part of its page.
    pub function: Option<&'static str>,
}

macro_rules! places {
    (@function) => { None };
    (@function $function:literal) => { Some(concat!("/api/", $function)) };
    ($($operation:ident => $page:literal $(, $function:literal)?;)*) => {
        /// Where an operation is done. An operation without a place does not compile.
        pub const fn place(operation: Operation) -> Place {
            match operation {
                $(Operation::$operation => Place {
                    page: concat!("/:connection/:region", $page),
                    function: places!(@function $($function)?),
                }),*
            }
        }
    };
}

places! {
    CreateAppInstance => "/create-app-instance", "app-instances/create";
    CreateAppInstanceAdmin => "/app-instances/:instance/admins/add", "admins/create";
    CreateAppInstanceBot => "/app-instances/:instance/create-bot", "bots/create";
    CreateAppInstanceUser => "/app-instances/:instance/create-user", "users/create";
    DeleteAppInstance => "/app-instances/:instance/delete", "app-instances/delete";
    DeleteAppInstanceAdmin => "/app-instances/:instance/admins/:kind/:member/remove", "admins/delete";
    DeleteAppInstanceBot => "/app-instances/:instance/bots/:bot/delete", "bots/delete";
    DeleteAppInstanceUser => "/app-instances/:instance/users/:user/delete", "users/delete";
    DeregisterAppInstanceUserEndpoint =>
        "/app-instances/:instance/users/:user/endpoints/:endpoint/deregister", "endpoints/deregister";
    DescribeAppInstance => "/app-instances/:instance";
    DescribeAppInstanceAdmin => "/app-instances/:instance/admins/:kind/:member/remove";
    DescribeAppInstanceBot => "/app-instances/:instance/bots/:bot";
    DescribeAppInstanceUser => "/app-instances/:instance/users/:user";
    DescribeAppInstanceUserEndpoint =>
        "/app-instances/:instance/users/:user/endpoints/:endpoint";
    GetAppInstanceRetentionSettings => "/app-instances/:instance/retention";
    ListAppInstanceAdmins => "/app-instances/:instance/admins";
    ListAppInstanceBots => "/app-instances/:instance/bots";
    ListAppInstanceUserEndpoints => "/app-instances/:instance/users/:user/endpoints";
    ListAppInstanceUsers => "/app-instances/:instance/users";
    ListAppInstances => "/app-instances";
    ListTagsForResource => "/app-instances/:instance/tags";
    PutAppInstanceRetentionSettings => "/app-instances/:instance/retention", "app-instances/retention/put";
    PutAppInstanceUserExpirationSettings =>
        "/app-instances/:instance/users/:user/expiration", "users/expiration/put";
    RegisterAppInstanceUserEndpoint =>
        "/app-instances/:instance/users/:user/register-endpoint", "endpoints/register";
    TagResource => "/app-instances/:instance/tags", "tags/save";
    UntagResource => "/app-instances/:instance/tags", "tags/save";
    UpdateAppInstance => "/app-instances/:instance/edit", "app-instances/update";
    UpdateAppInstanceBot => "/app-instances/:instance/bots/:bot/edit", "bots/update";
    UpdateAppInstanceUser => "/app-instances/:instance/users/:user/edit", "users/update";
    UpdateAppInstanceUserEndpoint =>
        "/app-instances/:instance/users/:user/endpoints/:endpoint/edit", "endpoints/update";
}

/// Functions that do a part of an operation, beside the one that [`place`] names.
const PARTS: &[(&str, Operation)] = &[
    (
        "/api/app-instances/retention/off",
        Operation::PutAppInstanceRetentionSettings,
    ),
    (
        "/api/users/expiration/clear",
        Operation::PutAppInstanceUserExpirationSettings,
    ),
    (
        "/api/endpoints/allow",
        Operation::UpdateAppInstanceUserEndpoint,
    ),
];

/// The operations that a server function does.
pub fn done_by(function: &str) -> impl Iterator<Item = Operation> {
    let named = move |operation: &Operation| place(*operation).function == Some(function);
    let whole = Operation::ALL.iter().copied().filter(named);
    let part = PARTS.iter().filter(move |(part, _)| *part == function);
    whole.chain(part.map(|(_, operation)| *operation))
}

/// The table for the README: operation, what an operator reads, page, server function.
pub fn table() -> String {
    let mut table = String::from(
        "| operation | in the console | page | server function |\n|---|---|---|---|\n",
    );
    for operation in Operation::ALL {
        let Place { page, function } = place(*operation);
        let _ = writeln!(
            table,
            "| {operation} | {} | `…{}` | {} |",
            operation.label(),
            below_region(page),
            function.map_or_else(String::new, |function| format!("`{function}`")),
        );
    }
    table
}

/// A pattern without the connection and Region that each begins with, in the form people write:
/// `/app-instances/{instance}`.
fn below_region(page: &str) -> String {
    let below = page.strip_prefix("/:connection/:region").unwrap_or(page);
    let segments = below
        .split('/')
        .map(|segment| match segment.strip_prefix(':') {
            Some(name) => format!("{{{name}}}"),
            None => segment.to_owned(),
        });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_that_writes_is_known_to_do_it() {
        let done = |function| done_by(function).collect::<Vec<_>>();
        assert_eq!(
            done("/api/tags/save"),
            [Operation::TagResource, Operation::UntagResource]
        );
        for (part, operation) in PARTS {
            assert_eq!(done(part), [*operation]);
        }
        assert_eq!(done("/api/session/sign-in"), []);
    }

    #[test]
    fn the_table_has_a_row_for_each_operation() {
        let table = table();
        assert_eq!(table.lines().count(), 2 + Operation::ALL.len());
        let row = "| UpdateAppInstanceBot | Update AppInstanceBot | \
                   `…/app-instances/{instance}/bots/{bot}/edit` | `/api/bots/update` |";
        assert!(table.contains(row), "{table}");
    }
}
