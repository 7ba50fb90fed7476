package io.espalier.service.data;

import io.espalier.configs.Rules;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RefusedRequestException.Reason;
import io.espalier.service.Submitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** The bytes that data sets may have: the limits of the service, and the disk's. Thread-safe. */
public final class DataRoom {
  private static final long GIGABYTE = 1_000_000_000;

  private final Path directory;
  private final Limits limits;
  private final DataRegister register;
  private final Set<Share> shares = new HashSet<>();
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
    private final Submitter submitter;
    private final List<DataQuota> quotas;
    private long bytes;

    private Share(long stored, Submitter submitter, List<DataQuota> quotas) {
      this.stored = stored;
      this.submitter = submitter;
      this.quotas = quotas;
      shares.add(this);
    }

    /** Adds bytes, or refuses them. */
    void take(long more) {
      synchronized (DataRoom.this) {
        require(stored, bytes + more, more);
        requireQuotas(quotas, more);
        arriving += more;
        bytes += more;
      }
    }

    /** Refuses the bytes if other uploads have filled a quota meanwhile. */
    void requireRoomStill() throws IOException {
      List<DataQuota> now = DataQuota.of(submitter, register);
      synchronized (DataRoom.this) {
        requireQuotas(now, 0);
      }
    }

    @Override
    public void close() {
      synchronized (DataRoom.this) {
        arriving -= bytes;
        shares.remove(this);
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
  Share share(OptionalLong announced, Submitter submitter) throws IOException {
    long stored = register.bytes();
    List<DataQuota> quotas = DataQuota.of(submitter, register);
    long bytes = announced.orElse(0);
    synchronized (this) {
      require(stored, bytes, bytes);
      requireQuotas(quotas, bytes);
    }
    long free = Files.getFileStore(directory).getUsableSpace();
    if (bytes > free) {
      throw noRoom("bytes=%,d, free on the disk=%,d".formatted(bytes, free));
    }
    synchronized (this) {
      return new Share(stored, submitter, quotas);
    }
  }

  /** Uploads to this node that arrive count too. */
  private void requireQuotas(List<DataQuota> quotas, long more) {
    for (DataQuota quota : quotas) {
      long arrivingOfHolder =
          shares.stream()
              .filter(share -> share.quotas.stream().anyMatch(quota::isSameHolder))
              .mapToLong(share -> share.bytes)
              .sum();
      quota.require(arrivingOfHolder + more);
    }
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
