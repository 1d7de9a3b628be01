//! The bar above a list: how much is selected, and what can be done with it.
//!
//! The style sheet shows it when something is ticked. A count that includes the ticks of this page needs the
//! script (`crate::islands::follow_picks`); without it the words say what is known.

use std::collections::BTreeSet;

use domain::Failure;
use domain::arn::ResourceArn;
use leptos::prelude::*;

use super::{Action, List};
use crate::request::Request;
use crate::ui::menu;
use crate::ui::parts::icon;
use crate::ui::table::Pick;

/// What of a list is ticked, and by whom.
pub struct Bulk {
    list: List,
    kept: BTreeSet<String>,
    actions: Vec<Action>,
    page: String,
    target: String,
}

impl Bulk {
    /// What the one who asks ticked in a list; nothing when they may do nothing with it.
    pub async fn read(request: &Request, list: List) -> Result<Option<Self>, Failure> {
        let actions = Action::of(&list).iter().copied();
        let actions: Vec<_> = actions
            .filter(|action| action.reason(request).is_none())
            .collect();
        if actions.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            kept: list.kept(request).await?,
            actions,
            page: request.with_query(&[]),
            target: list.of(&request.connection().id).to_string(),
            list,
        }))
    }

    /// The box of a row with an ARN.
    pub fn pick(&self, arn: Option<impl Into<ResourceArn>>) -> Option<Pick> {
        self.pick_id(&self.list.row(&arn?.into())?)
    }

    /// The box of an endpoint.
    pub fn pick_id(&self, id: &str) -> Option<Pick> {
        self.list.subject(id)?;
        Some(Pick {
            ticked: self.kept.contains(id),
            value: id.to_owned(),
        })
    }

    /// The bar of a page that shows these rows. Nothing where there is nothing to tick and nothing ticked.
    pub fn bar(&self, shown: Vec<String>) -> Option<AnyView> {
        if shown.is_empty() && self.kept.is_empty() {
            return None;
        }
        let here = shown.iter().filter(|id| self.kept.contains(*id)).count();
        let elsewhere = self.kept.len() - here;
        let shown = shown
            .into_iter()
            .enumerate()
            .map(|(at, id)| view! { <input type="hidden" name=format!("shown[{at}]") value=id /> })
            .collect_view();
        let bar = view! {
            <form
                class="bulk"
                id="selection"
                method="post"
                action="/api/selection/keep"
                aria-label="Selection"
                data-elsewhere=elsewhere
                data-kept=(!self.kept.is_empty()).then_some("true")
            >
                <input type="hidden" name="page" value=self.page.clone() />
                <input type="hidden" name="target" value=self.target.clone() />
                <input type="hidden" name="list" value=self.list.word() />
                <input type="hidden" name="go" value="" />
                {shown}
                // What Enter presses.
                <button hidden=true name="then" value="keep"></button>
                <p role="status">
                    <b class="bulk-count">{words(elsewhere)}</b>
                </p>
                <button class="btn btn-small btn-link" name="then" value="keep">
                    "Add to selection"
                </button>
                <button class="btn btn-small btn-link" name="then" value="clear">
                    "Clear"
                </button>
                <div class="bulk-actions">{buttons(&self.actions)}</div>
            </form>
        };
        Some(bar.into_any())
    }
}

/// What is selected, as far as it is known before the page: what is ticked here may change.
fn words(elsewhere: usize) -> String {
    match elsewhere {
        0 => "The ticked rows of this page".to_owned(),
        count => format!("{count} selected on other pages, and the ticked rows of this page"),
    }
}

/// A button for each, and those that are rarely needed in a menu, where that is more than one.
fn buttons(actions: &[Action]) -> AnyView {
    let (rare, often): (Vec<Action>, Vec<_>) = actions.iter().partition(|action| action.is_rare());
    let class = |action: &Action| {
        if action.takes_away() {
            "btn btn-small btn-danger-line"
        } else {
            "btn btn-small"
        }
    };
    let shown = often.iter().map(|action| button(*action, class(action)));
    let shown = shown.collect_view();
    let more = match *rare.as_slice() {
        [] => None,
        [action] => Some(button(action, "btn btn-small")),
        _ => {
            let items = rare.iter().map(|action| button(*action, "")).collect_view();
            let opens = (
                "btn btn-icon btn-small",
                "More for the selection",
                icon("dots"),
            );
            Some(menu::menu(
                "selection-more",
                "menu menu-end",
                opens,
                items.into_any(),
            ))
        }
    };
    view! {
        {shown}
        {more}
    }
    .into_any()
}

fn button(action: Action, class: &'static str) -> AnyView {
    view! {
        <button class=class name="then" value=action.word()>
            {action.label()}
        </button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulk(kept: &[&str]) -> Bulk {
        let instance = "arn:aws:chime:us-east-1:123456789012:app-instance/1";
        let list = List::Users(instance.parse().unwrap());
        Bulk {
            actions: Action::of(&list).to_vec(),
            list,
            kept: kept.iter().map(|id| (*id).to_owned()).collect(),
            page: "/p?q=<b>".to_owned(),
            target: String::new(),
        }
    }

    #[test]
    fn what_is_ticked_elsewhere_is_told_apart_from_this_page() {
        let bulk = bulk(&["user/a", "user/b", "user/c"]);
        let html = bulk.bar(vec!["user/a".to_owned(), "user/x".to_owned()]);
        let html = html.unwrap().to_html();
        assert!(html.contains("2 selected on other pages, and"), "{html}");
        assert!(html.contains("data-kept=\"true\""), "{html}");
        assert!(html.contains("value=\"delete\""), "{html}");
        assert!(html.contains("/p?q=&lt;b&gt;"), "{html}");
    }

    #[test]
    fn a_page_without_rows_has_no_bar_unless_something_is_kept() {
        assert!(bulk(&[]).bar(Vec::new()).is_none());
        assert!(bulk(&["user/a"]).bar(Vec::new()).is_some());
        let html = bulk(&[]).bar(vec!["user/a".to_owned()]).unwrap().to_html();
        assert!(!html.contains("data-kept"), "{html}");
    }
}
