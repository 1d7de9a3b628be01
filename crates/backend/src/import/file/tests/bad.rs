//! What is said of each file that cannot be read.

use domain::import::Binary;

use super::*;

#[test]
fn a_file_of_nothing_or_of_a_heading_alone_says_so() {
    for nothing in ["", " ", "\n\r\n  \n", "\u{feff}", "\u{feff}\n", ",,,\n"] {
        assert_eq!(problem(nothing), FileProblem::Empty, "{nothing:?}");
    }
    for heading in ["user_id,name", "user_id,name\n\n", "user_id\r\n,\n"] {
        assert_eq!(problem(heading), FileProblem::OnlyHeading, "{heading:?}");
    }
}

#[test]
fn a_file_that_is_no_text_in_utf8_is_told_for_what_it_is() {
    let wide = |order: fn(u16) -> [u8; 2], text: &str| {
        text.encode_utf16().flat_map(order).collect::<Vec<u8>>()
    };
    for file in [
        wide(u16::to_le_bytes, "\u{feff}user_id\na\n"),
        wide(u16::to_be_bytes, "\u{feff}Ж\n"),
        wide(u16::to_le_bytes, "user_id\na\n"),
        wide(u16::to_be_bytes, "user_id\na\n"),
        wide(u16::to_le_bytes, "ab"),
    ] {
        assert_eq!(problem(file), FileProblem::Utf16);
    }
    for file in [
        &b"PK\x03\x04\x14\0\x06\0"[..],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ] {
        assert_eq!(problem(file), FileProblem::Spreadsheet);
    }
    for (file, what) in [
        (&b"\x89PNG\r\n\x1a\n\0\0"[..], Binary::Image),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", Binary::Image),
        (b"GIF89a\x01\0", Binary::Image),
        (b"%PDF-1.7\n", Binary::Pdf),
        (b"\x1f\x8b\x08\0", Binary::Compressed),
    ] {
        assert_eq!(problem(file), FileProblem::NotText { what });
    }
}

#[test]
fn bytes_that_are_no_utf8_and_null_characters_are_told_by_their_line() {
    let line = 3;
    let wrong = FileProblem::NotUtf8 { line };
    assert_eq!(problem(b"id,name\na,b\nc,Andr\xe9\n"), wrong);
    assert_eq!(problem(b"id,name\na,\"b\r\nAndr\xe9\"\n"), wrong);
    assert_eq!(problem(b"{\"id\":\"a\"}\n\n{\"id\":\"\xe9\"}"), wrong);
    assert_eq!(problem(b"id\na\n\xc3"), wrong);

    let nul = FileProblem::Nul { line };
    assert_eq!(problem("id,name\na,b\nc,\0\n"), nul);
    assert_eq!(problem("{\"id\":\"a\"}\r\n\r\n{\"id\":\"\0\"}"), nul);
    assert_eq!(problem("\n\nuser\0_id"), nul);
}

#[test]
fn a_quote_that_never_closes_is_told_by_the_line_where_it_opens() {
    let open = |line| FileProblem::OpenQuote { line };
    assert_eq!(problem("id,name\na,b\nc,\"d\ne,f\n"), open(3));
    assert_eq!(problem("id,name\na,\"b\n\",\"c\n"), open(3));
    assert_eq!(problem("\"id,name\na,b\n"), open(1));
    assert_eq!(problem("id\n\""), open(2));
    assert!(read("id,name\na,\"b\"").1.is_ok());
    assert!(read("id,name\na,5\" wide").1.is_ok());
}

