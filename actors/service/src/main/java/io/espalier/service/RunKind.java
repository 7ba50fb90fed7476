package io.espalier.service;

/** What kind of work a run is. */
public enum RunKind {
  /** Trainers on the service's own nodes. */
  TRAINING,
  /** Rounds of clients that keep their data. */
  FEDERATION
}
