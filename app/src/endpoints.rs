//! Push endpoints of an AppInstanceUser: one file per operation.

mod deregister;
mod detail;
mod edit;
mod list;
mod opened;
mod register;
mod reveal;

use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{MatchNestedRoutes, SsrMode, path};

pub use opened::{OpenedEndpoint, below_list, endpoint_path, open, title};

use deregister::DeregisterPage;
use detail::DetailPage;
use edit::EditPage;
use list::ListPage;
use opened::{allow_view, given, list_path, of_path, state_view};
use register::RegisterPage;

/// The addresses of endpoints.
#[component(transparent)]
pub fn EndpointRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route
            path=path!("/:connection/:region/app-instances/:instance/users/:user/endpoints")
            view=ListPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!("/:connection/:region/app-instances/:instance/users/:user/register-endpoint")
            view=RegisterPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!(
                "/:connection/:region/app-instances/:instance/users/:user/endpoints/:endpoint"
            )
            view=DetailPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!(
                "/:connection/:region/app-instances/:instance/users/:user/endpoints/:endpoint/edit"
            )
            view=EditPage
            ssr=SsrMode::Async
        />
        <Route
            path=path!(
                "/:connection/:region/app-instances/:instance/users/:user/endpoints/:endpoint/deregister"
            )
            view=DeregisterPage
            ssr=SsrMode::Async
        />
    }
    .into_inner()
}
