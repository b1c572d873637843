//! Files and folders that only their owner reads: recordings and keys of people stand in them.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::Path;

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// Makes a folder and those above it; the last of them is private.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, FOLDER_MODE);
    builder.create(path)
}

/// Writes a file that nobody else reads, whole or not at all.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    let draft = path.with_extension("new");
    let mut options = fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, FILE_MODE);
    let mut file = options.open(&draft)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(draft, path)
}

/// Takes a file or a folder, with all that is in it, away from everybody but its owner. Links are not
/// followed.
pub(crate) fn repair(path: &Path) -> io::Result<()> {
    let metadata = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        metadata => metadata?,
    };
    if metadata.is_dir() {
        set_mode(path, &metadata, FOLDER_MODE)?;
        for entry in fs::read_dir(path)? {
            repair(&entry?.path())?;
        }
    } else if metadata.is_file() {
        set_mode(path, &metadata, FILE_MODE)?;
    }
    Ok(())
}

/// Makes a folder itself private, and leaves what is in it.
pub(crate) fn repair_folder(path: &Path) -> io::Result<()> {
    set_mode(path, &fs::metadata(path)?, FOLDER_MODE)
}

#[cfg(unix)]
fn set_mode(path: &Path, metadata: &fs::Metadata, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    match metadata.permissions().mode() & 0o777 {
        as_it_should_be if as_it_should_be == mode => Ok(()),
        _ => fs::set_permissions(path, fs::Permissions::from_mode(mode)),
    }
}

/// Elsewhere a folder of the user is private by the system's own rules.
#[cfg(not(unix))]
fn set_mode(_: &Path, _: &fs::Metadata, _: u32) -> io::Result<()> {
    Ok(())
}
