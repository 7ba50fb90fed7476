package io.espalier.federation.server;

import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.UploadHeader;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules for the form of clients' messages: short, and of printable characters. */
final class MessageRules {
  private static final int LARGEST = 2048;
  private static final int LONGEST_SOFTWARE = 100;
  private static final Pattern ROUND = Pattern.compile("[!-~]{0,32}");
  private static final Pattern LAYOUT = Pattern.compile("[!-~]{0,64}");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private MessageRules() {}

  /** Returns the rule that a message breaks. */
  public static Optional<String> broken(FromClient message) {
    if (message.getSerializedSize() > LARGEST) {
      return Optional.of(
          "a message must be short: most=%d, bytes=%d"
              .formatted(LARGEST, message.getSerializedSize()));
    }
    return switch (message.getMessageCase()) {
      case HELLO -> brokenBySoftware(message.getHello().getSoftware());
      case PROGRESS -> brokenByRound(message.getProgress().getRound());
      case FAILED -> brokenByRound(message.getFailed().getRound());
      case READY -> brokenByMasks(message.getReady().getMaskDigest());
      case MESSAGE_NOT_SET -> Optional.of("a message must be of a known kind");
    };
  }

  public static Optional<String> broken(UploadHeader header) {
    if (header.getSerializedSize() > LARGEST) {
      return Optional.of(
          "a header must be short: most=%d, bytes=%d"
              .formatted(LARGEST, header.getSerializedSize()));
    }
    if (!DIGEST.matcher(header.getDigest()).matches() || header.getBytes() <= 0) {
      return Optional.of(
          "an upload must name SHA-256 in hexadecimal and bytes: digest=%.64s, bytes=%s"
              .formatted(header.getDigest(), Long.toUnsignedString(header.getBytes())));
    }
    if (!LAYOUT.matcher(header.getLayoutDigest()).matches()) {
      return Optional.of(
          "a layout's digest must have up to 64 characters of ASCII: layout_digest=%.64s"
              .formatted(header.getLayoutDigest()));
    }
    return brokenByRound(header.getRound());
  }

  /** Clients of before the field leave it empty. */
  private static Optional<String> brokenByMasks(String digest) {
    return digest.isEmpty() || DIGEST.matcher(digest).matches()
        ? Optional.empty()
        : Optional.of(
            "masks must be named by their SHA-256 in hexadecimal: mask_digest=%.64s"
                .formatted(digest));
  }

  private static Optional<String> brokenByRound(String round) {
    return ROUND.matcher(round).matches()
        ? Optional.empty()
        : Optional.of(
            "a round must have up to 32 characters of ASCII: round=%.32s".formatted(round));
  }

  private static Optional<String> brokenBySoftware(String software) {
    return software.length() <= LONGEST_SOFTWARE
        ? Optional.empty()
        : Optional.of(
            "software must be named in few characters: most=%d, characters=%d"
                .formatted(LONGEST_SOFTWARE, software.length()));
  }
}
