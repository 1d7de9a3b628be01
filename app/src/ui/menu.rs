//! Menus: a button, and what it opens.
//!
//! The browser itself opens one, and closes it by Escape or by a press elsewhere (`popover`). That the
//! arrows move in it is the script of the document ([`crate::shell`]); without one Tab does.

use domain::Operation;
use leptos::prelude::*;

use crate::paths::encoded;
use crate::request::Request;
use crate::ui::allowed;
use crate::ui::bidi::label;
use crate::ui::parts::icon;

/// A menu: its id, which has no spaces, its classes, and what its button is called and shows.
pub fn menu(
    id: &str,
    class: &'static str,
    (button_class, name, inside): (&'static str, &str, AnyView),
    items: AnyView,
) -> AnyView {
    view! {
        <div class=class>
            <button
                class=button_class
                type="button"
                popovertarget=id.to_owned()
                aria-label=name.to_owned()
                title=name.to_owned()
            >
                {inside}
            </button>
            <div class="menu-list" id=id.to_owned() popover="auto">
                {items}
            </div>
        </div>
    }
    .into_any()
}

/// What stands in the menu of a row.
pub enum Item {
    /// The page of the row.
    View,
    /// A page below it, open to all who see the row: its icon, its name, and what follows the address.
    Page(&'static str, &'static str, &'static str),
    /// An operation: its icon and name, and what follows the address of the row.
    Act(Operation, (&'static str, &'static str), &'static str),
    /// An operation that takes something away: its icon and name, and the address of its page.
    Danger(Operation, (&'static str, &'static str), String),
    /// The calls that read the row, as code.
    AsCode,
    /// Something else.
    Other(AnyView),
}

/// What stands in the menu of a row whose page is at an address. A line stands before what cannot be
/// undone.
pub fn items(request: &Request, to: &str, items: Vec<Item>) -> AnyView {
    let item = |item| match item {
        Item::View => view! { <a href=to.to_owned()>{icon("eye")} "View"</a> }.into_any(),
        Item::Page(picture, text, path) => {
            view! { <a href=format!("{to}{path}")>{icon(picture)} {text}</a> }.into_any()
        }
        Item::AsCode => {
            view! { <a href=format!("{to}?code=cli")>{icon("code")} "As code"</a> }.into_any()
        }
        Item::Act(operation, what, path) => {
            allowed::link(request, operation, "", what, format!("{to}{path}"))
        }
        Item::Danger(operation, what, to) => {
            let link = allowed::link(request, operation, "menu-danger", what, to);
            view! {
                <hr />
                {link}
            }
            .into_any()
        }
        Item::Other(view) => view,
    };
    items.into_iter().map(item).collect_view().into_any()
}

/// The menu of a row: its button, and what it opens. `name` is what people call the row.
pub fn of_row(to: &str, name: &str, items: AnyView) -> AnyView {
    let id = format!("menu-{}", encoded(to));
    let name = label("Actions for", name);
    let button = ("btn btn-icon btn-ghost btn-small", &*name, icon("dots"));
    menu(&id, "menu menu-end", button, items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_opens_its_own_menu() {
        let of = |to| of_row(to, "<Ann>", ().into_any()).to_html();
        let one = of("/main/us-east-1/app-instances/1/users/a b");
        let target = |html: &str| {
            let rest = html.split_once("popovertarget=\"").unwrap().1;
            rest.split_once('"').unwrap().0.to_owned()
        };

        let id = target(&one);

        assert!(one.contains(&format!("id=\"{id}\"")), "{one}");
        assert!(!id.contains(' '), "an id has no space: {id}");
        assert_ne!(id, target(&of("/main/us-east-1/app-instances/1/users/b")));
        assert!(one.contains("Actions for &lt;Ann&gt;"), "{one}");
    }
}
