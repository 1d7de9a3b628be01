//! The user or bot that is an admin: from an address or a form, and the pages about it.

use crate::app_instances;
use crate::paths::{self, MemberKind};
use crate::remaining;
use crate::request::{Place, Request};
use domain::arn::{AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn, MemberArn};
use domain::input::{ListAppInstanceAdmins, ListOf as _};
use domain::name::UserId;
use domain::problem::Kind;
use domain::view::AppInstanceAdmin;
use domain::{Failure, Problem};

impl MemberKind {
    /// The name of the API.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::User => "AppInstanceUser",
            Self::Bot => "AppInstanceBot",
        }
    }

    pub(super) const fn meaning(self) -> &'static str {
        match self {
            Self::User => "A person or device of your application",
            Self::Bot => "A Lex bot of this AppInstance",
        }
    }

    pub(super) const fn icon(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Bot => "bot",
        }
    }

    /// From a form: the name of the API, or the word in an address.
    pub(super) fn named(text: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|kind| kind.name() == text || kind.slug() == text)
    }
}

/// Reads what was typed: an ARN, or the id of a kind.
pub(super) fn member_of(
    instance: &AppInstanceArn,
    kind: Option<MemberKind>,
    typed: &str,
) -> Result<MemberArn, Problem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Problem::Empty);
    }
    if typed.starts_with("arn:") {
        let member: MemberArn = typed.parse()?;
        return if member.instance() == instance {
            Ok(member)
        } else {
            Err(Problem::OtherInstance)
        };
    }
    match kind {
        None => Err(Problem::NotAnArn),
        Some(MemberKind::User) => {
            let id = UserId::parse(typed)?;
            Ok(MemberArn::User(AppInstanceUserArn::new(instance, &id)))
        }
        Some(MemberKind::Bot) => AppInstanceBotArn::new(instance, typed)
            .map(MemberArn::Bot)
            .map_err(|_| Problem::WrongKind {
                wanted: Kind::AppInstanceBot,
            }),
    }
}

/// The user or bot of a page's path.
pub(super) async fn of_path(request: &Request) -> Result<MemberArn, Failure> {
    request.about(Place::admin).await
}

/// The list of the admins of an AppInstance.
pub(super) fn list_path(request: &Request, instance: &AppInstanceArn) -> String {
    app_instances::list_path(request, instance, "admins")
}

/// The page of a user or bot.
pub(super) fn member_path(request: &Request, member: &MemberArn) -> String {
    paths::resource(&request.connection().id, &member.clone().into())
}

/// The page that demotes an admin.
pub(super) fn remove_path(request: &Request, member: &MemberArn) -> String {
    format!("{}/remove", paths::admin(&request.connection().id, member))
}

/// The page to show afterwards: the one that a form names, else the one that the button was on.
pub(super) fn after(request: &Request, instance: &AppInstanceArn, wanted: [String; 2]) -> String {
    let mut wanted = wanted.into_iter();
    wanted
        .find(|path| paths::is_local(path))
        .unwrap_or_else(|| list_path(request, instance))
}

/// The warning for a page that demotes an admin, or deletes the user or bot that is one: it may be
/// the last. `None` when another admin is left.
pub async fn last_admin(request: &Request, member: &MemberArn) -> Option<&'static str> {
    let instance = member.instance();
    let fetch = |next_token| request.call(ListAppInstanceAdmins::page(instance, 2, next_token));
    let is_other = |row: &AppInstanceAdmin| row.member.as_str() != member.as_str();
    let last = "This is the last admin of the AppInstance. Afterwards nobody can manage a channel whose moderators are gone, until somebody is promoted.";
    let unread = "The other admins could not be read. This may be the last one.";
    remaining::warning(fetch, is_other, last, unread).await
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTANCE: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/1";

    fn instance() -> AppInstanceArn {
        INSTANCE.parse().unwrap()
    }

    #[test]
    fn an_id_is_of_the_kind_that_was_picked() {
        let member = |kind, typed| member_of(&instance(), kind, typed).map(|arn| arn.to_string());

        let user = member(Some(MemberKind::User), " us-east-1:a@b.c ").unwrap();
        let bot = member(Some(MemberKind::Bot), "0a1b-2c").unwrap();

        assert_eq!(user, format!("{INSTANCE}/user/us-east-1:a@b.c"));
        assert_eq!(bot, format!("{INSTANCE}/bot/0a1b-2c"));
        assert_eq!(member(None, "alice"), Err(Problem::NotAnArn));
    }

    #[test]
    fn an_arn_says_itself_what_it_is() {
        let arn = format!("{INSTANCE}/bot/7");
        let member = member_of(&instance(), Some(MemberKind::User), &arn).unwrap();
        assert_eq!(MemberKind::of(&member), MemberKind::Bot);
        assert_eq!(member.id(), "7");
    }

    #[test]
    fn each_wrong_member_has_its_own_sentence() {
        let problem = |kind, typed: &str| member_of(&instance(), kind, typed).unwrap_err();
        let user = Some(MemberKind::User);
        assert_eq!(problem(user, " "), Problem::Empty);
        assert_eq!(
            problem(user, "a/b"),
            Problem::UserIdCharacter { character: '/' }
        );
        let other = format!("{INSTANCE}2/user/alice");
        assert_eq!(problem(user, &other), Problem::OtherInstance);
        assert_eq!(
            problem(user, INSTANCE),
            Problem::WrongKind {
                wanted: Kind::UserOrBot
            }
        );
        assert_eq!(
            problem(Some(MemberKind::Bot), "a b"),
            Problem::WrongKind {
                wanted: Kind::AppInstanceBot
            }
        );
    }
}
