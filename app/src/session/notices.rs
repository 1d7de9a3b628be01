//! What happened to one's own account: a panel on its page, and a count in the header until seen.

use backend::{Notice, NoticeKind};
use domain::{Failure, Timestamp};
use leptos::prelude::*;

use crate::request::{Done, Request};
use crate::ui::parts::{ago, panel_around, small_icon, text_or_missing};
use crate::ui::{allowed, table};

const PAGE: &str = "/account";

/// Notes that the operator knows what happened, up to the newest notice that was shown.
#[server(prefix = "/api", endpoint = "account/see-notices")]
pub async fn see_notices(until: i64) -> Result<Done, Failure> {
    let request = Request::current();
    let accounts = request.backend().accounts();
    let seen = accounts.see_notices(request.caller()?, Timestamp(until));
    seen.await?;
    let location = PAGE.to_owned();
    request
        .done(location, "Notices marked as seen", String::new())
        .await
}

/// The panel on the page of one's own account.
pub(super) async fn panel(request: &Request) -> Result<AnyView, Failure> {
    let operators = request.backend().accounts();
    let notices = operators.notices(&request.caller()?.operator).await?;
    Ok(view(&notices, request.now()))
}

fn view(notices: &[Notice], now: Timestamp) -> AnyView {
    let unseen = notices.iter().find(|notice| notice.seen.is_none());
    let known = unseen.map(|newest| {
        let hidden = vec![
            ("page", PAGE.to_owned()),
            ("form", "notices".to_owned()),
            ("until", newest.at.0.to_string()),
        ];
        let what = ("tick", "I know about these");
        allowed::button_unless(None, "btn btn-small", what, "account/see-notices", hidden)
    });
    let advice = unseen.map(|_| {
        view! {
            <p class="panel-body prose">
                "If one of these was not you, change your password, end the other sessions and tell an Admin."
            </p>
        }
    });
    let inside = if notices.is_empty() {
        view! {
            <p class="panel-body muted">
                "Nothing yet. Sign-ins from new addresses, wrong codes, and changes of your password and authenticator are listed here."
            </p>
        }
        .into_any()
    } else {
        listed(notices, now)
    };
    let inside = view! {
        {advice}
        {inside}
    };
    panel_around(("notices", "Notices"), known, inside)
}

fn listed(notices: &[Notice], now: Timestamp) -> AnyView {
    let rows = notices
        .iter()
        .map(|notice| {
            let new = notice.seen.is_none().then(|| {
                view! { <span class="status status-info">{small_icon("info")} "New"</span> }
            });
            view! {
                <tr>
                    <th scope="row">{words(notice)}</th>
                    <td data-label="When">{ago(Some(notice.at), now)}</td>
                    <td class="mono" data-label="From">
                        {text_or_missing(notice.address.as_deref().unwrap_or_default())}
                    </td>
                    <td>{new}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = ["What", "When", "From"];
    table::plain("What happened to your account", heads, "Seen", rows)
}

fn words(notice: &Notice) -> String {
    let what = match notice.kind {
        NoticeKind::NewAddress => "Signed in from a new address",
        NoticeKind::AfterWrongTries => "Signed in after several wrong tries",
        NoticeKind::PasswordChanged => "Password changed",
        NoticeKind::PasswordChosen => "Password chosen by a link",
        NoticeKind::PasswordReset => "Password reset",
        NoticeKind::AuthenticatorSetUp => "Authenticator set up",
        NoticeKind::AuthenticatorRemoved => "Authenticator removed",
        NoticeKind::AuthenticatorReset => "Authenticator reset",
        NoticeKind::NewRecoveryCodes => "New recovery codes made",
        NoticeKind::RecoveryCodeUsed => "Recovery code used",
        NoticeKind::WrongCodes => "Right password, but several wrong codes",
        NoticeKind::CodesRefused => {
            "Too many wrong codes: codes are refused until an Admin resets them"
        }
        NoticeKind::PasswordsRefused => {
            "Too many wrong passwords: for the rest of that day only addresses that you had signed in from could try"
        }
    };
    match &notice.by {
        Some(by) => format!("{what} by {by}"),
        None => what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(kind: NoticeKind, seen: Option<Timestamp>) -> Notice {
        Notice {
            kind,
            at: Timestamp(1_700_000_000_000),
            address: Some("192.0.2.7".to_owned()),
            by: None,
            seen,
        }
    }

    #[test]
    fn a_notice_says_what_when_from_where_and_by_whom() {
        let by = Notice {
            by: Some("<grace>".to_owned()),
            ..notice(NoticeKind::PasswordReset, None)
        };
        let now = Timestamp(1_700_000_060_000);

        let html = view(&[by, notice(NoticeKind::NewAddress, Some(now))], now).to_html();

        for text in [
            "Password reset by &lt;grace&gt;",
            "Signed in from a new address",
            "192.0.2.7",
            "I know about these",
            "value=\"1700000000000\"",
        ] {
            assert!(html.contains(text), "{text} in {html}");
        }
        assert_eq!(html.matches("status-info").count(), 1, "{html}");
    }

    #[test]
    fn there_is_no_button_when_all_were_seen_or_none_is_there() {
        let now = Timestamp(1_700_000_060_000);
        for notices in [vec![], vec![notice(NoticeKind::PasswordChanged, Some(now))]] {
            let html = view(&notices, now).to_html();
            assert!(!html.contains("<button"), "{html}");
        }
    }

    #[test]
    fn every_kind_has_its_own_words() {
        let words: std::collections::HashSet<_> = NoticeKind::ALL
            .iter()
            .map(|kind| words(&notice(*kind, None)))
            .collect();
        assert_eq!(words.len(), NoticeKind::ALL.len());
    }
}
