package io.espalier.service.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file (Fielding, Nottingham and Reschke, RFC 9110, 2022).
 *
 * @param from offset of its first byte
 * @param end offset just after its last one; not above {@code from} if the file has no such part
 */
record ByteRange(long from, long end) {
  private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /** The part that a header asks for; empty for several, or none that is understood: send all. */
  static Optional<ByteRange> parse(String header, long bytes) {
    Matcher range = ONE.matcher(header.strip());
    if (!range.matches() || header.strip().equals("bytes=-")) {
      return Optional.empty();
    }
    String first = range.group(1);
    String last = range.group(2);
    if (first.isEmpty()) {
      return Optional.of(new ByteRange(Math.max(0, bytes - Long.parseLong(last)), bytes));
    }
    long end = last.isEmpty() ? bytes : Math.min(bytes, Long.parseLong(last) + 1);
    return Optional.of(new ByteRange(Long.parseLong(first), end));
  }

  boolean isEmpty() {
    return end <= from;
  }

  /** As the header Content-Range has it. */
  String of(long bytes) {
    return "bytes %d-%d/%d".formatted(from, end - 1, bytes);
  }
}
