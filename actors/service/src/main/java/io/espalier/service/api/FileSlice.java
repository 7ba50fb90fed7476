package io.espalier.service.api;

import akka.Done;
import akka.NotUsed;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A part of an open file that is read piece by piece. Not thread-safe. */
final class FileSlice {
  private static final int PIECE_BYTES = 1 << 16;

  private final FileChannel channel;
  private final long end;
  private long position;

  private FileSlice(FileChannel channel, long from, long end) {
    this.channel = channel;
    this.position = from;
    this.end = end;
  }

  /**
   * The bytes of a file; it is open from the first piece that is asked for until the last one, or
   * until nobody asks any more.
   *
   * @param from offset of the first byte
   * @param end offset just after the last one; the source fails if the file ends before
   */
  static Source<ByteString, NotUsed> source(Path file, long from, long end, Executor threads) {
    return Source.unfoldResourceAsync(
        () -> CompletableFuture.supplyAsync(() -> open(file, from, end), threads),
        slice -> CompletableFuture.supplyAsync(slice::next, threads),
        slice -> slice.close(threads));
  }

  private static FileSlice open(Path file, long from, long end) {
    try {
      return new FileSlice(FileChannel.open(file, StandardOpenOption.READ), from, end);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<ByteString> next() {
    if (position >= end) {
      return Optional.empty();
    }
    var piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, end - position));
    try {
      int bytes = channel.read(piece, position);
      if (bytes <= 0) {
        throw new EOFException("a file must not shrink while it is sent: position=" + position);
      }
      position += bytes;
      return Optional.of(ByteString.fromArrayUnsafe(piece.array(), 0, bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CompletionStage<Done> close(Executor threads) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            channel.close();
            return Done.getInstance();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        threads);
  }
}
