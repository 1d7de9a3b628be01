//! The first operator, by the link that the server prints when it has none.

use domain::problem::Check;
use domain::{Failure, Field, Problem};
use leptos::prelude::*;

use super::card;
use crate::form::{Control, Done, FieldSpec, FormSpec, Rule};
use crate::request::Request;
use crate::ui::form::Form;

/// Makes the first operator, an Admin, and signs it in. The link works once.
#[server(prefix = "/api", endpoint = "session/setup")]
pub async fn set_up(
    token: String,
    username: String,
    new_password: String,
) -> Result<Done, Failure> {
    let request = Request::current();
    let mut check = Check::default();
    if username.trim().is_empty() {
        check.add(Field::Username, Problem::Empty);
    }
    check.field(
        Field::NewPassword,
        Rule::NewPassword.check(&new_password, false),
    );
    check.finish()?;
    let backend = request.backend();
    let operator = backend
        .set_up(&token, username.trim(), &new_password, &request.origin())
        .await?;
    request.begin_session(&operator).await?;
    request
        .done(
            "/".to_owned(),
            "Welcome to Carillon",
            "You are its first Admin.".to_owned(),
        )
        .await
}

/// The form.
#[component]
pub fn SetupPage() -> impl IntoView {
    let request = Request::current();
    view! {
        <Suspense>
            {Suspend::new(async move {
                request.shows_a_secret();
                let token = request.query("token").unwrap_or_default();
                let spec = FormSpec::new(
                        "session/setup",
                        format!("/setup?token={}", crate::paths::encoded(&token)),
                        "Create operator",
                        "Creating…",
                    )
                    .hidden("token", token)
                    .field(
                        FieldSpec::new(
                                Field::Username,
                                Control::Text {
                                    autocomplete: "username".to_owned(),
                                    short: true,
                                },
                                Rule::Filled,
                            )
                            .value("admin"),
                    )
                    .field(
                        FieldSpec::new(
                            Field::NewPassword,
                            Control::Password {
                                autocomplete: "new-password".to_owned(),
                            },
                            Rule::NewPassword,
                        ),
                    );
                let spec = request.resumed(spec).await;
                card(
                    "Set up Carillon",
                    "The first operator, with the role Admin",
                    view! { <Form spec=spec/> },
                )
            })}
        </Suspense>
    }
}
