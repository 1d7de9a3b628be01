//! The menus of the header: the Region, the theme, the account; and what it tells of that.

use domain::Region;
use leptos::prelude::*;

use crate::request::{Cookie, Request};
use crate::ui::bidi::{alone, chosen};
use crate::ui::menu::menu;
use crate::ui::parts::{icon, small_icon};

pub(super) fn region_menu(region: Region, regions: AnyView) -> AnyView {
    let inside = view! {
        {icon("globe")}
        <span>{region.as_str()}</span>
        {small_icon("chevron-down")}
    };
    let name = format!("Region: {region}");
    let button = ("hdr-btn", &*name, inside.into_any());
    menu("menu-region", "menu hdr-wide", button, regions)
}

pub(super) fn account_menu(username: &str, role: &'static str) -> AnyView {
    let initials = username.chars().take(2).flat_map(char::to_uppercase);
    let inside = view! {
        <span class="avatar" aria-hidden="true">
            {initials.collect::<String>()}
        </span>
        {small_icon("chevron-down")}
    };
    let items = view! {
        <p class="menu-note">
            <b>{chosen(username)}</b>
            {role}
        </p>
        <hr />
        <a href="/account">{icon("user")} "Your account"</a>
        {sign_out()}
    };
    let name = format!("{}, account menu", alone(username));
    let button = ("hdr-btn", &*name, inside.into_any());
    menu("menu-account", "menu menu-end", button, items.into_any())
}

pub(super) fn theme_menu(request: &Request) -> AnyView {
    let current = request.cookie(Cookie::Theme).unwrap_or("system");
    let current_icon = match current {
        "light" => "sun",
        "dark" => "moon",
        _ => "system",
    };
    let choice = |value: &'static str, name: &'static str, text: &'static str| {
        let pressed = if value == current { "true" } else { "false" };
        view! {
            <button name="theme" value=value aria-pressed=pressed>
                {icon(name)}
                {text}
            </button>
        }
    };
    let items = view! {
        <form method="post" action="/theme">
            {choice("light", "sun", "Light")}
            {choice("dark", "moon", "Dark")}
            {choice("system", "system", "System")}
        </form>
    };
    let button = ("hdr-btn", "Theme", icon(current_icon));
    menu(
        "menu-theme",
        "menu menu-end hdr-wide",
        button,
        items.into_any(),
    )
}

/// Signing out, in the account menu and at the end of the navigation.
pub(super) fn sign_out() -> AnyView {
    view! {
        <form method="post" action="/api/session/sign-out">
            <input type="hidden" name="page" value="/sign-in" />
            <button title="Sign out">
                {icon("sign-out")} <span class="nav-label">"Sign out"</span>
            </button>
        </form>
    }
    .into_any()
}

/// The link to the notices that the operator has not seen, with their number; `None` when there is
/// none.
pub(super) fn unseen_notices(request: &Request) -> Option<AnyView> {
    let unseen = request.unseen_notices();
    if unseen == 0 {
        return None;
    }
    let label = match unseen {
        1 => "1 notice about your account".to_owned(),
        unseen => format!("{unseen} notices about your account"),
    };
    let title = label.clone();
    Some(
        view! {
            <a class="pill pill-locked" href="/account#h-notices" title=title>
                {icon("bell")}
                <span class="notice-count" aria-hidden="true">
                    {unseen}
                </span>
                <span class="sr-only">{label}</span>
            </a>
        }
        .into_any(),
    )
}
