//! Columns of a list that the List call does not give: one row is read at a time, after the page.
//!
//! [`crate::islands::LateCells`] asks for a row, and puts in what is answered here.

use backend::commands::admins;
use backend::{Trail, read_on};
use domain::arn::{AppInstanceUserArn, MemberArn};
use domain::consequence::Count;
use domain::input::{DescribeAppInstanceUser, ListAppInstanceUserEndpoints, ListOf as _};
use domain::{Failure, Target, Timestamp};
use leptos::prelude::*;

use crate::request::Request;
use crate::ui::late::{failed_cell, time_cell};
use crate::ui::parts::{missing, small_icon};

/// A date this near is shown as a warning.
const SOON_DAYS: i32 = 7;

/// A column of the list of users that costs a call for each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserColumn {
    Created,
    Expires,
    Admin,
    Endpoints,
}

impl UserColumn {
    /// Every one, in the order of the table.
    pub const ALL: &[Self] = &[Self::Created, Self::Expires, Self::Admin, Self::Endpoints];

    /// The heading.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Created => "Created",
            Self::Expires => "Expires",
            Self::Admin => "Admin",
            Self::Endpoints => "Endpoints",
        }
    }

    /// The value in an address.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Expires => "expires",
            Self::Admin => "admin",
            Self::Endpoints => "endpoints",
        }
    }

    /// The columns that an address or a cookie names.
    pub fn named<'a>(slugs: impl IntoIterator<Item = &'a str> + Clone) -> Vec<Self> {
        let wanted = |column: &&Self| slugs.clone().into_iter().any(|slug| slug == column.slug());
        Self::ALL.iter().filter(wanted).copied().collect()
    }
}

/// Reads the wanted columns of one user and writes their cells: at most one call for each, one
/// after another, so that eight rows at a time are eight calls at a time.
#[server(prefix = "/api", endpoint = "columns/user")]
pub async fn read_user_cells(
    row: Target<AppInstanceUserArn>,
    columns: String,
) -> Result<Vec<String>, Failure> {
    let request = Request::on(&row);
    let row = row.arn;
    request.stay_inside(row.instance())?;
    let wanted = UserColumn::named(columns.split('.'));
    let asks = |column| wanted.contains(&column);
    let user = if asks(UserColumn::Created) || asks(UserColumn::Expires) {
        let describe = DescribeAppInstanceUser {
            app_instance_user_arn: row.clone(),
        };
        Some(request.call(describe).await)
    } else {
        None
    };
    let mut cells = Vec::new();
    for column in wanted {
        let cell = match (column, &user) {
            (UserColumn::Created, Some(user)) => user
                .as_ref()
                .map(|user| time_cell(user.created))
                .map_err(Clone::clone),
            (UserColumn::Expires, Some(user)) => user
                .as_ref()
                .map(|user| expires_cell(user.expires_at(), request.now()))
                .map_err(Clone::clone),
            (UserColumn::Endpoints, _) => endpoints(&request, &row).await.map(count_cell),
            _ => is_admin(&request, &row).await.map(admin_cell),
        };
        let cell = cell.unwrap_or_else(|failure| failed_cell(column.label(), &failure));
        cells.push(cell.to_html());
    }
    Ok(cells)
}

async fn is_admin(request: &Request, user: &AppInstanceUserArn) -> Result<bool, Failure> {
    let member = MemberArn::User(user.clone());
    let role = admins::role_of(request.acting()?, &member).await;
    role.map(|admin| admin.is_some())
}

/// How many calls finding the first page with endpoints may take.
const CALLS: u32 = 3;

async fn endpoints(request: &Request, user: &AppInstanceUserArn) -> Result<Count, Failure> {
    let fetch = |next_token| request.call(ListAppInstanceUserEndpoints::page(user, 50, next_token));
    let rows = read_on(fetch, None, Trail::default(), CALLS).await?;
    let count = u32::try_from(rows.items.len()).unwrap_or(u32::MAX);
    Ok(match rows.next {
        Some(_) => Count::MoreThan(count),
        None => Count::Exactly(count),
    })
}

fn expires_cell(at: Option<Timestamp>, now: Timestamp) -> AnyView {
    at.map_or_else(missing, |at| {
        let (class, text) = expiry(at, now);
        let icon = (class != "status").then(|| small_icon("clock"));
        view! {
            <span class=class>
                {icon} <time datetime=at.iso() title=at.human()>
                    {text}
                </time>
            </span>
        }
        .into_any()
    })
}

/// How near a date is: the class of its colour, and in words.
fn expiry(at: Timestamp, now: Timestamp) -> (&'static str, String) {
    let text = at.relative(now);
    if at <= now {
        ("status status-danger", format!("expired {text}"))
    } else if at <= now.plus_days(SOON_DAYS) {
        ("status status-warn", text)
    } else {
        ("status", text)
    }
}

fn admin_cell(admin: bool) -> AnyView {
    if !admin {
        return missing();
    }
    view! { <span class="status">{small_icon("shield")} "Admin"</span> }.into_any()
}

fn count_cell(count: Count) -> AnyView {
    match count {
        Count::MoreThan(count) => format!("{count}+").into_any(),
        count => count.text().into_any(),
    }
}

#[cfg(test)]
mod tests {
    use domain::Cause;

    use super::*;

    #[test]
    fn columns_are_named_by_an_address() {
        let named = UserColumn::named(["endpoints", "created", "tags"]);
        assert_eq!(named, [UserColumn::Created, UserColumn::Endpoints]);
        assert_eq!(UserColumn::named([""]), []);
    }

    #[test]
    fn a_near_date_is_a_warning_and_a_past_one_says_so() {
        let now = Timestamp(1_700_000_000_000);
        assert_eq!(expiry(now.plus_days(40), now), ("status", "in 40 d".into()));
        assert_eq!(
            expiry(now.plus_days(3), now),
            ("status status-warn", "in 3 d".into())
        );
        let past = Timestamp(now.0 - 7_200_000);
        assert_eq!(
            expiry(past, now),
            ("status status-danger", "expired 2 h ago".into())
        );
    }

    #[test]
    fn a_cell_that_failed_says_why_and_can_be_read_again() {
        let markup = failed_cell("Admin", &Cause::Throttled.into()).to_html();
        assert!(
            markup.contains("Could not read Admin. Show why"),
            "{markup}"
        );
        assert!(markup.contains("data-again"), "{markup}");
    }
}
