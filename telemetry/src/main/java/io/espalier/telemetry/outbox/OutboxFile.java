package io.espalier.telemetry.outbox;

import io.espalier.configs.file.AtomicFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The file of an outbox held by term: a copy that replaces the previous holder's. That holder may
 * keep appending to its own file, which is no longer read. A second name, {@code
 * .events-TERM.jsonl}, allows restoring the copy after a late replacement by an earlier holder.
 */
final class OutboxFile {
  private static final Pattern OWN_NAME =
      Pattern.compile("\\.events-(\\d{1,18})\\.jsonl(\\.link)?");

  /** Files that each term has of its own, beside the outbox. */
  private static final List<String> PER_TERM =
      List.of("events.lock", "events.shipping", "events.offset");

  private final Path place;
  private final Path own;
  private final WriterEpoch epoch;

  private OutboxFile(Path runDirectory, WriterEpoch epoch) {
    this.place = runDirectory.resolve(Outbox.FILE_NAME);
    this.own = runDirectory.resolve(".events-%d.jsonl".formatted(epoch.term()));
    this.epoch = epoch;
  }

  static OutboxFile takeOver(Path runDirectory, WriterEpoch epoch) throws IOException {
    OutboxFile file = new OutboxFile(runDirectory, epoch);
    epoch.fence().run();
    file.removeOutlived();
    for (String name : PER_TERM) {
      epoch.forgetOutlived(runDirectory, name);
    }
    Files.deleteIfExists(file.own);
    if (Files.exists(file.place)) {
      Files.copy(file.place, file.own);
    } else {
      Files.createFile(file.own);
    }
    file.cutTornLine();
    epoch.fence().run();
    file.takePlace();
    return file;
  }

  void hold() throws IOException {
    epoch.fence().run();
    if (!Files.exists(place) || !Files.isSameFile(place, own)) {
      takePlace();
    }
  }

  /** Removes the second name; the place stays. */
  void release() throws IOException {
    Files.deleteIfExists(own);
  }

  private void takePlace() throws IOException {
    Path link = own.resolveSibling(own.getFileName() + ".link");
    Files.deleteIfExists(link);
    Files.createLink(link, own);
    Files.move(link, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    AtomicFile.forceDirectory(place.resolveSibling("."));
  }

  private void cutTornLine() throws IOException {
    try (var content = new RandomAccessFile(own.toFile(), "rw")) {
      long end = content.length();
      byte[] block = new byte[1 << 16];
      while (end > 0) {
        int count = (int) Math.min(block.length, end);
        content.seek(end - count);
        content.readFully(block, 0, count);
        int last = lastBreak(block, count);
        if (last >= 0) {
          end = end - count + last + 1;
          break;
        }
        end -= count;
      }
      content.setLength(end);
      content.getFD().sync();
    }
  }

  private static int lastBreak(byte[] block, int count) {
    int at = count - 1;
    while (at >= 0 && block[at] != '\n') {
      at--;
    }
    return at;
  }

  private void removeOutlived() throws IOException {
    try (Stream<Path> files = Files.list(own.resolveSibling("."))) {
      List<Path> outlived = files.filter(this::isOutlived).toList();
      for (Path file : outlived) {
        Files.deleteIfExists(file);
      }
    }
  }

  private boolean isOutlived(Path file) {
    Matcher name = OWN_NAME.matcher(String.valueOf(file.getFileName()));
    return name.matches() && Long.parseLong(name.group(1)) < epoch.term();
  }
}
