//! Each rule on a few lines that break it and a few that only look so.

use super::check;

/// The lines of a text that break a rule at this path.
fn lines(path: &str, text: &str) -> Vec<usize> {
    check(path, text)
        .into_iter()
        .map(|finding| finding.line)
        .collect()
}

/// Each of these breaks a rule below the explanation of a module.
#[track_caller]
fn assert_found(path: &str, code: &[&str]) {
    for code in code {
        let text = format!("//! A.\n{code}\n");
        assert_eq!(lines(path, &text), [2], "{code}");
    }
}

/// None of these does.
#[track_caller]
fn assert_allowed(path: &str, code: &[&str]) {
    for code in code {
        let text = format!("//! A.\n{code}\n");
        assert_eq!(lines(path, &text), [0; 0], "{code}");
    }
}

#[test]
fn a_feature_belongs_on_a_module_of_the_app_root() {
    let text = "//! App.\n#[cfg(feature = \"ssr\")]\npub mod request;\n";

    assert_eq!(lines("app/src/lib.rs", text), [0; 0]);
    assert_eq!(lines("app/src/pages/list.rs", text), [2]);
}

#[test]
fn a_feature_on_anything_but_a_module_is_found() {
    for item in ["use std::fmt;", "fn main() {}", "let x = 1;"] {
        let text = format!("//! App.\n#[cfg(feature = \"ssr\")]\n#[allow(dead_code)]\n{item}\n");
        assert_eq!(lines("app/src/lib.rs", &text), [2], "{item}");
    }
    let inside = "//! App.\nfn f() { if cfg!(feature = \"ssr\") {} }\n";
    assert_eq!(lines("app/src/lib.rs", inside), [2]);
}

#[test]
fn tests_of_a_page_may_ask_for_the_server() {
    let text = "//! Page.\n#[cfg(all(test, feature = \"ssr\"))]\nmod tests {}\n";

    assert_eq!(lines("app/src/pages/list.rs", text), [0; 0]);
}

#[test]
fn other_crates_may_use_features_as_they_like() {
    assert_eq!(
        lines(
            "server/src/main.rs",
            "//! Main.\nfn f() { cfg!(feature = \"x\"); }\n"
        ),
        [0; 0]
    );
}

#[test]
fn a_text_area_is_raw_in_its_component_only() {
    let text = "//! Form.\nview! { <textarea name=\"metadata\"></textarea> }\n";

    assert_eq!(lines("app/src/pages/edit.rs", text), [2]);
    assert_eq!(lines("app/src/text_area.rs", text), [0; 0]);
}

#[test]
fn an_inline_style_is_found_however_it_is_written() {
    let found = [
        "<p style=\"color: red\">",
        "<p style=move || style()>",
        "<p style:width=\"1px\">",
    ];
    assert_found("app/src/a.rs", &found);
    let allowed = [
        "struct A { style: Style }",
        "<p data-style=\"x\">",
        "let style = 1;",
    ];
    assert_allowed("app/src/a.rs", &allowed);
}

#[test]
fn a_span_skips_all_arguments() {
    let found = [
        "#[instrument]\nfn f() {}",
        "#[tracing::instrument(skip(password))]\nfn f() {}",
    ];
    assert_found("server/src/a.rs", &found);
    let allowed = [
        "#[instrument(skip_all)]\nfn f() {}",
        "#[instrument(\n    skip_all,\n    fields(a = 1),\n)]\nfn f() {}",
    ];
    assert_allowed("server/src/a.rs", &allowed);
}

#[test]
fn unfinished_work_is_found() {
    let found = ["todo!()", "unimplemented!(\"later\")", "// FIXME: wrong"];
    assert_found("server/src/a.rs", &found);
}

#[test]
fn a_file_has_400_lines_at_most_unless_it_is_an_integration_test() {
    let full = format!("//! A.\n{}", "\n".repeat(399));
    let over = format!("//! A.\n{}", "\n".repeat(400));

    assert_eq!(lines("server/src/a.rs", &full), [0; 0]);
    assert_eq!(lines("server/src/a.rs", &over), [401]);
    assert_eq!(lines("server/tests/a.rs", &over), [0; 0]);
}

#[test]
fn a_module_starts_with_its_explanation() {
    assert_eq!(lines("crates/domain/src/arn.rs", "use std::fmt;\n"), [1]);
    assert_eq!(lines("crates/domain/src/arn.rs", "//! ARNs.\n"), [0; 0]);
    assert_eq!(lines("style/main.css", "body {}\n"), [0; 0]);
}

#[test]
fn a_path_of_one_machine_is_found_and_a_path_that_ends_alike_is_not() {
    for line in ["cd /work/main", "`/root/.cargo`", "path=\"/work/x\""] {
        assert_eq!(lines("README.md", line), [1], "{line}");
    }
    for line in [
        "https://example.com/work/here",
        "target/work/x",
        "~/work/carillon",
    ] {
        assert_eq!(lines("README.md", line), [0; 0], "{line}");
    }
}

#[test]
fn a_test_that_is_left_out_is_found_in_every_language() {
    assert_eq!(
        lines("server/src/a.rs", "//! A.\n#[ignore = \"slow\"]\n"),
        [2]
    );
    assert_eq!(
        lines("end2end/journeys/a.spec.ts", "test.skip('a', () => {});"),
        [1]
    );
    assert_eq!(
        lines("end2end/journeys/a.spec.ts", "test.fixme('a', () => {});"),
        [1]
    );
    assert_eq!(
        lines("end2end/contract/test_a.py", "@pytest.mark.xfail"),
        [1]
    );
}

#[test]
fn an_iterator_may_skip() {
    assert_eq!(
        lines("server/src/a.rs", "//! A.\nlet b = a.skip(1);\n"),
        [0; 0]
    );
}

#[test]
fn a_sentence_that_reads_oddly_is_found_where_pages_have_their_words() {
    for words in [
        "Everything done to it",
        "If it stays, ask.",
        "Signed in nowhere",
    ] {
        let text = format!("//! Page.\nconst TOLD: &str = \"{words}\";\n// {words}\n");
        assert_eq!(lines("app/src/audit.rs", &text), [2], "{words}");
        assert_eq!(lines("crates/domain/src/x.rs", &text), [2], "{words}");
        assert_eq!(lines("server/src/x.rs", &text), [0; 0], "{words}");
    }
}

#[test]
fn a_comment_or_a_document_about_whoever_is_found() {
    let found = ["/// Whoever asks.", "    // For whoever asks, `a` and `b`."];
    assert_found("server/src/a.rs", &found);
    assert_eq!(lines("README.md", "# A\n- WHOEVER asks\n"), [2]);
}

#[test]
fn the_word_may_be_code_or_what_a_program_says() {
    let allowed = [
        "let told = \"whoever asks\";",
        "fn whoever_asks_is_told() {}",
        "// As `whoever` is.",
        "// See whoever_asks_is_told.",
    ];
    assert_allowed("server/src/a.rs", &allowed);
    let cited = "| told | `a.rs::whoever_asks_is_told` |";
    assert_eq!(lines("docs/SECURITY.md", cited), [0; 0]);
    assert_eq!(lines("a.css", "/* whoever */"), [0; 0]);
}
