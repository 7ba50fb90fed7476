package io.espalier.service;

public enum RunKind {
  /** Trainers on the service's own nodes. */
  TRAINING,
  /** Rounds of clients that keep their data. */
  FEDERATION
}
