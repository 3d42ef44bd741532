//! Answers out: to standard output, or to a file that is written whole or not at all.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::args::To;
use super::failure::Failure;
use super::text::words::thousands;

/// An answer in one of its forms.
pub(super) enum Answer {
    /// For a person: styled, and plain where it does not go to a terminal.
    Text(String),
    /// For a program: as it is.
    Data(String),
}

/// Columns for text: the terminal's up to 120, else 100.
pub(super) fn width(to: &To) -> usize {
    if let Some(width) = to.width {
        return usize::from(width);
    }
    let terminal = if to.output.is_none() { terminal_size::terminal_size_of(io::stdout()) } else { None };
    terminal.map_or(100, |(width, _)| usize::from(width.0).clamp(72, 120))
}

/// Hands the answer over.
pub(super) fn write(to: &To, answer: Answer) -> Result<(), Failure> {
    match (&to.output, answer) {
        (Some(path), Answer::Text(text)) => {
            write_file(path, anstream::adapter::strip_str(&text).to_string().as_bytes())
        }
        (Some(path), Answer::Data(data)) => write_file(path, data.as_bytes()),
        (None, Answer::Text(text)) => finish(anstream::stdout().lock(), text.as_bytes()),
        (None, Answer::Data(data)) => finish(io::stdout().lock(), data.as_bytes()),
    }
}

/// A reader that has seen enough closes the pipe, which is no fault of ours.
fn finish(mut out: impl Write, bytes: &[u8]) -> Result<(), Failure> {
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Stream { doing: "write to standard output", source: error })
        }
        _ => Ok(()),
    }
}

/// Bytes to standard output.
pub(super) fn write_stdout(bytes: &[u8]) -> Result<(), Failure> {
    finish(io::stdout().lock(), bytes)
}

/// The same, and says so.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    replace(path, bytes).map_err(|source| Failure::File { doing: "write", path: path.to_owned(), source })?;
    anstream::eprintln!("wrote {}, {} bytes", path.display(), thousands(bytes.len() as u64));
    Ok(())
}

/// Writes a file, whole or not at all.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Through a link to the file it names; into a device or a pipe as it is.
    let path = match fs::canonicalize(path) {
        Ok(path) if !path.is_file() => return fs::write(path, bytes),
        Ok(path) => path,
        Err(_) => path.to_owned(),
    };
    let partial = partial(&path).ok_or(ErrorKind::InvalidInput)?;
    let written = write_new(&partial, &path, bytes).and_then(|()| fs::rename(&partial, &path));
    if written.is_err() {
        fs::remove_file(&partial).ok();
    }
    written
}

/// Whether [`replace`] would get through: to be asked before a long run, not after it.
pub(super) fn can_replace(path: &Path) -> Result<(), Failure> {
    if fs::canonicalize(path).is_ok_and(|path| !path.is_file()) {
        return Ok(());
    }
    let Some(partial) = fs::canonicalize(path).ok().as_deref().or(Some(path)).and_then(partial) else {
        return Err(Failure::Usage(format!("`{}` is not the name of a file", path.display())));
    };
    let made = fs::File::create_new(&partial).and_then(|_| fs::remove_file(&partial));
    made.map_err(|source| Failure::File { doing: "write", path: path.to_owned(), source })
}

/// Keeps other processes of ours from what they would do to files in the same folder, for as long as it is held. Where
/// folders can't be locked there is nothing to hold.
pub(super) fn alone(path: &Path) -> Option<fs::File> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder).ok().filter(|folder| folder.lock().is_ok())
}

/// In the same folder, so that the rename stays on one disk.
fn partial(path: &Path) -> Option<PathBuf> {
    let mut name = path.file_name()?.to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    Some(path.with_file_name(name))
}

fn write_new(partial: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create_new(partial)?;
    if let Ok(before) = fs::metadata(path) {
        file.set_permissions(before.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}
