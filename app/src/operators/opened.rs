//! An operator as their pages show them, and what pages about operators share.

use crate::form::{Control, FieldSpec, Rule};
use crate::request::{Place, Request};
use crate::ui::parts::{note, small_icon};
use backend::{Backend, Operator, OperatorId, may_manage};
use domain::{Cause, Failure, Role};
use leptos::prelude::*;

/// The address of the list of operators.
pub(super) const LIST: &str = "/operators";

/// The value of an operator's address that names the link to show.
pub(super) const LINK: &str = "link";

/// Fails unless the one who asks is an Admin without limits, by what the database says now.
pub(super) async fn refuse_others(request: &Request) -> Result<(), Failure> {
    may_manage(&request.backend().access().still(request.caller()?).await?)
}

/// What was read from a form, or why not. An operator who may not manage others learns that, and nothing of
/// the fields.
pub(super) async fn unless_refused<T>(
    request: &Request,
    read: Result<T, Failure>,
) -> Result<T, Failure> {
    if read.is_err() {
        refuse_others(request).await?;
    }
    read
}

/// The page of an operator.
pub(super) fn path_of(id: &OperatorId) -> String {
    format!("{LIST}/{}", crate::paths::encoded(id.as_str()))
}

/// The operator of a page, and the list of all, which tells whether this is the last Admin.
pub(super) struct Opened {
    pub(super) operator: Operator,
    pub(super) all: Vec<Operator>,
}

impl Opened {
    /// The operator that the path names.
    pub(super) async fn read(request: &Request) -> Result<Self, Failure> {
        refuse_others(request).await?;
        let Place::Operator(id) = request.place()? else {
            return Err(Cause::NoSuchPage.into());
        };
        let all = request.backend().accounts().list().await?;
        let found = all.iter().find(|operator| operator.id.as_str() == id);
        let operator = found.cloned().ok_or(Cause::NoSuchPage)?;
        Ok(Self { operator, all })
    }

    pub(super) fn why_it_stays(&self) -> Option<String> {
        why_it_stays(&self.all, &self.operator)
    }
}

/// Why an operator must stay as they are: they are the last Admin who can sign in. `None` for every
/// other operator.
pub(super) fn why_it_stays(all: &[Operator], operator: &Operator) -> Option<String> {
    let can = |other: &&Operator| {
        let manages = other.role == Role::Admin && other.grant.is_everything();
        manages && other.disabled.is_none() && !other.invited
    };
    let mut admins = all.iter().filter(can);
    let last = admins.next().filter(|_| admins.next().is_none());
    last.filter(|last| last.id == operator.id)
        .map(|_| Cause::LastAdmin.headline())
}

/// The note in place of a form that cannot be used on the last Admin.
pub(super) fn stays_note(reason: String, way_out: impl IntoView + 'static) -> AnyView {
    note("flash narrow", "info", reason, way_out)
}

/// Whether somebody can sign in: shape, word and colour.
pub(super) fn state(operator: &Operator) -> AnyView {
    let (class, name, word) = match operator {
        Operator {
            disabled: Some(_), ..
        } => ("status status-muted", "slash-circle", "Disabled"),
        Operator { invited: true, .. } => ("status status-info", "hourglass", "Invited"),
        _ => ("status status-ok", "tick-circle", "Active"),
    };
    view! { <span class=class>{small_icon(name)} {word}</span> }.into_any()
}

/// What somebody signs in with, as people call it.
pub fn signs_in_with(backend: &Backend, operator: &Operator) -> Option<String> {
    let id = operator.provider.as_deref()?;
    let known = backend.accounts().providers().get(id);
    // One that is not configured any more lets nobody in.
    Some(known.map_or_else(
        || format!("{id}, which is not configured"),
        |provider| provider.label().to_owned(),
    ))
}

/// What a role may do.
pub(super) const fn meaning(role: Role) -> &'static str {
    match role {
        Role::Viewer => "reads everything, changes nothing",
        Role::Operator => "also creates, edits and deletes users and bots",
        Role::Admin => "also deletes AppInstances, sets retention and manages operators",
    }
}

/// The choice of a role, with what each may do above it: a list of choices cuts long texts off.
pub(super) fn role_field(chosen: Role, more: &str) -> FieldSpec {
    let choice = |role: &Role| (role.name().to_owned(), role.name().to_owned());
    let choices = Role::ALL.iter().map(choice).collect();
    let each = |role: &Role| format!("{role} {}. ", meaning(*role));
    let meanings: String = Role::ALL.iter().map(each).collect();
    FieldSpec::new(domain::Field::Role, Control::Select(choices), Rule::None)
        .value(chosen.name())
        .help(format!("{meanings}{more}").trim_end())
}

/// The role that was chosen.
pub(super) fn chosen(role: &str) -> Result<Role, domain::Problem> {
    role.parse().map_err(|_| domain::Problem::NotAChoice)
}

/// Holds the link of a token for the one page that shows it, and answers that page.
pub(super) async fn hold_link(
    request: &Request,
    id: &OperatorId,
    token: &str,
) -> Result<String, Failure> {
    let link = format!("{}/invite?token={token}", request.base());
    let held = request
        .backend()
        .links()
        .put(&request.visitor().await?, link)
        .await?;
    Ok(format!("{}?{LINK}={held}", path_of(id)))
}

#[cfg(test)]
mod tests {
    use domain::{Grant, Timestamp};

    use super::*;

    fn admin(id: &str) -> Operator {
        Operator {
            id: OperatorId::from(id.to_owned()),
            username: id.to_owned(),
            role: Role::Admin,
            grant: Grant::EVERYTHING,
            disabled: None,
            created: Timestamp(0),
            signed_in: None,
            invited: false,
            provider: None,
            epoch: 0,
        }
    }

    #[test]
    fn the_last_admin_is_the_only_one_who_can_sign_in() {
        let (ann, mut bob) = (admin("ann"), admin("bob"));
        let stays = |bob: &Operator| why_it_stays(&[ann.clone(), bob.clone()], &ann).is_some();
        assert!(!stays(&bob));
        bob.invited = true;
        assert!(stays(&bob));
        bob.invited = false;
        bob.disabled = Some(Timestamp(1));
        assert!(stays(&bob));
        assert!(why_it_stays(&[ann.clone(), bob.clone()], &bob).is_none());
    }
}
