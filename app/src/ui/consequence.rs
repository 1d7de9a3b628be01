//! What a change takes away, before it is made: said, counted, and of when the counts are.

use domain::Timestamp;
use leptos::prelude::*;

use super::parts::{icon, small_icon, warning};

/// Something that goes, or stays: what it is, how many there are, and what becomes of it.
pub struct Effect {
    /// What it is: "Endpoints".
    pub what: &'static str,
    /// How many; nothing where this API cannot tell.
    pub count: Option<String>,
    /// What becomes of it.
    pub outcome: String,
}

impl Effect {
    /// Something that is counted.
    pub fn counted(what: &'static str, count: String, outcome: impl Into<String>) -> Self {
        Self {
            what,
            count: Some(count),
            outcome: outcome.into(),
        }
    }

    /// Something that this API cannot count.
    pub fn not_visible(what: &'static str, outcome: &'static str) -> Self {
        Self {
            what,
            count: None,
            outcome: outcome.to_owned(),
        }
    }

    fn view(self) -> AnyView {
        let count = match self.count {
            Some(count) => view! { <td class="num">{count}</td> }.into_any(),
            None => view! { <td class="num muted">"not visible"</td> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row">{self.what}</th>
                {count}
                <td>{self.outcome}</td>
            </tr>
        }
        .into_any()
    }
}

/// How grave something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something ends that can be made again.
    Warning,
    /// Something is lost for good.
    Loss,
}

/// The panel.
pub struct Consequence {
    severity: Severity,
    icon: &'static str,
    headline: String,
    lead: AnyView,
    effects: Vec<Effect>,
    warning: Option<&'static str>,
    counted: Option<Timestamp>,
    further: Option<AnyView>,
}

impl Consequence {
    /// What happens, in a sentence, and more about it.
    pub fn new(
        severity: Severity,
        icon: &'static str,
        headline: impl Into<String>,
        lead: impl IntoAny,
    ) -> Self {
        Self {
            severity,
            icon,
            headline: headline.into(),
            lead: lead.into_any(),
            effects: Vec::new(),
            warning: None,
            counted: None,
            further: None,
        }
    }

    /// What goes and what stays, as counted at a time.
    #[must_use]
    pub fn effects(self, effects: Vec<Effect>, counted: Timestamp) -> Self {
        Self {
            effects,
            counted: Some(counted),
            ..self
        }
    }

    /// What makes it a loss, if anything does.
    #[must_use]
    pub fn warning(self, warning: Option<&'static str>) -> Self {
        let severity = if warning.is_some() {
            Severity::Loss
        } else {
            self.severity
        };
        Self {
            severity,
            warning,
            ..self
        }
    }

    /// The way to count on, where counting stopped.
    #[must_use]
    pub fn further(self, further: Option<AnyView>) -> Self {
        Self { further, ..self }
    }

    /// The panel as markup.
    pub fn view(self) -> AnyView {
        let class = match self.severity {
            Severity::Info => "consequence consequence-info narrow",
            Severity::Warning => "consequence consequence-warn",
            Severity::Loss => "consequence",
        };
        let counted = self.counted.map(|at| {
            view! {
                <p class="consequence-foot">
                    {small_icon("info")} <span>{format!("Counted on {at}")}</span>
                </p>
            }
        });
        view! {
            <section class=class aria-labelledby="h-consequence">
                <div class="consequence-head">
                    {icon(self.icon)} <div>
                        <h2 id="h-consequence">{self.headline}</h2>
                        {self.lead}
                    </div>
                </div>
                {table(self.effects)}
                {self.warning.map(warning)}
                {counted}
                {self.further}
            </section>
        }
        .into_any()
    }
}

fn table(effects: Vec<Effect>) -> Option<AnyView> {
    if effects.is_empty() {
        return None;
    }
    let rows = effects.into_iter().map(Effect::view).collect_view();
    let table = view! {
        <table>
            <caption class="sr-only">"What is deleted"</caption>
            <thead class="sr-only">
                <tr>
                    <th scope="col">"What"</th>
                    <th scope="col">"Count"</th>
                    <th scope="col">"Effect"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    Some(table.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(effects: Vec<Effect>, warning: Option<&'static str>) -> String {
        let panel = Consequence::new(Severity::Warning, "triangle", "<b> is deleted", ());
        let panel = panel.effects(effects, Timestamp(0)).warning(warning);
        panel.view().to_html()
    }

    #[test]
    fn what_goes_is_counted_and_what_cannot_be_counted_says_so() {
        let html = panel(
            vec![
                Effect::counted("Tags", "3".to_owned(), "Deleted & gone"),
                Effect::not_visible("Channels", "This API cannot count them"),
            ],
            None,
        );
        assert!(
            html.contains(">3<") && html.contains("not visible"),
            "{html}"
        );
        assert!(html.contains("Deleted &amp; gone"), "{html}");
        assert!(html.contains("&lt;b&gt; is deleted"), "{html}");
        assert!(html.contains("Counted on 1 Jan 1970"), "{html}");
    }

    #[test]
    fn without_effects_there_is_no_table_and_a_warning_makes_it_grave() {
        let mild = panel(Vec::new(), None);
        assert!(!mild.contains("<table"), "{mild}");
        assert!(mild.contains("consequence-warn"), "{mild}");
        let grave = panel(Vec::new(), Some("This is the last one."));
        assert!(!grave.contains("consequence-warn"), "{grave}");
        assert!(grave.contains("This is the last one."), "{grave}");
    }
}
