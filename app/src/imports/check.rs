//! The third step: every row by the rules of its values, without a call of AWS; and the button that
//! makes the plan.

use backend::import::Checked;
use domain::plan::Why;
use leptos::prelude::*;

use super::opened::{Opened, open, reason};
use crate::request::Request;
use crate::ui::allowed::button_unless;
use crate::ui::failed;
use crate::ui::job::number;
use crate::ui::page::page;
use crate::ui::parts::{icon, note, panel_around};
use crate::ui::table::frame;

/// How many refused rows are shown; the file to download has all.
const SHOWN: usize = 50;

/// The page of the check.
#[component]
pub fn CheckPage() -> impl IntoView {
    page(|request| async move {
        let opened = open(&request).await?;
        if opened.file.is_claimed {
            return Ok(opened.page(&request, (4, "Plan"), waiting(&request)).await);
        }
        let is_wrong = !opened.file.mapping.problems().is_empty();
        if !opened.goes_on(&request) && is_wrong {
            request.go_to(&opened.step("columns"));
        }
        let checked = if is_wrong || opened.file.job.is_some() {
            Checked::default()
        } else {
            let imports = request.backend().imports();
            imports.check(&opened.file, SHOWN).await?
        };
        let refusal = failed::refused(&request).await;
        let body = view! {
            {refusal}
            {counts(&checked)}
            {case_only(&checked)}
            {refused(&opened, &checked)}
            {actions(&request, &opened, &checked)}
        };
        let body = body.into_any();
        Ok(opened.page(&request, (3, "Check"), body).await)
    })
}

/// The job is being made, which takes a while for many rows.
fn waiting(request: &Request) -> AnyView {
    let sentence = "It goes on if you leave this page. When it is ready, this page leads to it.";
    view! {
        {note("flash", "hourglass", "The plan is being made of this file", sentence)}
        <div class="form-actions">
            <a class="btn btn-primary" href=request.path().to_owned()>
                "Look again"
            </a>
        </div>
    }
    .into_any()
}

fn counts(checked: &Checked) -> AnyView {
    let (good, refused) = (number(checked.good), number(checked.refused));
    let (class, name) = if checked.refused == 0 {
        ("flash flash-ok", "tick-circle")
    } else {
        ("flash flash-warn", "triangle")
    };
    let rows = if checked.good == 1 { "row" } else { "rows" };
    let headline = format!("{good} {rows} can be planned, {refused} cannot");
    let sentence = "Nothing was asked of AWS so far. The plan reads what is there, and says for each row what it would do.";
    note(class, name, headline, sentence)
}

/// Ids that differ from others in capitals only are two things to AWS.
fn case_only(checked: &Checked) -> Option<AnyView> {
    (checked.case_only > 0).then(|| {
        let what = match checked.case_only {
            1 => "1 row differs".to_owned(),
            many => format!("{} rows differ", number(many)),
        };
        let headline = format!("{what} from an earlier one only in capital letters");
        let sentence = "To AWS these are different. They are planned; look whether that is meant.";
        note("flash flash-warn", "triangle", headline, sentence)
    })
}

/// The first refused rows, each with what is wrong, and all of them as a file.
fn refused(opened: &Opened, checked: &Checked) -> Option<AnyView> {
    if checked.refused == 0 {
        return None;
    }
    let rows = checked
        .first
        .iter()
        .map(|(line, why)| {
            let sentences = sentences(why)
                .into_iter()
                .map(|sentence| view! { <li>{sentence}</li> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">{format!("Line {line}")}</th>
                    <td data-label="What is wrong" class="wrap">
                        <ul>{sentences}</ul>
                    </td>
                </tr>
            }
        })
        .collect_view();
    let above = view! { <caption class="sr-only">"Rows that cannot be planned"</caption> };
    let heads = view! {
        <th scope="col">"Line"</th>
        <th scope="col">"What is wrong"</th>
    };
    let table = frame("table", above, heads, rows);
    let shown = checked.first.len();
    let about = view! {
        <span class="panel-note">
            {format!("The first {shown} of {}", number(checked.refused))}
        </span>
        <a class="btn btn-small" href=opened.step("refused.csv") download="">
            {icon("download")}
            "Download the refused rows"
        </a>
    };
    Some(panel_around(("refused", "Refused rows"), about, table))
}

/// Each thing that is wrong with a row. None has a value of the file in it.
fn sentences(why: &Why) -> Vec<String> {
    match why {
        Why::Row(problems) => problems.iter().map(ToString::to_string).collect(),
        why => vec![why.sentence()],
    }
}

fn actions(request: &Request, opened: &Opened, checked: &Checked) -> AnyView {
    let nothing = || "No row can be planned".to_owned();
    let reason = reason(request, &opened.file).or_else(|| (checked.good == 0).then(nothing));
    let target = request.connection().id.target(&opened.arn).to_string();
    let hidden = vec![
        ("target", target),
        ("import", opened.file.id.clone()),
        ("page", request.path().to_owned()),
    ];
    let plan = button_unless(
        reason,
        "btn btn-primary",
        ("", "Make the plan"),
        "imports/plan",
        hidden,
    );
    view! {
        <div class="form-actions">
            {plan} <a class="btn btn-link" href=opened.step("columns")>
                "Back to the columns"
            </a>
        </div>
    }
    .into_any()
}
