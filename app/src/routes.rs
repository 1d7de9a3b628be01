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
use crate::operators::OperatorRoutes;
use crate::ui::page::NotFoundPage;
use crate::{go, overview, session};

/// The whole dashboard. Runs on the server only.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=NotFoundPage>
                <Route path=path!("/") view=overview::OverviewPage ssr=SsrMode::Async />
                <Route path=path!("/go") view=go::GoPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=session::SignInPage ssr=SsrMode::Async />
                <Route
                    path=path!("/sign-in/oidc/:provider")
                    view=session::LeavePage
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/sign-in/oidc/:provider/callback")
                    view=session::ReturnPage
                    ssr=SsrMode::Async
                />
                <Route path=path!("/sign-in/code") view=session::CodePage ssr=SsrMode::Async />
                <Route path=path!("/setup") view=session::SetupPage ssr=SsrMode::Async />
                <Route path=path!("/invite") view=session::AcceptPage ssr=SsrMode::Async />
                <Route path=path!("/account") view=session::AccountPage ssr=SsrMode::Async />
                <Route
                    path=path!("/account/authenticator")
                    view=session::AuthenticatorPage
                    ssr=SsrMode::Async
                />
                <Route path=path!("/unlock") view=session::UnlockPage ssr=SsrMode::Async />
                <AppInstanceRoutes />
                <UserRoutes />
                <EndpointRoutes />
                <AdminRoutes />
                <BotRoutes />
                <ActivityRoutes />
                <AuditRoutes />
                <OperatorRoutes />
            </FlatRoutes>
        </Router>
    }
}
