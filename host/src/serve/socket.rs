//! A client's socket, which says when it was used and gives up on a client that doesn't read.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::seats::Seat;

/// For how long an answer may stand still. What the system holds back of it is little ([`super::connections::listen`]), and
/// it takes more only when a third of that has gone: who reads less than 3 KiB a second stands still as well.
pub(super) const UNREAD: Duration = Duration::from_secs(30);

/// Fails a write that stood still for too long.
pub(super) struct Socket {
    stream: TcpStream,
    seat: Arc<Seat>,
    patience: Duration,
    /// Runs while a write waits.
    unread: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, seat: Arc<Seat>, patience: Duration) -> Self {
        Self { stream, seat, patience, unread: None }
    }

    fn written(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.unread = None;
            self.seat.touch();
            return written;
        }
        let unread = self.unread.get_or_insert_with(|| Box::pin(sleep(self.patience)));
        ready!(unread.as_mut().poll(context));
        // What the system holds for this client goes with the connection.
        self.stream.set_zero_linger().ok();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, into);
        if read.is_ready() {
            self.seat.touch();
        }
        read
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.written(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::super::connections::listen;
    use super::super::seats::Seats;
    use super::*;

    /// A socket of ours and its client's.
    async fn pair(patience: Duration) -> (Socket, TcpStream) {
        let listener = listen(([127, 0, 0, 1], 0).into()).expect("a port");
        let client = TcpStream::connect(listener.local_addr().expect("bound")).await.expect("it answers");
        let (stream, _) = listener.accept().await.expect("a client");
        let seat = Arc::clone(&Seats::new(1).take(0).await.seat);
        (Socket::new(stream, seat, patience), client)
    }

    #[tokio::test]
    async fn who_does_not_read_is_cut_off() {
        let (mut socket, mut client) = pair(Duration::from_millis(200)).await;
        let error = socket.write_all(&[0; 64 << 20]).await.expect_err("nobody reads");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(socket);
        let mut rest = Vec::new();
        let error = client.read_to_end(&mut rest).await.expect_err("the answer was cut, it did not end");
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    }

    #[tokio::test]
    async fn who_reads_slowly_is_not() {
        let (mut socket, mut client) = pair(Duration::from_secs(2)).await;
        let reading = tokio::spawn(async move {
            let (mut some, mut read) = (vec![0; 1 << 20], 0);
            while read < 40 << 20 {
                // Several times the patience in all.
                tokio::time::sleep(Duration::from_millis(100)).await;
                read += client.read(&mut some).await.expect("bytes");
            }
        });
        socket.write_all(&[0; 40 << 20]).await.expect("it is read");
        reading.await.expect("all of it");
    }
}
