package io.espalier.federation.server;

/** When a {@link RoundController} has something to do next. */
sealed interface Due {
  /** After that time, unless a message comes before. */
  record Later(long milliseconds) implements Due {}

  record Nothing() implements Due {}

  record Finished() implements Due {}
}
