//! `igny8-linker`.

fn main() -> std::process::ExitCode {
    igny8_linker::cli::run()
}
