//! A user as its pages show it: what was read, its name, and the page around it.

use crate::request::Request;
use crate::ui::bidi::isolated;
use crate::ui::frame::Section;
use crate::ui::page::Content;
use crate::ui::tabs::{UserTab, user_tabs};
use crate::{app_instances, paths};
use domain::Failure;
use domain::arn::{AppInstanceArn, AppInstanceUserArn};
use domain::input::DescribeAppInstanceUser;
use domain::view::AppInstanceUser;
use leptos::prelude::*;

/// The list of the users of an AppInstance.
pub(super) fn list_path(request: &Request, instance: &AppInstanceArn) -> String {
    let connection = &request.connection().id;
    format!("{}/users", paths::instance(connection, instance))
}

/// Reads a user: one call.
pub async fn describe(
    request: &Request,
    arn: &AppInstanceUserArn,
) -> Result<AppInstanceUser, Failure> {
    let input = DescribeAppInstanceUser {
        app_instance_user_arn: arn.clone(),
    };
    request.call(input).await
}

/// A user as a page shows it: with the name of its AppInstance.
pub struct Opened {
    /// The ARN in the address of the page, whatever ARN AWS answers.
    pub arn: AppInstanceUserArn,
    /// What DescribeAppInstanceUser answered.
    pub user: AppInstanceUser,
    pub(super) instance_name: String,
}

impl Opened {
    /// Reads the user, and beside it the name of its AppInstance.
    pub async fn read(request: &Request, arn: &AppInstanceUserArn) -> Result<Self, Failure> {
        let (user, instance_name) = tokio::join!(
            describe(request, arn),
            app_instances::name(request, arn.instance())
        );
        Ok(Self {
            arn: arn.clone(),
            user: user?,
            instance_name,
        })
    }

    /// The page of the user, from which its other pages go on.
    pub fn path(&self, request: &Request) -> String {
        paths::user(&request.connection().id, &self.arn)
    }

    /// What the user is called: its id when it has no name.
    pub fn title(&self) -> &str {
        if self.user.name.trim().is_empty() {
            self.arn.user_id().as_str()
        } else {
            &self.user.name
        }
    }

    /// A page of the user: its place in the navigation, the breadcrumb, the tabs.
    pub fn page(
        &self,
        request: &Request,
        tab: UserTab,
        title: impl Into<String>,
        body: impl IntoView + 'static,
    ) -> Content {
        let arn = &self.arn;
        let instance = arn.instance();
        let content = app_instances::within(
            request,
            instance,
            &self.instance_name,
            Section::None,
            title,
            body,
        )
        .crumb("Users", list_path(request, instance));
        let tabs = || user_tabs(&request.connection().id, arn, tab);
        let above = |content: Content| content.crumb(isolated(self.title()), self.path(request));
        match tab {
            UserTab::Details => content.tabs(tabs()),
            UserTab::None => above(content),
            _ => above(content).tabs(tabs()),
        }
    }
}
