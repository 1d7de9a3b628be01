//! Creating an AppInstanceUser: the form, the call, the way on to the user or to the next one.

#![expect(
    clippy::too_many_arguments,
    reason = "a server function has one for each field of its form"
)]

use backend::commands;
use domain::arn::{AppInstanceArn, AppInstanceUserArn};
use domain::input::{self, ExpirationSettings};
use domain::name::{UserId, UserName};
use domain::problem::Check;
use domain::settings::Days;
use domain::snippet::Call;
use domain::tag::{TagRow, Tags};
use domain::token::RequestToken;
use domain::{Failure, Field, Target};
use leptos::prelude::*;

use crate::app_instances::list_path;
use crate::form::{CREATED, Control, FieldSpec, FormSpec, Rule};
use crate::request::{Done, Request, new_token};
use crate::ui::bidi::isolated;
use crate::ui::form::with_code;
use crate::ui::page::page;
use crate::ui::parts::icon;
use crate::{app_instances, metadata, paths, tags};

/// What is kept of a form for the next user, besides the tags.
const KEPT: &[Field] = &[Field::Metadata, Field::ExpireAfter];
/// The field of a kept form that says how sure it is that the user was just created.
const CERTAINTY: &str = "created_title";

/// What the form sends.
struct Typed<'a> {
    user_id: &'a str,
    name: &'a str,
    metadata: &'a str,
    expiration_days: &'a str,
    tags: &'a [TagRow],
}

/// Creates a user. The same token never creates a second one.
#[server(prefix = "/api", endpoint = "users/create")]
pub async fn create_app_instance_user(
    target: Target<AppInstanceArn>,
    token: RequestToken,
    user_id: String,
    name: String,
    metadata: String,
    #[server(default)] expiration_days: String,
    #[server(default)] tag_key: Vec<String>,
    #[server(default)] tag_value: Vec<String>,
    #[server(default)] another: bool,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let instance = target.arn;
    let rows = tags::rows(tag_key, tag_value);
    let typed = Typed {
        user_id: &user_id,
        name: &name,
        metadata: &metadata,
        expiration_days: &expiration_days,
        tags: &rows,
    };
    let input = read(&instance, &typed, token)?;
    let made = commands::users::create(request.acting()?, input).await?;
    let (arn, title) = (made.arn, title_of(made.is_new));
    let create = paths::create_user(&request.connection().id, &instance);
    if another {
        let mut fields = kept(&arn, &typed);
        fields.push((CERTAINTY.to_owned(), title.to_owned()));
        return request.filled(create, fields).await;
    }
    let location = paths::user(&request.connection().id, &arn);
    let another = ("Create another", create);
    request
        .made(location, title, isolated(&name), another)
        .await
}

fn title_of(is_new: bool) -> &'static str {
    if is_new {
        "AppInstanceUser created"
    } else {
        "AppInstanceUser created, or it was there with the same values"
    }
}

/// The form for the next user.
fn kept(created: &AppInstanceUserArn, typed: &Typed) -> Vec<(String, String)> {
    let mut fields = vec![
        (CREATED.to_owned(), created.to_string()),
        (Field::Another.name().to_owned(), "true".to_owned()),
    ];
    for field in KEPT {
        let value = match field {
            Field::Metadata => typed.metadata,
            _ => typed.expiration_days,
        };
        fields.push((field.name().to_owned(), value.to_owned()));
    }
    for (at, row) in typed.tags.iter().enumerate() {
        fields.push((format!("tag_key[{at}]"), row.key.clone()));
        fields.push((format!("tag_value[{at}]"), row.value.clone()));
    }
    fields
}

fn read(
    instance: &AppInstanceArn,
    typed: &Typed,
    token: RequestToken,
) -> Result<input::CreateAppInstanceUser, Failure> {
    let mut check = Check::default();
    let user_id = check.field(Field::UserId, UserId::parse(typed.user_id));
    let name = check.field(Field::Name, UserName::parse(typed.name));
    let metadata = metadata::read(typed.metadata, "", &mut check);
    let days = match typed.expiration_days.trim() {
        "" => Some(None),
        days => check.field(Field::ExpireAfter, days.parse::<Days>().map(Some)),
    };
    let tags = check.field(Field::Tags, Tags::parse(typed.tags));
    let (user_id, name, metadata, days, tags) = check.all((user_id, name, metadata, days, tags))?;
    Ok(input::CreateAppInstanceUser {
        app_instance_arn: instance.clone(),
        app_instance_user_id: user_id,
        name,
        metadata,
        client_request_token: token,
        tags,
        expiration_settings: days.map(ExpirationSettings::after),
    })
}

