package io.espalier.service.data;

import io.espalier.configs.Rules;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The bytes that data sets may have: the limits of the service, and the disk's. Thread-safe. */
public final class DataRoom {
  private static final long GIGABYTE = 1_000_000_000;

  private final Path directory;
  private final Limits limits;
  private final DataRegister register;
  private long arriving;

  /** Bytes of one data set, and of all together. */
  public record Limits(long each, long all) {
    public static final Limits DEFAULT = new Limits(10 * GIGABYTE, 50 * GIGABYTE);

    public Limits {
      new Rules()
          .require("each", each, each >= 1, "1 or more")
          .require("all", all, all >= 1, "1 or more")
          .verify();
    }
  }

  /** The bytes of one upload that arrives. */
  final class Share implements AutoCloseable {
    private final long stored;
    private long bytes;

    private Share(long stored) {
      this.stored = stored;
    }

    /** Adds bytes, or refuses them. */
    void take(long more) {
      synchronized (DataRoom.this) {
        require(stored, bytes + more, more);
        arriving += more;
        bytes += more;
      }
    }

    @Override
    public void close() {
      synchronized (DataRoom.this) {
        arriving -= bytes;
      }
    }
  }

  /** Writes to the data directory. */
  interface Writing<T> {
    T write() throws IOException;
  }

  DataRoom(Path directory, Limits limits, DataRegister register) {
    this.directory = directory;
    this.limits = limits;
    this.register = register;
  }

  /** Begins an upload, if there is room for as much as its client announces. */
  Share share(OptionalLong announced) throws IOException {
    long stored = register.bytes();
    long bytes = announced.orElse(0);
    synchronized (this) {
      require(stored, bytes, bytes);
    }
    long free = Files.getFileStore(directory).getUsableSpace();
    if (bytes > free) {
      throw noRoom("bytes=%,d, free on the disk=%,d".formatted(bytes, free));
    }
    return new Share(stored);
  }

  private void require(long stored, long bytes, long more) {
    if (bytes > limits.each()) {
      throw new RefusedRequestException(
          Reason.TOO_LARGE,
          "a data set must have at most %,d bytes: bytes=%,d or more; nothing of it is kept; send less, or serve with more --upload-limit"
              .formatted(limits.each(), bytes));
    }
    if (stored + arriving + more > limits.all()) {
      throw new RefusedRequestException(
          Reason.NO_ROOM,
          "all data sets must have at most %,d bytes: stored=%,d, arriving=%,d or more; nothing of the upload is kept; delete data sets, or serve with more --data-limit"
              .formatted(limits.all(), stored, arriving + more));
    }
  }

  /** A failure to write, such as a full disk, is a refusal. */
  <T> T writable(Writing<T> writing) throws IOException {
    try {
      return writing.write();
    } catch (IOException e) {
      throw noRoom("cause=" + e);
    }
  }

  private RefusedRequestException noRoom(String found) {
    return new RefusedRequestException(
        Reason.NO_ROOM,
        "the service's data directory must be writable and have room: directory=%s, %s; nothing of the upload is kept; make room on its disk"
            .formatted(directory, found));
  }
}
