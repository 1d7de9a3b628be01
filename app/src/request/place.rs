//! What a path is about: the inverse of [`crate::paths`].

use domain::arn::{AppInstanceArn, AppInstanceBotArn, AppInstanceUserArn, MemberArn};
use domain::{AccountId, ConnectionId, Region, Scope};
use percent_encoding::percent_decode_str;

use crate::paths::MemberKind;

/// What the path of a page is about. A page of something, as the one that edits it, is about it too.
///
/// A path does not tell the account, which each ARN has: the caller who reads a path has to say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A Region, or the lists in it.
    Region(Scope),
    /// An AppInstance.
    Instance(Instance),
    /// An AppInstanceUser.
    User(Instance, String),
    /// An endpoint of an AppInstanceUser: the id of the user, that of the endpoint.
    Endpoint(Instance, String, String),
    /// An AppInstanceBot.
    Bot(Instance, String),
    /// An admin: what kind of member it is, and its id.
    Admin(Instance, MemberKind, String),
    /// A file that is imported into an AppInstance, by id.
    Import(Instance, String),
    /// An operator of the console, by id.
    Operator(String),
    /// An entry of the audit, by id or number.
    Entry(String),
    /// A job, by id.
    Job(String),
    /// A provider that people sign in with, by id.
    Provider(String),
}

/// An AppInstance in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    scope: Scope,
    id: String,
}

impl Place {
    /// Reads a path, percent-encoded as it came. Nothing when it is about none of these.
    pub fn parse(path: &str) -> Option<Self> {
        let segments: Option<Vec<String>> = path
            .strip_prefix('/')?
            .split('/')
            .map(|segment| {
                let decoded = percent_decode_str(segment).decode_utf8().ok()?;
                (!decoded.is_empty()).then(|| decoded.into_owned())
            })
            .collect();
        let segments = segments?;
        let texts: Vec<_> = segments.iter().map(String::as_str).collect();
        match *texts.as_slice() {
            ["operators", id, ..] => Some(Self::Operator(id.to_owned())),
            ["audit", id, ..] => Some(Self::Entry(id.to_owned())),
            ["jobs", id, ..] => Some(Self::Job(id.to_owned())),
            ["sign-in", "oidc", id, ..] => Some(Self::Provider(id.to_owned())),
            [connection, region, ref rest @ ..] => {
                let connection: ConnectionId = connection.parse().ok()?;
                let region: Region = region.parse().ok()?;
                Some(Self::below(connection.scope(region), rest))
            }
            _ => None,
        }
    }

    fn below(scope: Scope, rest: &[&str]) -> Self {
        let ["app-instances", id, rest @ ..] = rest else {
            return Self::Region(scope);
        };
        let id = (*id).to_owned();
        let instance = Instance { scope, id };
        match *rest {
            ["users", user, "endpoints", id, ..] => {
                Self::Endpoint(instance, user.to_owned(), id.to_owned())
            }
            ["users", user, ..] => Self::User(instance, user.to_owned()),
            ["bots", bot, ..] => Self::Bot(instance, bot.to_owned()),
            ["admins", kind, id, ..] => {
                match MemberKind::ALL.iter().find(|known| known.slug() == kind) {
                    Some(kind) => Self::Admin(instance, *kind, id.to_owned()),
                    None => Self::Instance(instance),
                }
            }
            ["imports", id, ..] => Self::Import(instance, id.to_owned()),
            _ => Self::Instance(instance),
        }
    }

    /// The connection and Region of a page below one.
    pub const fn scope(&self) -> Option<&Scope> {
        match self {
            Self::Region(scope) => Some(scope),
            Self::Instance(instance)
            | Self::User(instance, _)
            | Self::Endpoint(instance, ..)
            | Self::Bot(instance, _)
            | Self::Import(instance, _)
            | Self::Admin(instance, ..) => Some(&instance.scope),
            Self::Operator(_) | Self::Entry(_) | Self::Job(_) | Self::Provider(_) => None,
        }
    }

    /// The AppInstance of a page below one.
    pub fn instance(&self, account: &AccountId) -> Option<AppInstanceArn> {
        match self {
            Self::Instance(instance)
            | Self::User(instance, _)
            | Self::Endpoint(instance, ..)
            | Self::Bot(instance, _)
            | Self::Import(instance, _)
            | Self::Admin(instance, ..) => {
                AppInstanceArn::read(instance.scope.region, account, &instance.id).ok()
            }
            Self::Region(_)
            | Self::Operator(_)
            | Self::Entry(_)
            | Self::Job(_)
            | Self::Provider(_) => None,
        }
    }

