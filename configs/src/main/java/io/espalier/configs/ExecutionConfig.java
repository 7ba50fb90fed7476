package io.espalier.configs;

/** Says what computes the steps of a run. */
public enum ExecutionConfig {
  /** The tensor engine, with all weights. */
  ENGINE,
  /** Plain Java from the first step on. */
  JAVA,
  /** Plain Java from where it is not slower than the engine, by times measured at the start. */
  AUTO
}
