//! Setting up an authenticator: the secret as a picture and as text, then the first code of it.

use std::fmt::Write as _;

use backend::Enrolment;
use domain::{Failure, Field, FieldProblem, Problem};
use leptos::prelude::*;
use qrcode::{Color, QrCode};

use super::{PAGE, button, recovery};
use crate::form::FormSpec;
use crate::islands::Copy;
use crate::request::{Done, Request};
use crate::session::code;
use crate::ui::form::Form;
use crate::ui::parts::{icon, wide_entry};

/// Modules of white around the picture, as the standard wants.
const QUIET: usize = 4;

/// Makes a new secret. It counts for nothing until a code confirms it.
#[server(prefix = "/api", endpoint = "account/authenticator/begin")]
pub async fn begin_authenticator() -> Result<Done, Failure> {
    let request = Request::current();
    let accounts = request.backend().accounts();
    accounts.begin_authenticator(request.caller()?).await?;
    Ok(Done {
        location: PAGE.to_owned(),
    })
}

/// Sets it up with the first code, and shows the recovery codes.
#[server(prefix = "/api", endpoint = "account/authenticator/confirm")]
pub async fn confirm_authenticator(code: String) -> Result<Done, Failure> {
    let request = Request::current();
    let caller = request.caller()?;
    if code.trim().is_empty() {
        let (field, problem) = (Field::OneTimeCode, Problem::Empty);
        return Err(FieldProblem { field, problem }.into());
    }
    let backend = request.backend();
    let codes = backend
        .accounts()
        .confirm_authenticator(caller, &code)
        .await?;
    let location = recovery::tell(&request, codes).await?;
    let detail = "From now on signing in asks for one of its codes.".to_owned();
    request.done(location, "Authenticator set up", detail).await
}

/// "Set up authenticator".
pub(super) fn begin_button(page: &str, class: &'static str) -> AnyView {
    let what = ("key", "Set up authenticator");
    button(page, class, what, "account/authenticator/begin")
}

/// What it is good for, and the button.
pub(super) fn offer(page: &str) -> AnyView {
    view! {
        <p class="prose">
            "An authenticator is an app on your phone or in your password manager that shows a new "
            "code every 30 seconds. Signing in then asks for the password and a code, so that a "
            "password alone is worth nothing to whoever learns it."
        </p>
        <div class="form-actions">{begin_button(page, "btn btn-primary")}</div>
    }
    .into_any()
}

/// The secret, and the form for its first code.
pub(super) async fn steps(request: &Request, enrolment: &Enrolment) -> AnyView {
    request.shows_a_secret();
    let spec = FormSpec::new(
        "account/authenticator/confirm",
        PAGE.to_owned(),
        "Set up authenticator",
        "Checking…",
    )
    .cancel("/account")
    .hidden("form", "authenticator-code")
    .field(code::field().help("The six digits that the app shows now."));
    let spec = request.resumed(spec).await;
    let Enrolment { secret, address } = enrolment.clone();
    view! {
        <section class="panel narrow" aria-labelledby="h-secret">
            <div class="panel-head">
                <h2 id="h-secret">"Add it to your app"</h2>
                <span class="panel-note">"Shown until it is confirmed"</span>
            </div>
            <div class="panel-body enrol">
                {picture(&address)}
                <dl class="kv">
                    {wide_entry(
                        "Or type this key: time-based, 6 digits",
                        view! {
                            <span class="arn">{groups(&secret)}</span>
                            " "
                            <Copy text=secret what="key".to_owned() />
                        }
                            .into_any(),
                    )}
                    {wide_entry(
                        "Or, if the app is on this device",
                        view! { <a href=address>{icon("external")} "Open the app"</a> }.into_any(),
                    )}
                </dl>
            </div>
        </section>
        <Form spec=spec />
    }
    .into_any()
}

/// A secret as people type it: in groups of four.
fn groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(String::from_iter).collect();
    groups.join(" ")
}

/// The address as a QR code. Black on white in every theme: cameras want it so.
fn picture(address: &str) -> Option<AnyView> {
    let code = QrCode::new(address).ok()?;
    let size = code.width() + 2 * QUIET;
    let view_box = format!("0 0 {size} {size}");
    Some(
        view! {
            <svg class="qr" viewBox=view_box role="img" aria-label="QR code of the key">
                <rect width=size height=size fill="#fff"></rect>
                <path d=outline(&code.to_colors(), code.width()) fill="#000"></path>
            </svg>
        }
        .into_any(),
    )
}

/// The dark modules as the path of an SVG: a rectangle for each run in a row.
fn outline(modules: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run[0] == Color::Dark {
                let (left, top, length) = (x + QUIET, y + QUIET, run.len());
                let _ = write!(path, "M{left} {top}h{length}v1h-{length}z");
            }
            x += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_its_dark_modules() {
        use Color::{Dark, Light};
        let path = outline(
            &[Dark, Dark, Light, Light, Light, Dark, Light, Dark, Light],
            3,
        );
        assert_eq!(path, "M4 4h2v1h-2zM6 5h1v1h-1zM5 6h1v1h-1z");
    }

    #[test]
    fn a_key_is_read_in_groups() {
        assert_eq!(groups("GEZDGNBVGY"), "GEZD GNBV GY");
    }
}
