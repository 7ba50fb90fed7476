package io.espalier.service.client;

import java.util.Locale;

/** What can be asked of a run. */
public enum RunAction {
  PAUSE,
  RESUME,
  CANCEL,
  CHECKPOINT;

  /** As the API spells it. */
  String path() {
    return name().toLowerCase(Locale.ROOT);
  }
}
