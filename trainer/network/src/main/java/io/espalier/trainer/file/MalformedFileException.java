package io.espalier.trainer.file;

import java.io.IOException;
import java.nio.file.Path;

/** A file breaks a rule of its format; the message names the file, the rule and the value. */
public final class MalformedFileException extends IOException {
  public MalformedFileException(Path file, String rule) {
    super(file + ": " + rule);
  }

  public MalformedFileException(Path file, String rule, Exception cause) {
    super(file + ": " + rule, cause);
  }
}
