package io.espalier.trainer.stream;

/** A record holds no example. */
final class MalformedRecordException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MOST_SHOWN = 40;

  private final String reason;

  MalformedRecordException(String reason) {
    super(reason);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }

  static void require(boolean holds, String reason) throws MalformedRecordException {
    if (!holds) {
      throw new MalformedRecordException(reason);
    }
  }

  /** A text of a record, short and printable. */
  static String shown(String text) {
    String printable = text.replaceAll("[^\\p{Print}]+", " ");
    return printable.length() <= MOST_SHOWN ? printable : printable.substring(0, MOST_SHOWN) + "…";
  }
}