    /// The user of a page about one, or about an endpoint of one.
    pub fn user(&self, account: &AccountId) -> Option<AppInstanceUserArn> {
        match self {
            Self::User(_, id) | Self::Endpoint(_, id, _) => {
                AppInstanceUserArn::read(&self.instance(account)?, id).ok()
            }
            _ => None,
        }
    }

    /// The bot of a page about one.
    pub fn bot(&self, account: &AccountId) -> Option<AppInstanceBotArn> {
        match self {
            Self::Bot(_, id) => AppInstanceBotArn::read(&self.instance(account)?, id).ok(),
            _ => None,
        }
    }

    /// The member that a page about an admin is about.
    pub fn admin(&self, account: &AccountId) -> Option<MemberArn> {
        let Self::Admin(_, kind, id) = self else {
            return None;
        };
        let instance = self.instance(account)?;
        match kind {
            MemberKind::User => AppInstanceUserArn::read(&instance, id)
                .map(MemberArn::User)
                .ok(),
            MemberKind::Bot => AppInstanceBotArn::read(&instance, id)
                .map(MemberArn::Bot)
                .ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::name::UserId;
    use proptest::prelude::*;

    use super::*;
    use crate::paths;

    /// What stands behind the path of a thing on the pages about it.
    const PAGES: [&str; 4] = ["", "/edit", "/tags", "/delete"];

    fn account() -> AccountId {
        "123456789012".parse().unwrap()
    }

    /// Ids as AWS may give them: anything that the ARN takes.
    fn id() -> impl Strategy<Value = String> {
        "[A-Za-z0-9][A-Za-z0-9_.+@:%-]{0,40}"
    }

    prop_compose! {
        fn instance()(
            connection in "[a-z][a-z0-9-]{0,10}",
            region in proptest::sample::select(Region::ALL),
            id in "[A-Za-z0-9_-]{1,36}",
        ) -> Option<(ConnectionId, AppInstanceArn)> {
            let arn = AppInstanceArn::read(region, &account(), &id).ok()?;
            Some((connection.parse().ok()?, arn))
        }
    }

    proptest! {
        #[test]
        fn the_path_of_a_thing_leads_back_to_it(
            of in instance(),
            user in id(),
            bot in "[A-Za-z0-9_-]{1,36}",
            endpoint in id(),
            page in proptest::sample::select(PAGES.as_slice()),
        ) {
            let Some((connection, arn)) = of else { return Ok(()) };
            let account = account();
            let parse = |path: String| Place::parse(&(path + page)).unwrap();

            let place = parse(paths::instance(&connection, &arn));
            prop_assert_eq!(place.instance(&account), Some(arn.clone()));
            prop_assert_eq!(place.scope(), Some(&connection.scope(arn.region())));

            if let Ok(user) = UserId::parse(&user) {
                let user = AppInstanceUserArn::new(&arn, &user);
                let place = parse(paths::user(&connection, &user));
                prop_assert_eq!(place.user(&account), Some(user.clone()));

                let path = paths::endpoint(&connection, &user, &endpoint);
                let place = parse(path);
                prop_assert_eq!(place.user(&account), Some(user.clone()));
                let is_it = matches!(&place, Place::Endpoint(.., id) if *id == endpoint);
                prop_assert!(is_it, "{:?}", place);

                let place = parse(paths::admin(&connection, &MemberArn::User(user.clone())));
                prop_assert_eq!(place.admin(&account), Some(MemberArn::User(user)));
            }
            if let Ok(bot) = AppInstanceBotArn::read(&arn, &bot) {
                let place = parse(paths::bot(&connection, &bot));
                prop_assert_eq!(place.bot(&account), Some(bot.clone()));

                let place = parse(paths::admin(&connection, &MemberArn::Bot(bot.clone())));
                prop_assert_eq!(place.admin(&account), Some(MemberArn::Bot(bot)));
            }
        }
    }

    #[test]
    fn a_page_beside_a_list_is_about_the_instance() {
        let path = "/main/us-east-1/app-instances/1/create-user";
        let place = Place::parse(path).unwrap();
        assert!(matches!(place, Place::Instance(_)), "{place:?}");
        let list = Place::parse("/main/us-east-1/app-instances").unwrap();
        assert!(matches!(list, Place::Region(_)), "{list:?}");
    }

    #[test]
    fn what_is_no_place_is_none() {
        for path in [
            "",
            "/",
            "/audit",
            "/main/elsewhere",
            "/main/us-east-1/app-instances//users",
            "/main/us-east-1/app-instances/%ff",
        ] {
            assert_eq!(Place::parse(path), None, "{path}");
        }
    }
}
