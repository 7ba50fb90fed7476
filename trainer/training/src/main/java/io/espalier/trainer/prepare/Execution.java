package io.espalier.trainer.prepare;

/** The ways to compute. */
public enum Execution {
  /** On the tensor engine, with all weights. */
  ENGINE,
  /** In plain Java, with kept weights only. */
  SPARSE
}
