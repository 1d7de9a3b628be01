//! What becomes of rows that were written here, and that pieces make no difference.

use domain::arn::AppInstanceArn;
use domain::import::{BadRows, Kind, Mapping, RowProblem, Wanted, template};
use domain::spreadsheet;
use proptest::prelude::*;

use super::*;

#[test]
fn every_template_is_a_file_without_a_problem() {
    let instance = "arn:aws:chime:us-east-1:123456789012:app-instance/one";
    let instance: AppInstanceArn = instance.parse().unwrap();
    for kind in Kind::ALL {
        let (rows, heading) = read(template(*kind));
        let mapping = Mapping::found(*kind, &heading.unwrap().columns).unwrap();
        assert_eq!(mapping.problems(), []);
        let wanted: Vec<_> = rows
            .iter()
            .map(|row| mapping.check(row, &instance))
            .collect();
        assert!(matches!(wanted.as_slice(), [Ok(_)]), "{wanted:?}");
    }
}

#[test]
fn refused_rows_are_a_file_that_can_be_mended_and_read_again() {
    let (rows, heading) = read("id;name\n =1 ;\"a;\nb\"\n-;c\n");
    let columns = heading.unwrap().columns;
    let file = BadRows::new(columns);
    let problem = RowProblem::from(Fault::SpaceAround);
    let written: String = rows
        .iter()
        .map(|row| file.row(row, std::slice::from_ref(&problem)))
        .collect();

    let (again, heading) = read(file.heading() + &written);

    assert_eq!(heading.unwrap().columns, ["id", "name", "problem"]);
    for (row, again) in rows.iter().zip(again) {
        assert_eq!(row.cells, again.cells[..2]);
        assert!(again.cells[2].starts_with(&format!("Line {}: ", row.line)));
    }
}

#[test]
fn names_that_look_like_formulas_come_back_as_they_were() {
    let names = [
        "=cmd()", "'=cmd()", "+1", "-", "@a", "'tis", "''", "\t=1", "\n",
    ];
    let written: String = names
        .iter()
        .map(|name| spreadsheet::row(["a", name]))
        .collect();
    let (_, _, rows) = good(format!("user_id,name\n{written}"));
    for (name, (_, cells)) in names.iter().zip(rows) {
        assert_eq!(cells[1], *name);
    }
}

#[test]
fn a_whole_row_becomes_a_user() {
    let (rows, heading) = read("User ID;Display name;tag:Team;expires_days\nalice;'=A;x;never\n");
    let mapping = Mapping::found(Kind::Users, &heading.unwrap().columns).unwrap();
    let instance = "arn:aws:chime:us-east-1:123456789012:app-instance/one";
    let wanted = mapping.check(&rows[0], &instance.parse().unwrap()).unwrap();
    let Wanted::User { name, tags, .. } = wanted else {
        panic!("{wanted:?}");
    };
    assert_eq!(name.unwrap().as_str(), "=A");
    assert_eq!(tags.len(), 1);
}

/// Files that have something of everything, most of them bad somewhere.
fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => "[a-c,;\t\"\r\n' =]{0,12}".prop_map(String::into_bytes),
        2 => Just(b"\r\n".to_vec()),
        2 => Just(b"\"x,\r\n\"\"y\",".to_vec()),
        2 => Just("é🚀".as_bytes().to_vec()),
        1 => Just(b"{\"a\":\"b\",\"tags\":{\"c\":1}}\n".to_vec()),
        1 => Just(b"xxxxxxxxxxxxxxxxxxxxxxxxx".to_vec()),
        1 => Just(b"\xc3".to_vec()),
        1 => Just(b"\0".to_vec()),
        1 => Just(b"\xef\xbb\xbf".to_vec()),
    ];
    let start = prop::sample::select(vec![
        &b""[..],
        b"\xef\xbb\xbfid,name\r\n",
        b"id;name\n",
        b"{\"a\":\"b\"}\r",
        b" \n\r\n",
        b"PK\x03",
    ]);
    let rest = prop::collection::vec(piece, 0..20);
    (start, rest).prop_map(|(start, rest)| [start, &rest.concat()].concat())
}

proptest! {
    #[test]
    fn pieces_make_no_difference(
        file in any_file(),
        mut ends in prop::collection::vec(0_usize..200, 0..12),
        is_small in any::<bool>(),
    ) {
        ends.sort_unstable();
        let small = Limits { bytes: 120, rows: 4, columns: 6, cell_bytes: 24, row_bytes: 60 };
        let limits = if is_small { small } else { Limits::default() };
        let whole = read_in_pieces(limits, &file, &[]);
        prop_assert_eq!(&read_in_pieces(limits, &file, &ends), &whole);
        let every: Vec<_> = (0..file.len()).collect();
        prop_assert_eq!(&read_in_pieces(limits, &file, &every), &whole);
    }

    #[test]
    fn what_an_export_writes_comes_back(
        cells in prop::collection::vec("['=+,;\"\r\n\tx＝]{0,8}|[^\0]{0,12}", 3),
    ) {
        let cells = [cells, vec!["x".to_owned()]].concat();
        let row = spreadsheet::row(cells.iter().map(String::as_str));
        let (_, _, rows) = good(format!("a,b,c,d\n{row}"));
        prop_assert_eq!(&rows[0].1, &cells);
    }
}
