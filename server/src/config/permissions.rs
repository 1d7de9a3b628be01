//! Who else on this machine may read or change the files that the program uses.

use std::path::Path;

use anyhow::ensure;

/// Keeps the files that this process makes private, whatever umask it was started with.
pub fn keep_new_files_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Looks at a file that decides who gets in, and refuses one that every user can change. `what`
/// says which file it is.
pub fn check(what: &'static str, file: &Path) -> anyhow::Result<()> {
    ensure!(
        mode(file).is_none_or(|mode| mode & 0o002 == 0),
        "the {what} {} can be changed by every user of this machine (chmod o-w)",
        file.display()
    );
    Ok(())
}

/// The same as [`check`], for a file that holds a secret: warns when others can read or change it.
pub fn check_secret(what: &'static str, file: &Path) -> anyhow::Result<()> {
    check(what, file)?;
    if let Some(mode) = mode(file).filter(|mode| mode & 0o077 != 0) {
        tracing::warn!(
            mode = format!("{:03o}", mode & 0o777),
            "other users of this machine may read the {what} (chmod go-rwx)"
        );
    }
    Ok(())
}

/// Looks at the data folder, which may have been there before, and takes the files in it back from
/// all other users.
pub fn check_folder(folder: &Path) {
    if mode(folder).is_some_and(|mode| mode & 0o077 != 0) {
        let mode = mode(folder).map(|mode| format!("{:03o}", mode & 0o777));
        tracing::warn!(
            mode,
            "other users of this machine may look into the data folder (chmod 700)"
        );
    }
    for folder in [folder.to_owned(), folder.join("emulator")] {
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        for file in files {
            take_back(&file.path());
        }
    }
}

/// The databases are the program's own: nobody else has a reason to read them.
fn take_back(file: &Path) {
    let name = file.file_name().and_then(|name| name.to_str());
    let is_database = name.is_some_and(|name| name.contains(".sqlite3") || name.contains(".db"));
    let is_open = mode(file).is_some_and(|mode| mode & 0o077 != 0);
    if !is_database || !is_open {
        return;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let private = std::fs::Permissions::from_mode(0o600);
        if std::fs::set_permissions(file, private).is_ok() {
            tracing::warn!(
                "a database file was open to other users of this machine; now it is not"
            );
        } else {
            tracing::warn!("a database file is open to other users of this machine (chmod 600)");
        }
    }
}

/// The mode bits of a file or folder. `None` for anything else, and on systems without them.
fn mode(path: &Path) -> Option<u32> {
    let found = std::fs::metadata(path).ok()?;
    if !found.is_file() && !found.is_dir() {
        return None;
    }
    #[cfg(unix)]
    return Some(std::os::unix::fs::PermissionsExt::mode(
        &found.permissions(),
    ));
    #[cfg(not(unix))]
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_that_every_user_can_change_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key.pem");
        fs::write(&file, "secret").unwrap();
        let checked = |mode| {
            fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            check_secret("key file", &file).map_err(|error| error.to_string())
        };
        for mode in [0o600, 0o400, 0o640, 0o644] {
            assert!(checked(mode).is_ok(), "{mode:o}");
        }
        for mode in [0o666, 0o602, 0o777] {
            let refused = checked(mode).unwrap_err();
            assert!(
                refused.contains("can be changed by every user"),
                "{refused}"
            );
        }
        assert!(
            check_secret("key file", Path::new("/dev/null")).is_ok(),
            "no file"
        );
    }

    #[test]
    fn databases_in_an_open_folder_are_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("emulator")).unwrap();
        let files = [
            "carillon.sqlite3",
            "carillon.sqlite3-wal",
            "emulator/emulator.sqlite3",
            "notes.txt",
        ]
        .map(|name| folder.path().join(name));
        for file in &files {
            fs::write(file, "").unwrap();
            fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();
        }

        check_folder(folder.path());

        let modes = files.map(|file| fs::metadata(file).unwrap().permissions().mode() & 0o777);
        assert_eq!(modes, [0o600, 0o600, 0o600, 0o644]);
    }
}
