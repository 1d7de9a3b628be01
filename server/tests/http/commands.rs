//! The program itself: what it prints, how it ends, what it keeps.

use axum::http::{Method, StatusCode};

use crate::support::{Dashboard, PASSWORD, carillon, credentials, instance_fields, run, said};

#[tokio::test]
async fn the_first_operator_is_made_by_the_link_that_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let mut dashboard = Dashboard::start(folder.path());
    let link = dashboard.lines.next().unwrap().unwrap();
    let start = format!(
        "set up the first operator at http://{}",
        dashboard.browser.address
    );
    let page = link.strip_prefix(&start).unwrap();
    let token = page.strip_prefix("/setup?token=").unwrap();
    let form = [
        ("page", page),
        ("token", token),
        ("username", "ann"),
        ("new_password", PASSWORD),
    ];

    let shown = dashboard.browser.get(page).await;
    let done = dashboard.browser.post("/api/session/setup", &form).await;
    let again = dashboard.browser.post("/api/session/setup", &form).await;

    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(done.location(), "/");
    assert!(again.location().starts_with(page), "a link works once");
    assert_eq!(dashboard.browser.get("/").await.status, StatusCode::OK);
    dashboard.stop();
}

#[tokio::test]
async fn the_password_of_a_scripted_start_makes_the_first_operator_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    let other = "seven bells for the late watch";
    let mut statuses = Vec::new();
    for given in [PASSWORD, other] {
        std::fs::write(&file, given).unwrap();
        let options = ["--admin-password-file", file.to_str().unwrap()];
        let dashboard = Dashboard::start_with(folder.path(), &options);
        for password in [PASSWORD, other] {
            let form = credentials("admin", password);
            let answer = dashboard.browser.call("/api/session/sign-in", &form).await;
            statuses.push((given == password, password, answer.status));
        }
        dashboard.stop();
    }

    let (right, wrong) = (StatusCode::OK, StatusCode::UNAUTHORIZED);
    let expected = [
        (true, PASSWORD, right),
        (false, other, wrong),
        (false, PASSWORD, right),
        (true, other, wrong),
    ];
    assert_eq!(statuses, expected);
    let listed = run(folder.path(), &["operator", "list"], "");
    assert_eq!(said(&listed.stdout).lines().count(), 1);
}

#[tokio::test]
async fn a_terminal_that_goes_away_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let dashboard = Dashboard::start(folder.path());
    let emulate = ["emulate", "--listen", "127.0.0.1:0", "--in-memory"];
    let emulator = Dashboard::of_emulator(carillon(folder.path(), &emulate));
    for (program, path) in [(dashboard, "/livez"), (emulator, "/_emulator/health")] {
        for _ in 0..3 {
            program.signal("HUP");
            assert_eq!(program.browser.get(path).await.status, StatusCode::OK);
        }
        program.stop();
    }
}

#[tokio::test]
async fn an_emulator_answers_to_the_name_that_other_containers_have_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let options = [
        "emulate",
        "--listen",
        "127.0.0.1:0",
        "--in-memory",
        "--also-known-as",
        "aws",
    ];
    let emulator = Dashboard::of_emulator(carillon(folder.path(), &options));
    let status = async |host, path| {
        let headers = [("host", host)];
        let answer = emulator.browser.send(Method::GET, path, &headers, "").await;
        (answer.status, answer.text().contains("other names"))
    };
    // A signature is missing, but the name is not refused.
    let calls = status("aws:8790", "/app-instances").await;
    assert_eq!(calls, (StatusCode::FORBIDDEN, false));
    let foreign = status("aws.evil.example", "/app-instances").await;
    assert_eq!(foreign, (StatusCode::FORBIDDEN, true));
    // What needs no signature is for programs of this machine.
    let control = status("aws:8790", "/_emulator/health").await;
    assert_eq!(control.0, StatusCode::FORBIDDEN);
    let local = status("localhost", "/_emulator/health").await;
    assert_eq!(local.0, StatusCode::OK);
    emulator.stop();
}

#[tokio::test]
async fn data_and_sessions_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["operator", "add", "ann", "--role", "operator"];
    let added = run(folder.path(), &add, PASSWORD);
    assert_eq!(said(&added.stdout), "added ann as Operator");
    let dashboard = Dashboard::start(folder.path());
    let form = crate::support::credentials("ann", PASSWORD);
    dashboard
        .browser
        .post("/api/session/sign-in", &form)
        .await
        .location();
    let cookies = dashboard.browser.cookies().unwrap();
    let form = instance_fields("t-1", "Kept instance");
    dashboard
        .browser
        .post("/api/app-instances/create", &form)
        .await
        .location();
    dashboard.stop();

    let dashboard = Dashboard::start(folder.path());
    let headers = [("cookie", &*cookies)];
    let list = "/embedded/us-east-1/app-instances";
    let list = dashboard
        .browser
        .send(axum::http::Method::GET, list, &headers, "")
        .await;

    assert_eq!(list.status, StatusCode::OK);
    assert!(list.text().contains("Kept instance"));
    dashboard.stop();
    let verified = run(folder.path(), &["audit", "verify"], "");
    assert!(verified.status.success());
    assert!(said(&verified.stdout).starts_with("the audit is intact"));
}

