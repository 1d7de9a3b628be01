//! The menus of the header: the Region, the theme, the account.

use domain::Region;
use leptos::prelude::*;

use super::sign_out;
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
