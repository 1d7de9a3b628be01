//! Which page is at which address.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::activity::ActivityRoutes;
use crate::app_instance_admins::AdminRoutes;
use crate::app_instance_bots::BotRoutes;
use crate::app_instance_users::UserRoutes;
use crate::app_instances::AppInstanceRoutes;
use crate::audit::AuditRoutes;
use crate::endpoints::EndpointRoutes;
use crate::imports::ImportRoutes;
use crate::jobs::JobRoutes;
use crate::operators::OperatorRoutes;
use crate::selected::SelectedRoutes;
use crate::session::SessionRoutes;
use crate::ui::page::NotFoundPage;
use crate::{go, overview};

/// The whole dashboard. Runs on the server only.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=NotFoundPage>
                <Route path=path!("/") view=overview::OverviewPage ssr=SsrMode::Async />
                <Route path=path!("/go") view=go::GoPage ssr=SsrMode::Async />
                <SessionRoutes />
                <AppInstanceRoutes />
                <UserRoutes />
                <EndpointRoutes />
                <AdminRoutes />
                <BotRoutes />
                <ImportRoutes />
                <ActivityRoutes />
                <AuditRoutes />
                <JobRoutes />
                <OperatorRoutes />
                <SelectedRoutes />
            </FlatRoutes>
        </Router>
    }
}
