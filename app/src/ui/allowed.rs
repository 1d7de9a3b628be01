//! Links and buttons that know who may use them. Operators who may not use one see it too, with the
//! reason.

use domain::arn::AppInstanceArn;
use domain::import::Kind;
use domain::{Operation, Region};
use leptos::prelude::*;

use crate::access::{reason, reason_of_create, reason_of_import};
use crate::paths;
use crate::request::Request;
use crate::ui::lock;
use crate::ui::parts::icon;

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

/// The link to the page that imports rows of a kind.
pub fn import_link(request: &Request, arn: &AppInstanceArn, kind: Kind) -> AnyView {
    let text = match kind {
        Kind::Users => "Import users",
        Kind::Admins => "Import admins",
        Kind::Endpoints => "Import endpoints",
    };
    let to = paths::import(&request.connection().id, arn, kind);
    link_unless(
        reason_of_import(request, kind),
        "btn",
        ("arrow-up", text),
        to,
    )
}

/// Like [`link`], inside a text and without an icon.
pub fn act(request: &Request, operation: Operation, text: &'static str, to: String) -> AnyView {
    link(request, operation, "act", ("", text), to)
}

/// The link to the page that edits a resource; `page` is that of the resource.
pub fn edit_link(request: &Request, operation: Operation, page: &str) -> AnyView {
    let to = format!("{page}/edit");
    link(request, operation, "btn btn-primary", ("edit", "Edit"), to)
}

/// The link to the page that deletes a resource, or takes it away by another `verb`.
pub fn delete_link(
    request: &Request,
    operation: Operation,
    verb: &'static str,
    page: &str,
) -> AnyView {
    let to = format!("{page}/{}", verb.to_lowercase());
    link(
        request,
        operation,
        "btn btn-danger-line",
        ("trash", verb),
        to,
    )
}

/// Like [`link`], for a reason that does not come from an operation.
pub fn link_unless(
    reason: Option<String>,
    class: &'static str,
    (icon_name, text): (&str, &'static str),
    to: String,
) -> AnyView {
    let inside = view! {
        {(!icon_name.is_empty()).then(|| icon(icon_name))}
        {text}
    };
    match reason {
        None => view! {
            <a class=class href=to>
                {inside}
            </a>
        }
        .into_any(),
        Some(reason) => view! {
            <a class=class role="link" tabindex="0" aria-disabled="true" title=reason.clone()>
                {inside}
                {why(&reason)}
            </a>
        }
        .into_any(),
    }
}

/// Why something is off: in a menu below its text, elsewhere when it has the focus. Without a
/// pointer nobody sees a title.
pub fn why(reason: &str) -> AnyView {
    view! { <span class="why">{format!(" ({reason})")}</span> }.into_any()
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

/// Like [`button`], for a reason that does not come from an operation.
pub fn button_unless(
    reason: Option<String>,
    class: &'static str,
    (icon_name, text): (&str, &'static str),
    action: &'static str,
    hidden: Vec<(&'static str, String)>,
) -> AnyView {
    let inside = view! {
        {(!icon_name.is_empty()).then(|| icon(icon_name))}
        {text}
    };
    match reason {
        None => {
            let hidden = hidden
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
                .collect_view();
            view! {
                <form method="post" action=format!("/api/{action}")>
                    {hidden}
                    <button class=class>{inside}</button>
                </form>
            }
            .into_any()
        }
        Some(reason) => view! {
            <button class=class type="button" aria-disabled="true" title=reason.clone()>
                {inside}
                {why(&reason)}
            </button>
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_off_is_reached_by_keyboard_and_says_why_where_it_is_seen() {
        let reason = || Some("Needs the role Admin".to_owned());
        let what = ("trash", "Delete");
        let off = [
            link_unless(reason(), "menu-danger", what, "/x/delete".to_owned()),
            link_unless(reason(), "act", ("", "Edit tags"), "/x/tags".to_owned()),
            button_unless(reason(), "btn", what, "x/delete", Vec::new()),
        ];
        for html in off.map(RenderHtml::to_html) {
            assert!(html.contains("aria-disabled=\"true\""), "{html}");
            assert!(
                html.contains("class=\"why\"> (Needs the role Admin)<"),
                "{html}"
            );
            let stops = html.contains("tabindex=\"0\"") || html.contains("<button");
            assert!(
                stops && !html.contains("=\"/x") && !html.contains("<form"),
                "{html}"
            );
        }
    }

    #[test]
    fn what_is_on_has_no_reason() {
        let html = link_unless(None, "act", ("", "Edit tags"), "/x/tags".to_owned()).to_html();
        assert!(
            html.contains("href=\"/x/tags\"") && !html.contains("why"),
            "{html}"
        );
        assert!(!html.contains("<svg"), "no icon in a text: {html}");
    }
}