#[test]
fn a_long_cell_is_refused_before_it_is_read_to_its_end() {
    let mut reader = Reader::new(Limits::default());
    let mut rows = Vec::new();
    reader.feed(b"id,metadata\na,\"", &mut rows).unwrap();
    let fed = (1..=80).find(|_| reader.feed(&[b'x'; 1024], &mut rows).is_err());
    assert_eq!(fed, Some(65));
    let (line, max) = (2, 64 * 1024);
    let long = FileProblem::LongCell { line, max };
    assert_eq!(reader.finish(&mut rows), Err(long));

    let whole = |length| format!("id\n{}", "x".repeat(length));
    let read = |length| read_in_pieces(Limits::default(), whole(length).as_bytes(), &[]).1;
    assert!(read(64 * 1024).is_ok());
    assert_eq!(
        read(64 * 1024 + 1),
        Err(FileProblem::LongCell { line, max })
    );
}

#[test]
fn long_first_lines_long_rows_and_long_members_are_refused() {
    let small = Limits {
        cell_bytes: 20,
        row_bytes: 60,
        ..Limits::default()
    };
    let problem = |file: &str| read_with(small, file).1.unwrap_err();
    let long_cell = |line| FileProblem::LongCell { line, max: 20 };
    let long_row = |line| FileProblem::LongRow { line, max: 60 };
    assert_eq!(problem(&"x".repeat(100)), long_cell(1));
    assert_eq!(problem(&format!("\n\"{}", "x\n".repeat(50))), long_cell(2));
    let cells = ["x".repeat(15).as_str()].repeat(5).join(",");
    assert_eq!(problem(&format!("id,name\n{cells}\n")), long_row(2));
    assert_eq!(problem(&format!("id\n{}\n", ",".repeat(100))), long_row(2));
    let object = |length| format!("{{\"id\":\"a\"}}\n{{\"id\":\"{}\"}}", "x".repeat(length));
    assert!(read_with(small, object(20)).1.is_ok());
    assert_eq!(problem(&object(21)), long_cell(2));
    assert_eq!(problem(&object(100)), long_row(2));
}

#[test]
fn too_many_columns_and_columns_of_one_name_are_refused() {
    let heading = |count: usize| {
        let names: Vec<_> = (0..count).map(|at| format!("c{at}")).collect();
        names.join(",") + "\na\n"
    };
    assert!(read(heading(100)).1.is_ok());
    let many = FileProblem::ManyColumns { max: 100 };
    assert_eq!(problem(heading(101)), many);
    let members: Vec<_> = (0..101).map(|at| format!("\"c{at}\":1")).collect();
    assert_eq!(problem(format!("{{{}}}\n", members.join(","))), many);

    let same = FileProblem::same_column("name");
    assert_eq!(problem("name,id,name\na,b,c\n"), same);
    assert_eq!(problem(r#"{"name":1,"name":2}"#), same);
    let tag = FileProblem::same_column("tag:a");
    assert_eq!(problem(r#"{"tag:a":1,"tags":{"a":2}}"#), tag);
    assert!(read("id,,\na,,\n").1.is_ok());
}

#[test]
fn too_many_rows_and_bytes_are_refused_when_they_come() {
    let small = Limits {
        rows: 2,
        bytes: 30,
        ..Limits::default()
    };
    assert!(read_with(small, "id\na\nb\n").1.is_ok());
    let (rows, result) = read_with(small, "id\na\nb\nc\n");
    assert_eq!(result, Err(FileProblem::ManyRows { max: 2 }));
    assert_eq!(rows.len(), 2);
    let blank = format!("id\na\n{}", "\n".repeat(25));
    assert!(read_with(small, &blank).1.is_ok());
    let (rows, result) = read_with(small, blank + "\n");
    assert_eq!(result, Err(FileProblem::Large { max: 30 }));
    assert_eq!(rows.len(), 1);
}

#[test]
fn json_that_is_not_one_object_a_line_says_how_to_write_it() {
    assert_eq!(problem("[{\"id\":1},\n{\"id\":2}]"), FileProblem::JsonList);
    let line = 2;
    let not_one = FileProblem::NotJsonLine { line };
    assert_eq!(problem("\n{\n  \"id\": 1\n}\n"), not_one);
}
