//! A user or a bot as its pages show it: what was read, what it is called, and the page around it.

use domain::Failure;
use domain::arn::{AppInstanceArn, MemberArn, ResourceArn};
use domain::input;
use domain::snippet::Call;
use domain::tag::Tags;
use domain::view::AppInstanceAdmin;
use leptos::prelude::*;

use crate::app_instance_admins::admin_role;
use crate::app_instances;
use crate::gone::Gone;
use crate::request::Request;
use crate::tags;
use crate::ui::bidi::isolated;
use crate::ui::failed;
use crate::ui::moved::Moved;
use crate::ui::page::Content;
use crate::ui::tabs::{Tab, Tabs};

/// Where the pages of a user or a bot are.
pub struct Place {
    /// The AppInstance that it is in.
    pub instance: AppInstanceArn,
    /// The list that it stands in: what that is called, and its address.
    pub list: (&'static str, String),
    /// Its own page, from which its other pages go on.
    pub path: String,
    /// The tabs under its headings.
    pub tabs: &'static Tabs,
}

impl Place {
    /// The place of what is in an AppInstance, at an address below one of its lists: what that list is
    /// called, and what its address ends with.
    pub fn in_list(
        request: &Request,
        instance: &AppInstanceArn,
        (name, word): (&'static str, &str),
        path: String,
        tabs: &'static Tabs,
    ) -> Self {
        Self {
            instance: instance.clone(),
            list: (name, app_instances::list_path(request, instance, word)),
            path,
            tabs,
        }
    }

    /// What to show when it could not be read: the way to the form that was once at this address, or that it
    /// is gone; else the failure.
    pub async fn instead(
        self,
        request: &Request,
        arn: &ResourceArn,
        id: &str,
        moved: Moved,
        failure: Failure,
    ) -> Result<Content, Failure> {
        if let Some((title, body)) = moved.instead_of(request, id, &failure) {
            return Ok(self.below(request, title, body).await);
        }
        let gone = Gone::find(request, arn, &failure).await.ok_or(failure)?;
        let body = gone.panel(request).await;
        let content = self.below(request, isolated(gone.name()), body).await;
        Ok(content.headed(gone.heading()))
    }

    /// A page of it, where nothing of it was read: its place in the navigation and the breadcrumb.
    pub async fn below(
        self,
        request: &Request,
        title: impl Into<String>,
        body: impl IntoView + 'static,
    ) -> Content {
        let name = app_instances::name(request, &self.instance).await;
        app_instances::below_list(request, &self.instance, &name, self.list, title, body)
    }
}

/// A user or a bot as a page shows it: with the name of its AppInstance.
pub struct Opened<A, T> {
    /// The ARN in the address of the page, whatever ARN AWS answers.
    pub arn: A,
    /// What AWS answered.
    pub resource: T,
    title: String,
    place: Place,
    instance_name: String,
}

impl<A: Clone, T> Opened<A, T> {
    /// Reads it by `describe`, and beside it the name of its AppInstance. `title` says what it is
    /// called.
    pub async fn read(
        request: &Request,
        arn: &A,
        place: Place,
        describe: impl Future<Output = Result<T, Failure>>,
        title: impl FnOnce(&T) -> String,
    ) -> Result<Self, Failure> {
        let (resource, instance_name) =
            tokio::join!(describe, app_instances::name(request, &place.instance));
        let resource = resource?;
        Ok(Self {
            arn: arn.clone(),
            title: title(&resource),
            resource,
            place,
            instance_name,
        })
    }

    /// Its own page, from which its other pages go on.
    pub fn path(&self) -> &str {
        &self.place.path
    }

    /// What it is called.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// A page of it: its place in the navigation, the breadcrumb, the tabs.
    pub fn page(
        &self,
        request: &Request,
        tab: Tab,
        title: impl Into<String>,
        body: impl IntoView + 'static,
    ) -> Content {
        let Place {
            instance,
            list,
            path,
            tabs,
        } = &self.place;
        let list = (list.0, list.1.clone());
        let content =
            app_instances::below_list(request, instance, &self.instance_name, list, title, body);
        let tabs = || tabs.view(path, tab);
        let above = |content: Content| content.crumb(isolated(&self.title), path);
        match tab {
            Tab::Details => content.tabs(tabs()),
            Tab::None => above(content),
            _ => above(content).tabs(tabs()),
        }
    }
}

/// The page with the form that edits the tags of a user or a bot. `kind` is the word for which of the two
/// it is.
pub async fn tags_page<A: Clone + Into<ResourceArn>, T>(
    request: &Request,
    arn: &A,
    opened: impl Future<Output = Result<Opened<A, T>, Failure>>,
    kind: &str,
) -> Result<Content, Failure> {
    let editor = tags::editor(request, arn.clone().into());
    let (opened, editor) = tokio::join!(opened, editor);
    let (opened, (body, code)) = (opened?, editor?);
    let heading = format!("Tags of {kind} {}", isolated(opened.title()));
    let content = opened.page(request, Tab::Tags, "Tags", body);
    Ok(content.headed(heading).code(code))
}

/// What the page of a user or a bot shows of it beside what describes it.
pub struct Beside {
    /// Whether it is an admin, and since when.
    pub admin: Result<Option<AppInstanceAdmin>, Failure>,
    /// Its tags.
    pub tags: Result<Tags, Failure>,
    /// Why an act was refused that was asked for on this page.
    pub refused: Option<AnyView>,
}

/// Reads it: two calls.
pub async fn beside(request: &Request, member: &MemberArn) -> Beside {
    let (admin, tags, refused) = tokio::join!(
        admin_role(request, member),
        request.call(list_tags(member)),
        failed::refused(request),
    );
    Beside {
        admin,
        tags,
        refused,
    }
}

/// The calls that the page of a user or a bot makes.
pub fn calls(member: &MemberArn, describe: Call) -> [Call; 3] {
    let admin = input::DescribeAppInstanceAdmin {
        app_instance_arn: member.instance().clone(),
        app_instance_admin_arn: member.clone(),
    };
    [describe, Call::of(&admin), Call::of(&list_tags(member))]
}

/// The call that lists the tags of a user or a bot.
pub fn list_tags(member: &MemberArn) -> input::ListTagsForResource {
    input::ListTagsForResource {
        resource_arn: member.clone().into(),
    }
}

/// The calls that delete a user or a bot: an admin is demoted first.
pub fn calls_to_delete(member: &MemberArn, is_admin: Option<bool>, delete: Call) -> Vec<Call> {
    let demote = input::DeleteAppInstanceAdmin {
        app_instance_arn: member.instance().clone(),
        app_instance_admin_arn: member.clone(),
    };
    let demote = (is_admin == Some(true)).then(|| Call::of(&demote));
    demote.into_iter().chain([delete]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_admin_is_demoted_before() {
        let user = "arn:aws:chime:us-east-1:123456789012:app-instance/1/user/us-east-1:a@b.c";
        let bot = "arn:aws:chime:us-east-1:123456789012:app-instance/1/bot/7a";
        for member in [user, bot] {
            let member = member.parse().unwrap();
            let calls = |is_admin| {
                let delete = Call::of(&list_tags(&member));
                calls_to_delete(&member, is_admin, delete).len()
            };
            assert_eq!(calls(Some(true)), 2);
            assert_eq!(calls(Some(false)), 1);
            assert_eq!(calls(None), 1);
        }
    }
}
