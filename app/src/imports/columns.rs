//! The second step: what each column of the file is. The names say it where they are known; an operator
//! can choose otherwise, and what they chose is found again for their next file with the same columns.

use domain::arn::AppInstanceArn;
use domain::import::{Column, FileProblem, Kind, Mapping, RawRow};
use domain::{Cause, Failure, Target};
use leptos::prelude::*;

use super::opened::{self, Opened, open, reason};
use super::shown::{cell, cell_of, column_name};
use super::step_path;
use crate::request::{Done, Request};
use crate::ui::allowed::why;
use crate::ui::job::number;
use crate::ui::page::page;
use crate::ui::parts::{icon, note, panel_around};
use crate::ui::table::plain;

/// How many rows of the file are shown.
const PREVIEW: usize = 5;
/// What the choice sends for a tag, whose key stands below it.
const TAG: &str = "tag";

/// Keeps what each column is, and leads on: to the check, or back to what is wrong.
#[server(prefix = "/api", endpoint = "imports/columns")]
pub async fn choose_columns(
    target: Target<AppInstanceArn>,
    import: String,
    column: Vec<String>,
    #[server(default)] tag_name: Vec<String>,
) -> Result<Done, Failure> {
    let request = Request::on(&target);
    let arn = target.arn;
    request.stay_inside(&arn)?;
    let file = opened::of(&request, &arn, &import).await?;
    let is_open = file.job.is_none() && !file.is_claimed;
    if column.len() != file.heading.columns.len() || !is_open {
        return Err(Cause::Outdated.into());
    }
    let chosen = column.iter().enumerate().map(|(at, word)| {
        let key = tag_name.get(at).map_or("", String::as_str);
        chosen(word, key)
    });
    let mapping = Mapping::of(file.kind, chosen.collect::<Result<_, _>>()?);
    let imports = request.backend().imports();
    imports.choose(request.caller()?, &file, &mapping).await?;
    let next = if mapping.problems().is_empty() {
        "check"
    } else {
        "columns"
    };
    Ok(Done {
        location: step_path(&file.connection, &arn, &file.id, next),
    })
}

/// What a choice means; `None` leaves the column out. Fails for one that this version does not offer.
fn chosen(word: &str, key: &str) -> Result<Option<Column>, Cause> {
    match word {
        "" => Ok(None),
        TAG => Ok(Some(Column::Tag(key.to_owned()))),
        name => match name.parse() {
            Ok(Column::Tag(_)) | Err(_) => Err(Cause::Outdated),
            Ok(column) => Ok(Some(column)),
        },
    }
}

/// The page of the columns.
#[component]
pub fn ColumnsPage() -> impl IntoView {
    page(|request| async move {
        let opened = open(&request).await?;
        opened.goes_on(&request);
        let imports = request.backend().imports();
        let rows = imports.rows(&opened.file.id, 0).await?.unwrap_or_default();
        let rows: Vec<_> = rows.into_iter().take(PREVIEW).collect();
        let body = view! {
            {problems(&opened)}
            {form(&request, &opened, &rows)}
        };
        let body = body.into_any();
        Ok(opened.page(&request, (2, "Columns"), body).await)
    })
}

/// What is wrong with the columns as they are now.
fn problems(opened: &Opened) -> AnyView {
    let file = &opened.file;
    let is_unknown = file.mapping.columns().iter().all(Option::is_none);
    let mut sentences: Vec<String> = file
        .mapping
        .problems()
        .iter()
        .map(ToString::to_string)
        .collect();
    if is_unknown {
        sentences.insert(0, FileProblem::NoHeading { kind: file.kind }.to_string());
    }
    if sentences.is_empty() {
        return ().into_any();
    }
    let items = sentences
        .into_iter()
        .map(|sentence| view! { <li>{sentence}</li> })
        .collect_view();
    view! {
        <div class="flash flash-error error-summary" role="alert" tabindex="-1" autofocus=true>
            {icon("octagon")}
            <div class="flash-text">
                <h2>"The columns need a change"</h2>
                <ul>{items}</ul>
            </div>
        </div>
    }
    .into_any()
}

