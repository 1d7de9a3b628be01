//! Links and buttons that know who may use them. Whoever may not sees them too, with the reason.

use backend::may_manage;
use domain::{Cause, Operation, Region, Role};
use leptos::prelude::*;

use crate::operations::done_by;
use crate::paths;
use crate::request::Request;
use crate::ui::lock;
use crate::ui::parts::icon;

/// Why an operation is not open to the one who asks; nothing when it is.
pub fn reason(request: &Request, operation: Operation) -> Option<String> {
    let role = request.caller().ok().map(|caller| caller.role);
    why_not(role, request.backend().connection().read_only, operation)
}

fn why_not(role: Option<Role>, read_only: bool, operation: Operation) -> Option<String> {
    if read_only && operation.effect().is_write() {
        return Some("This console is read-only".to_owned());
    }
    let needed = Role::needed_for(operation);
    (role < Some(needed)).then(|| format!("Needs the role {needed}"))
}

/// Why the one who asks may not manage operators; nothing when they may.
pub fn reason_of_operators(request: &Request) -> Option<String> {
    match may_manage(request.caller().ok()?).err()?.cause {
        Cause::Limited => Some("Needs the role Admin for everything".to_owned()),
        _ => Some(format!("Needs the role {}", Role::Admin)),
    }
}

/// Why an AppInstance cannot be created in a Region: it needs all of that.
fn reason_of_create(request: &Request, region: Region) -> Option<String> {
    reason(request, Operation::CreateAppInstance).or_else(|| {
        let is_limited = !request.covers_region(region);
        is_limited.then(|| format!("Your scope does not cover all of {region}"))
    })
}

/// Why sending the form of this page would be refused, whatever is typed; nothing when it would not.
pub fn reason_of_form(request: &Request, action: &str) -> Option<String> {
    done_by(action).find_map(|operation| match (operation, request.scope()) {
        (Operation::CreateAppInstance, Ok(scope)) => reason_of_create(request, scope.region),
        _ => reason(request, operation),
    })
}

/// The link to the page that creates an AppInstance, which needs all of its Region.
pub fn create_instance(request: &Request, region: Region, class: &'static str) -> AnyView {
    let reason = reason_of_create(request, region);
    let to = paths::create_instance(&request.scope_in(region));
    link_unless(reason, class, ("plus", "Create AppInstance"), to)
}

/// A link to the page of an operation.
pub fn link(
    request: &Request,
    operation: Operation,
    class: &'static str,
    what: (&str, &'static str),
    to: String,
) -> AnyView {
    link_unless(reason(request, operation), class, what, to)
}

/// The same when the reason against it is not of an operation.
pub fn link_unless(
    reason: Option<String>,
    class: &'static str,
    (icon_name, text): (&str, &'static str),
    to: String,
) -> AnyView {
    let inside = view! {
        {icon(icon_name)}
        {text}
    };
    match reason {
        None => view! { <a class=class href=to>{inside}</a> }.into_any(),
        Some(reason) => view! {
            <a class=class role="link" aria-disabled="true" title=reason.clone()>
                {inside}
                <span class="sr-only">{format!(" ({reason})")}</span>
            </a>
        }
        .into_any(),
    }
}

/// A button that posts to a server function; `hidden` are its arguments. A refusal comes back to
/// the one named `page`. Where writes are locked it leads to unlocking them.
pub fn button(
    request: &Request,
    operation: Operation,
    class: &'static str,
    what: (&str, &'static str),
    action: &'static str,
    hidden: Vec<(&'static str, String)>,
) -> AnyView {
    if let Some(locked) = lock::instead_of_button(request, operation, class, what.1) {
        return locked;
    }
    button_unless(reason(request, operation), class, what, action, hidden)
}

/// The same when the reason against it is not of an operation.
pub fn button_unless(
    reason: Option<String>,
    class: &'static str,
    (icon_name, text): (&str, &'static str),
    action: &'static str,
    hidden: Vec<(&'static str, String)>,
) -> AnyView {
    let inside = view! {
        {icon(icon_name)}
        {text}
    };
    match reason {
        None => {
            let hidden = hidden
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                .collect_view();
            view! {
                <form method="post" action=format!("/api/{action}")>
                    {hidden} <button class=class>{inside}</button>
                </form>
            }
            .into_any()
        }
        Some(reason) => view! {
            <button class=class type="button" aria-disabled="true" title=reason.clone()>
                {inside}
                <span class="sr-only">{format!(" ({reason})")}</span>
            </button>
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_the_connection_or_the_role() {
        let why = |role, read_only| why_not(role, read_only, Operation::DeleteAppInstanceUser);
        assert_eq!(why(Some(Role::Operator), false), None);
        assert_eq!(
            why(Some(Role::Viewer), false).as_deref(),
            Some("Needs the role Operator")
        );
        assert_eq!(why(None, false), why(Some(Role::Viewer), false));
        assert_eq!(
            why(Some(Role::Admin), true).as_deref(),
            Some("This console is read-only")
        );
        let read = Operation::DescribeAppInstanceUser;
        assert_eq!(why_not(Some(Role::Viewer), true, read), None);
    }
}
