//! Push endpoints of an AppInstanceUser: one file per operation.

mod deregister;
mod detail;
mod edit;
mod list;
mod opened;
mod register;
mod reveal;

use leptos::prelude::*;
use leptos_router::{MatchNestedRoutes, path};

use crate::ui::page::at;

pub use opened::{OpenedEndpoint, below_list, endpoint_path, gone, of_path, open, title};

use deregister::DeregisterPage;
use detail::DetailPage;
use edit::EditPage;
use list::ListPage;
use opened::{allow_view, given, list_path, state_view};
use register::RegisterPage;

/// The addresses of endpoints.
#[component(transparent)]
pub fn EndpointRoutes() -> impl MatchNestedRoutes + Clone {
    (
        at(
            path!("/:connection/:region/app-instances/:instance/users/:user/endpoints"),
            ListPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/users/:user/register-endpoint"),
            RegisterPage,
        ),
        at(
            path!("/:connection/:region/app-instances/:instance/users/:user/endpoints/:endpoint"),
            DetailPage,
        ),
        at(
            path!(
                "/:connection/:region/app-instances/:instance/users/:user/endpoints/:endpoint/edit"
            ),
            EditPage,
        ),
        at(
            path!(
                "/:connection/:region/app-instances/:instance/users/:user/endpoints/:endpoint/deregister"
            ),
            DeregisterPage,
        ),
    )
}