fn form(request: &Request, opened: &Opened, rows: &[RawRow]) -> AnyView {
    let file = &opened.file;
    let names = file.heading.columns.iter().enumerate();
    let shown = names
        .map(|(at, name)| {
            let column = file.mapping.columns().get(at).and_then(Option::as_ref);
            row(file.kind, at, name, column, rows)
        })
        .collect_view();
    let caption = "Columns of the file, and what each is";
    let heads = ["Column of the file", "First rows"];
    let table = plain(caption, heads, "What it is", shown);
    let about = view! {
        <span class="panel-note">
            {format!("Rows: {} in all; the first {} are shown.", number(file.total), rows.len())}
        </span>
    };
    let panel = panel_around(("columns", "Columns"), about, table);
    let button = match reason(request, file) {
        None => view! { <button class="btn btn-primary">"Check the rows"</button> }.into_any(),
        Some(reason) => view! {
            <button class="btn btn-primary" type="button" aria-disabled="true" title=reason.clone()>
                "Check the rows"
                {why(&reason)}
            </button>
        }
        .into_any(),
    };
    let back = crate::paths::import(&file.connection, &opened.arn, file.kind);
    view! {
        <form class="stack" method="post" action="/api/imports/columns">
            <input
                type="hidden"
                name="target"
                value=request.connection().id.target(&opened.arn).to_string()
            />
            <input type="hidden" name="import" value=file.id.clone() />
            <input type="hidden" name="page" value=request.path().to_owned() />
            {note(
                "flash",
                "info",
                "What you choose is kept for your next file with these columns",
                "A column that is left out changes nothing.",
            )}
            {panel}
            <div class="form-actions">
                {button} <a class="btn btn-link" href=back>
                    "Another file"
                </a>
            </div>
        </form>
    }
    .into_any()
}

fn row(kind: Kind, at: usize, name: &str, column: Option<&Column>, rows: &[RawRow]) -> AnyView {
    let cells = rows
        .iter()
        .map(|row| {
            let shown = cell(kind, name, column, cell_of(row, at));
            view! { <li>{shown}</li> }
        })
        .collect_view();
    let number = at + 1;
    let (id, tag_id) = (format!("column-{at}"), format!("tag-{at}"));
    let tag = Column::Tag(String::new()).is_of(kind).then(|| {
        let key = match column {
            Some(Column::Tag(key)) => key.clone(),
            _ => String::new(),
        };
        view! {
            <label class="sr-only" for=tag_id.clone()>
                {format!("Key of the tag in column {number}")}
            </label>
            <input
                class="input"
                id=tag_id.clone()
                name=format!("tag_name[{at}]")
                value=key
                maxlength="128"
                placeholder="Key, for a tag"
            />
        }
    });
    view! {
        <tr>
            <th scope="row">{column_name(at, name)}</th>
            <td data-label="First rows" class="wrap">
                <ul>{cells}</ul>
            </td>
            <td data-label="What it is" class="wrap">
                <label class="sr-only" for=id.clone()>
                    {format!("What column {number} is")}
                </label>
                <select class="select" id=id.clone() name=format!("column[{at}]")>
                    {options(kind, column)}
                </select>
                {tag}
            </td>
        </tr>
    }
    .into_any()
}

fn options(kind: Kind, chosen: Option<&Column>) -> AnyView {
    let known = Column::of(kind)
        .iter()
        .map(|column| {
            let word = column.to_string();
            view! {
                <option value=word selected=chosen == Some(column)>
                    {column.to_string()}
                </option>
            }
        })
        .collect_view();
    let tag = Column::Tag(String::new()).is_of(kind).then(|| {
        view! {
            <option value=TAG selected=matches!(chosen, Some(Column::Tag(_)))>
                "tag, with the key below"
            </option>
        }
    });
    view! {
        <option value="" selected=chosen.is_none()>
            "Leave out"
        </option>
        {known}
        {tag}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_a_column_a_tag_or_nothing_and_never_anything_else() {
        assert_eq!(chosen("", "x"), Ok(None));
        assert_eq!(chosen("user_id", ""), Ok(Some(Column::UserId)));
        let tag = Column::Tag("team".into());
        assert_eq!(chosen("tag", "team"), Ok(Some(tag)));
        for other in ["tag:team", "User ID", "x"] {
            assert_eq!(chosen(other, ""), Err(Cause::Outdated), "{other}");
        }
    }
}
