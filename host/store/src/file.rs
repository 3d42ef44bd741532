//! SQLite's file: whoever can read it reads every tenant.

use std::path::Path;

use crate::{Config, Database};

/// Makes it for its owner alone where it is absent, whatever the umask; SQLite gives its log and index the same mode. One
/// that is there keeps its own: a platform that reads it as another user of its group is the operator's choice. What
/// can't be made is for SQLite to complain of.
pub(crate) fn make_private(path: &Path) {
    // SQLite's own names for what is no file, and its addresses.
    let named =
        !path.as_os_str().is_empty() && !path.starts_with(":memory:") && !path.to_string_lossy().starts_with("file:");
    #[cfg(unix)]
    if named && !path.exists() {
        use std::fs::{OpenOptions, Permissions};
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
        file.and_then(|file| file.set_permissions(Permissions::from_mode(0o600))).ok();
    }
}

impl Config {
    /// The mode of SQLite's file where everybody on the machine can read or change it, as earlier versions made it.
    #[must_use]
    pub fn open_to_everybody(&self) -> Option<u32> {
        #[cfg(unix)]
        if let Database::Sqlite(path) = &self.database {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
            return (mode & 0o007 != 0).then_some(mode);
        }
        None
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::Store;
    use crate::platform::Platform;

    #[tokio::test]
    async fn is_made_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("linker.db");
        let path = folder.path().join("a link");
        std::os::unix::fs::symlink(&target, &path).unwrap();
        let config = Config::of_url(&format!("sqlite:{}", path.display())).unwrap();
        let store = Store::open(&config, Platform::default()).await.unwrap();
        store.create_account("one", false).await.unwrap();
        let modes = || {
            let files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
            let files: Vec<_> = files.filter(|file| *file != path).collect();
            files.into_iter().map(|file| fs::metadata(file).unwrap().permissions().mode() & 0o777).collect::<Vec<_>>()
        };
        assert_eq!(modes(), [0o600; 3], "the file, its log and its index");
        assert_eq!(config.open_to_everybody(), None);
        store.close().await.unwrap();
        // What an operator set stays.
        for (mode, open) in [(0o660, None), (0o644, Some(0o644))] {
            fs::set_permissions(&target, Permissions::from_mode(mode)).unwrap();
            let store = Store::open(&config, Platform::default()).await.unwrap();
            store.create_account("another", false).await.unwrap();
            assert_eq!((modes(), config.open_to_everybody()), (vec![mode; 3], open));
            store.close().await.unwrap();
        }
        make_private(Path::new(":memory:"));
        assert!(!Path::new(":memory:").exists());
    }
}
