//! Keeping what was ticked on a page, on the way to another one.

use backend::selection::MOST_TICKED;
use domain::{Cause, Failure};
use leptos::prelude::*;

use super::{Action, List, Of};
use crate::paths::is_local;
use crate::request::{Done, Flash};

/// Keeps what is ticked on a page of a list, and goes to where one of its rows' actions is planned, or on to
/// another page. It changes nothing that anybody else sees.
#[server(prefix = "/api", endpoint = "selection/keep")]
pub async fn keep_selection(
    target: Of,
    list: String,
    #[server(default)] shown: Vec<String>,
    #[server(default)] row: Vec<String>,
    #[server(default)] then: String,
    #[server(default)] go: String,
    #[server(default)] page: String,
) -> Result<Done, Failure> {
    let request = target.request();
    let list = List::named(&list, target)?;
    list.stay_inside(&request)?;
    let connection = request.acting()?.connection.clone();
    let (owner, key) = (&request.caller()?.operator, list.key(&connection));
    let selections = request.backend().selections();
    let location = [go, page].into_iter().find(|page| is_local(page));
    let location = location.unwrap_or_else(|| list.path(&connection));
    if then == "clear" {
        selections.clear(owner, &key).await?;
        return Ok(Done { location });
    }
    if row.iter().any(|row| list.subject(row).is_none()) {
        return Err(Cause::Outdated.into());
    }
    if row.iter().any(|row| !list.is_covered(&request, row)) {
        return Err(Cause::NoSuchPage.into());
    }
    let left = selections.keep(owner, &key, &shown, row).await?;
    if left > 0 {
        let flash = Flash {
            headline: format!("{left} rows were not added to the selection"),
            detail: format!("A selection has at most {MOST_TICKED} rows."),
            warning: true,
            next: None,
        };
        request.flash(flash).await;
        return Ok(Done { location });
    }
    let action = Action::named(&list, &then);
    let to = action.map(|action| list.act_path(&connection, action.word()));
    Ok(Done {
        location: to.unwrap_or(location),
    })
}
