package io.espalier.service.run;

import java.util.Locale;

/** What users ask of a run. Names are stored: none may change. */
public enum RunAction {
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
