package io.espalier.actors.service.lifecycle;

import java.util.Locale;

/** What somebody may ask of a run. */
public enum RunRequest {
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