/// The page with the form that creates a user. A form that came back for the next user stands below
/// the one that was just created.
#[component]
pub fn CreatePage() -> impl IntoView {
    page(|request| async move {
        let arn = request.instance().await?;
        let created = just_created(&request).await;
        let list = list_path(&request, &arn, "users");
        let spec = form(&request, &arn, &list);
        let (form, code) = with_code(&request, spec, |spec| example(&arn, spec)).await;
        let form = view! { <div class="stack">{created} {form}</div> }.into_any();
        let shown = (form, code);
        let titles = ("Create AppInstanceUser", "Create AppInstanceUser in");
        let list = ("Users", list);
        Ok(app_instances::form_page(&request, &arn, list, titles, shown).await)
    })
}

fn form(request: &Request, arn: &AppInstanceArn, list: &str) -> FormSpec {
    let expiration = Rule::Expiration {
        created: None,
        now: request.now(),
    };
    request.form("users/create", "Create AppInstanceUser", "Creating…")
    .cancel(list)
    .on(&request.connection().id, arn)
    .hidden("token", new_token())
    .field(
        FieldSpec::new(Field::UserId, Control::short(), Rule::UserId)
            .existing(list.to_owned())
            .help("Cannot be changed later. The ID that your identity provider has for the person is best."),
    )
    .field(
        FieldSpec::new(Field::Name, Control::short(), Rule::UserName)
            .help("What other members of a channel see."),
    )
    .field(metadata::field(""))
    .field(
        FieldSpec::new(Field::ExpireAfter, Control::Days, expiration)
            .optional()
            .help("Counted from the creation. Leave this empty to keep the user until somebody deletes it."),
    )
    .field(tags::field(Vec::new(), None))
    .field(
        FieldSpec::new(Field::Another, Control::Checkbox, Rule::None)
            .optional()
            .help("Comes back to this form, which keeps metadata, expiration and tags."),
    )
}

/// Which user the form created before it came back.
async fn just_created(request: &Request) -> Option<AnyView> {
    let draft = request.draft().await?;
    let created = draft.fields.iter().find(|(name, _)| name == CREATED)?;
    let arn: AppInstanceUserArn = created.1.parse().ok()?;
    let to = paths::user(&request.connection().id, &arn);
    let certain = title_of(true);
    let kept = draft.fields.iter().find(|(name, _)| name == CERTAINTY);
    let title = kept.map_or(certain, |(_, title)| title_of(title.as_str() == certain));
    Some(
        view! {
            <div class="flash flash-ok" role="status">
                {icon("tick-circle")}
                <div class="flash-text">
                    <b>{title}</b>
                    <p>
                        <a href=to>{arn.user_id().to_string()}</a>
                    </p>
                </div>
            </div>
        }
        .into_any(),
    )
}

/// The call that the form would make as it stands; with made-up values where it has none, but
/// in a preview.
fn example(arn: &AppInstanceArn, spec: &FormSpec) -> Result<[Call; 1], Failure> {
    let typed = Typed {
        user_id: spec.value_or(Field::UserId, "user-1"),
        name: spec.value_or(Field::Name, "A name"),
        metadata: spec.value_of(Field::Metadata),
        expiration_days: spec.value_of(Field::ExpireAfter),
        tags: spec.tag_rows(),
    };
    let input = read(arn, &typed, spec.token()?)?;
    Ok([Call::of(&input)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance() -> AppInstanceArn {
        "arn:aws:chime:us-east-1:123456789012:app-instance/1"
            .parse()
            .unwrap()
    }

    fn typed<'a>(user_id: &'a str, days: &'a str) -> Typed<'a> {
        Typed {
            user_id,
            name: "Yusuf",
            metadata: "a\r\nb",
            expiration_days: days,
            tags: &[],
        }
    }

    #[test]
    fn an_empty_expiration_is_none_and_a_wrong_one_is_told() {
        let read = |days| read(&instance(), &typed("u-1", days), new_token());

        assert_eq!(read("").unwrap().expiration_settings, None);
        let days = read("30").unwrap().expiration_settings.unwrap();
        assert_eq!(days.expiration_days.get(), 30);
        let refused = read("5476").unwrap_err();
        assert_eq!(refused.field_problems()[0].field, Field::ExpireAfter);
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let refused = read(&instance(), &typed("a/b", "0"), new_token()).unwrap_err();
        let fields: Vec<_> = refused.field_problems().iter().map(|p| p.field).collect();
        assert_eq!(fields, [Field::UserId, Field::ExpireAfter]);
    }

    #[test]
    fn the_next_form_keeps_everything_but_who_it_was() {
        let arn = AppInstanceUserArn::new(&instance(), &UserId::parse("u-1").unwrap());
        let kept = kept(&arn, &typed("u-1", "30"));
        let has = |name: &str| kept.iter().any(|(key, _)| key == name);
        assert!(has("metadata") && has("expiration_days") && has("another"));
        assert!(!has("user_id") && !has("name") && !has("token"));
    }
}
