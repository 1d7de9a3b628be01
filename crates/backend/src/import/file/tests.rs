//! What is read of good files. What is said of bad ones is in `bad`, what becomes of rows in `rows`.

mod bad;
mod rows;

use domain::import::{Fault, Separator};

use super::*;

type Outcome = (Vec<RawRow>, Result<Heading, FileProblem>);

/// Reads a file whose pieces end at these places.
fn read_in_pieces(limits: Limits, file: &[u8], ends: &[usize]) -> Outcome {
    let mut reader = Reader::new(limits);
    let mut rows = Vec::new();
    let mut from = 0;
    for end in ends.iter().copied().chain([file.len()]) {
        let end = end.clamp(from, file.len());
        if let Err(problem) = reader.feed(&file[from..end], &mut rows) {
            assert_eq!(reader.feed(b"a", &mut rows), Err(problem.clone()));
            return (rows, Err(problem));
        }
        from = end;
    }
    let result = reader.finish(&mut rows);
    (rows, result)
}

/// Reads a file as one piece, and byte by byte, which makes no difference.
fn read(file: impl AsRef<[u8]>) -> Outcome {
    read_with(Limits::default(), file)
}

fn read_with(limits: Limits, file: impl AsRef<[u8]>) -> Outcome {
    let file = file.as_ref();
    let whole = read_in_pieces(limits, file, &[]);
    let every: Vec<_> = (0..file.len()).collect();
    assert_eq!(read_in_pieces(limits, file, &every), whole);
    whole
}

fn problem(file: impl AsRef<[u8]>) -> FileProblem {
    read(file).1.unwrap_err()
}

type Good = (Format, Vec<String>, Vec<(u64, Vec<String>)>);

/// The format, the columns, and each row with its line, of a file without a problem.
fn good(file: impl AsRef<[u8]>) -> Good {
    let (rows, heading) = read(file);
    let heading = heading.unwrap();
    assert!(rows.iter().all(|row| row.fault.is_none()), "{rows:?}");
    let rows = rows.into_iter().map(|row| (row.line, row.cells));
    (heading.format, heading.columns, rows.collect())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

const COMMA: Format = Format::Csv {
    separator: Separator::Comma,
};

#[test]
fn the_separator_is_found_by_itself() {
    for (file, separator) in [
        ("user_id,name\na,b\n", Separator::Comma),
        ("user_id;name\na;b\n", Separator::Semicolon),
        ("user_id\tname\na\tb\n", Separator::Tab),
        ("\"user;_,id\",\"na;;;me\"\na,b\n", Separator::Comma),
        ("user_id\na\n", Separator::Comma),
    ] {
        let (format, columns, rows) = good(file);
        assert_eq!(format, Format::Csv { separator }, "{file}");
        assert_eq!(columns.len(), rows[0].1.len());
    }
}

#[test]
fn marks_line_breaks_and_blank_lines_make_no_difference() {
    let rows = [(2, texts(&["a", "b"])), (3, texts(&["c", "d"]))];
    for file in [
        "id,name\na,b\nc,d\n",
        "id,name\r\na,b\r\nc,d\r\n",
        "id,name\ra,b\rc,d",
        "\u{feff}id,name\na,b\nc,d",
        "\u{feff}\"id\",\"name\"\n\"a\",b\nc,\"d\"\n,\n\n",
    ] {
        let read = good(file);
        let rows = rows.to_vec();
        assert_eq!(read, (COMMA, texts(&["id", "name"]), rows), "{file:?}");
    }
    let (_, _, rows) = good("\n \r\n\nid,name\n\r\na,b\r,\n\nc,d");
    assert_eq!(rows, [(6, texts(&["a", "b"])), (9, texts(&["c", "d"]))]);
}

#[test]
fn a_quoted_cell_can_have_everything() {
    let (_, _, rows) = good("id,metadata\r\na,\"x\r\n\"\"y\"\",z\"\r\nb,\"\"\r\n");
    assert_eq!(
        rows,
        [(2, texts(&["a", "x\r\n\"y\",z"])), (4, texts(&["b", ""]))]
    );
}

#[test]
fn a_row_may_have_another_number_of_cells() {
    let (_, _, rows) = good("id,name\na\nb,c,d\n");
    let counts: Vec<_> = rows.iter().map(|(_, cells)| cells.len()).collect();
    assert_eq!(counts, [1, 3]);
    let wide = format!("id,name\na{}\n", ",".repeat(5000));
    assert_eq!(good(wide).2[0].1.len(), 101);
}

#[test]
fn the_heading_is_known_before_the_first_row() {
    let mut reader = Reader::new(Limits::default());
    let mut rows = Vec::new();
    reader.feed(b"user_id,na", &mut rows).unwrap();
    assert_eq!(reader.heading(), None);
    reader.feed(b"me\n", &mut rows).unwrap();
    assert_eq!(reader.heading().unwrap().columns, ["user_id", "name"]);
    assert_eq!(rows, []);
}

#[test]
fn objects_are_rows_by_the_members_of_the_first() {
    let file = r#"
{"user_id": "a", "name": "Ä\n", "n": 12, "m": -3, "none": null, "tags": {"team": "x", "b": null}}

  {"tags": {"b": "y"}, "user_id": "b"}
"#;
    let (format, columns, rows) = good(file);
    assert_eq!(format, Format::JsonLines);
    assert_eq!(
        columns,
        ["user_id", "name", "n", "m", "none", "tag:team", "tag:b"]
    );
    assert_eq!(
        rows,
        [
            (2, texts(&["a", "Ä\n", "12", "-3", "", "x", ""])),
            (4, texts(&["b", "", "", "", "", "", "y"])),
        ]
    );
}

#[test]
fn an_object_that_cannot_be_a_row_is_a_problem_of_that_row() {
    for (object, fault) in [
        (
            r#"{"id": "b", "email": "x"}"#,
            Fault::unknown_member("email"),
        ),
        (r#"{"id": "b", "id": "c"}"#, Fault::same_member("id")),
        (r#"{"id": 1.5}"#, Fault::not_text("id")),
        (r#"{"id": 1e3}"#, Fault::not_text("id")),
        (
            r#"{"id": 123456789012345678901234567890}"#,
            Fault::not_text("id"),
        ),
        (r#"{"id": true}"#, Fault::not_text("id")),
        (r#"{"id": ["b", {}]}"#, Fault::not_text("id")),
        (r#"{"id": {"b": {}}}"#, Fault::not_text("id")),
        (r#"{"tags": {"k": {}}}"#, Fault::not_text("tag:k")),
        (r#"{"id": "b""#, Fault::NotJson),
        (r#"{"id": "b"} {"id": "c"}"#, Fault::NotJson),
        ("[]", Fault::NotJson),
        ("b,c", Fault::NotJson),
    ] {
        let file = format!("{{\"id\": \"a\", \"tags\": {{\"k\": \"v\"}}}}\r{object}\n");
        let (rows, heading) = read(file);
        assert!(heading.is_ok());
        assert_eq!(rows.len(), 2);
        assert_eq!(
            (rows[1].line, rows[1].fault.clone()),
            (2, Some(fault)),
            "{object}"
        );
    }
}
