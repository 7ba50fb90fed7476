package io.espalier.trainer.execution;

/** The ways to compute. */
public enum Execution {
  /** On the tensor engine, with all weights. */
  ENGINE("the engine", "espalier-engine"),
  /** In plain Java, with kept weights only. */
  JAVA("kept weights", "espalier-sparse");

  private final String what;
  private final String module;

  Execution(String what, String module) {
    this.what = what;
    this.module = module;
  }

  /** Says what computes. */
  public String what() {
    return what;
  }

  /** The artifact that provides it. */
  public String module() {
    return module;
  }
}