#[test]
fn a_demonstration_is_made_once_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        let mut dashboard = Dashboard::start_with(folder.path(), &["--demo"]);
        let said = dashboard.lines.next().unwrap().unwrap();
        dashboard.stop();
        said
    };

    let (first, second) = (start(), start());

    assert!(first.starts_with("made up 7 AppInstances with "), "{first}");
    assert_eq!(
        second,
        "the embedded emulator holds data already; --demo left it as it is"
    );
}

#[test]
fn operators_are_kept_from_the_shell() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    let run = |arguments: &[&str], input| run(folder.path(), arguments, input);

    let add = [
        "operator",
        "add",
        "ann",
        "--role",
        "Admin",
        "--password-file",
        file.to_str().unwrap(),
    ];
    assert_eq!(said(&run(&add, "").stdout), "added ann as Admin");
    assert_eq!(
        said(&run(&add, "").stderr),
        "carillon: there is an operator ann already"
    );
    let short = run(&["operator", "add", "bob"], "short\n");
    assert!(!short.status.success());
    assert_eq!(
        said(&short.stderr),
        "carillon: Password: Use at least 8 characters."
    );
    run(&["operator", "add", "bob"], PASSWORD);
    assert_eq!(
        said(&run(&["operator", "set-role", "bob", "operator"], "").stdout),
        "bob is now Operator"
    );
    let last = run(&["operator", "disable", "ann"], "");
    assert_eq!(
        said(&last.stderr),
        "carillon: this is the last Admin; make another one first"
    );
    run(&["operator", "disable", "bob"], "");
    let listed = run(&["operator", "list"], "");
    let lines: Vec<_> = said(&listed.stdout).lines().collect();
    assert_eq!(lines[0], "ann\tAdmin\tnever signed in");
    assert!(lines[1].starts_with("bob\tOperator\tdisabled since"));
    let missing = run(&["operator", "reset-password", "eve"], PASSWORD);
    assert_eq!(said(&missing.stderr), "carillon: there is no operator eve");
}

#[test]
fn the_shell_asks_for_as_good_a_password_as_the_browser() {
    const LEAKED: &str = "seven bells for the late watch";
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], input| run(folder.path(), arguments, input);
    let lists = folder.path().join("lists");
    std::fs::create_dir(&lists).unwrap();
    // The SHA-1 of it, as the lists of Pwned Passwords have it.
    let line = "80DC67643743730CFD20940A667BEC3925E:3\r\n";
    std::fs::write(lists.join("F7DA2.txt"), line).unwrap();
    let lists = lists.to_str().unwrap();

    for (password, told) in [
        ("password1", "This password is easy to guess."),
        ("late bells for bob", "Leave your username"),
        (LEAKED, "This password is in a list of leaked ones."),
    ] {
        let add = ["operator", "add", "bob", "--leaked-passwords", lists];
        let refused = run(&add, password);
        assert!(!refused.status.success(), "{password}");
        let said = said(&refused.stderr);
        assert!(said.contains(told), "{said}");
    }
    let file = folder.path().join("password");
    std::fs::write(&file, "password1").unwrap();
    let first = ["serve", "--listen", "127.0.0.1:0", "--admin-password-file"];
    let weak = run(&[&first[..], &[file.to_str().unwrap()]].concat(), "");
    assert!(!weak.status.success());
    let told = said(&weak.stderr);
    assert!(told.contains("the first operator was not added"), "{told}");

    std::fs::write(&file, LEAKED).unwrap();
    let with_lists = [file.to_str().unwrap(), "--leaked-passwords", lists];
    let leaked = run(&[&first[..], &with_lists].concat(), "");
    assert!(!leaked.status.success());
    let told = said(&leaked.stderr);
    assert!(told.contains("in a list of leaked ones"), "{told}");

    let missing = folder.path().join("missing");
    let missing = ["serve", "--leaked-passwords", missing.to_str().unwrap()];
    let missing = run(&missing, "");
    assert!(!missing.status.success());
    let told = said(&missing.stderr);
    assert!(told.contains("the folder of leaked passwords"), "{told}");
    assert!(told.contains("is not there"), "{told}");
}

