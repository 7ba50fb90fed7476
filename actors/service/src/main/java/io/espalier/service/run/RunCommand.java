package io.espalier.service.run;

import java.util.Locale;

/** What somebody may ask of a run. */
public enum RunCommand {
  PAUSE,
  RESUME,
  CANCEL,
  CHECKPOINT,
  DELETE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
