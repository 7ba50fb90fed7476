package io.espalier.configs;

/** Says what computes the steps of a run. */
public enum ExecutionConfig {
  /** The tensor engine, with all weights. */
  ENGINE,
  /** Plain Java, with kept weights only, from the first step on. */
  SPARSE,
  /** The engine until kept weights only are cheaper, by times that are measured at the start. */
  AUTO
}
