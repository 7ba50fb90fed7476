package io.espalier.trainer.data.image;

import java.io.IOException;

/** A file is no image that can be read; the message is a rule that begins with "must". */
public final class UnreadableImageException extends IOException {
  UnreadableImageException(String rule) {
    super(rule);
  }

  UnreadableImageException(String rule, Throwable cause) {
    super(rule, cause);
  }

  public String rule() {
    return String.valueOf(getMessage());
  }
}