#[tokio::test]
async fn the_console_knows_the_leaked_passwords_that_it_is_given() {
    const LEAKED: &str = "seven bells for the late watch";
    let folder = tempfile::tempdir().unwrap();
    let line = "80DC67643743730CFD20940A667BEC3925E:3\r\n";
    std::fs::write(folder.path().join("F7DA2"), line).unwrap();
    let data = folder.path().join("data");
    let lists = ["--leaked-passwords", folder.path().to_str().unwrap()];
    let mut dashboard = Dashboard::start_with(&data, &lists);
    let line = dashboard.lines.next().unwrap().unwrap();
    let (_, token) = line.split_once("/setup?token=").unwrap();

    let form = [
        ("token", token),
        ("username", "ann"),
        ("new_password", LEAKED),
    ];
    let refused = dashboard.browser.call("/api/session/setup", &form).await;

    let problem = &refused.failure().field_problems()[0].problem.clone();
    assert_eq!(problem, &domain::Problem::LeakedPassword);
    dashboard.stop();
}

#[test]
fn what_a_role_covers_is_changed_from_the_shell() {
    const CHAT: &str = "arn:aws:chime:us-east-1:123456789012:app-instance/chat";
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], input| run(folder.path(), arguments, input);
    run(&["operator", "add", "ann", "--role", "Admin"], PASSWORD);

    let add = ["operator", "add", "bob", "--scope", "aws", "--scope", CHAT];
    let added = run(&add, PASSWORD);
    let told = format!("added bob as Viewer limited to aws, {CHAT}");
    assert_eq!(said(&added.stdout), told);
    let set = run(&["operator", "set-scope", "bob", "aws/eu-central-1"], "");
    let told = "the role of bob is now limited to aws/eu-central-1";
    assert_eq!(said(&set.stdout), told);
    let listed = run(&["operator", "list"], "");
    let lines: Vec<_> = said(&listed.stdout).lines().collect();
    let told = "bob\tViewer\tnever signed in\tlimited to aws/eu-central-1";
    assert_eq!(lines, ["ann\tAdmin\tnever signed in", told]);

    let last = run(&["operator", "set-scope", "ann", "aws"], "");
    let told = "carillon: this is the last Admin; make another one first";
    assert_eq!(said(&last.stderr), told);
    for wrong in [
        &["operator", "set-scope", "bob"][..],
        &["operator", "set-scope", "bob", "Not one"],
        &["operator", "set-scope", "bob", "aws", "--everything"],
        &["operator", "add", "eve", "--scope", "aws/mars-1"],
    ] {
        assert!(!run(wrong, PASSWORD).status.success(), "{wrong:?}");
    }
    let everything = run(&["operator", "set-scope", "bob", "--everything"], "");
    let told = "the role of bob covers everything now";
    assert_eq!(said(&everything.stdout), told);
    let listed = run(&["operator", "list"], "");
    assert!(said(&listed.stdout).ends_with("bob\tViewer\tnever signed in"));
    assert!(run(&["audit", "verify"], "").status.success());
}

#[test]
fn commands_at_the_same_moment_do_not_hinder_each_other() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["operator", "list"], "");
    for _ in 0..10 {
        std::thread::scope(|scope| {
            let list = || run(folder.path(), &["operator", "list"], "");
            let commands = [(); 8].map(|()| scope.spawn(list));
            for command in commands {
                let output = command.join().unwrap();
                assert!(output.status.success(), "{}", said(&output.stderr));
            }
        });
    }
}

#[test]
fn a_start_that_cannot_work_says_why_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let damaged = folder.path().join("damaged.sqlite3");
    std::fs::write(
        &damaged,
        "this is not a database at all, it only looks like a file",
    )
    .unwrap();
    let damaged = format!("sqlite:{}", damaged.display());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let file = file.to_str().unwrap();
    for (arguments, sentence) in [
        (&["serve", "--listen", &*taken][..], "cannot listen on"),
        (&["serve", "--listen", "0.0.0.0:0"], "refusing to listen on"),
        (
            &["serve", "--listen", "127.0.0.1:0", "--data-dir", file],
            "cannot be written to",
        ),
        (
            &[
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--database-url",
                &damaged,
            ],
            "is damaged",
        ),
        (
            &[
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--database-url",
                "mysql://x",
            ],
            "must start with sqlite:",
        ),
        (
            &["serve", "--endpoint-url", "http://127.0.0.1:1"],
            "is for --backend aws",
        ),
        (
            &["serve", "--demo", "--backend", "aws"],
            "--demo is for --backend embedded; an AWS account is never filled with made-up data",
        ),
        (
            &["audit", "verify", "--database-url", &damaged],
            "is damaged",
        ),
    ] {
        let output = run(folder.path(), arguments, "");

        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(output.stdout.is_empty());
        let told = said(&output.stderr);
        assert!(
            told.starts_with("carillon: ") && told.contains(sentence),
            "{told}"
        );
        assert_eq!(told.lines().count(), 1, "{told}");
    }
}
