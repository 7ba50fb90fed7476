package io.espalier.trainer.execution;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The ways to compute. */
public enum Execution {
  /** On the tensor engine, with all weights. */
  ENGINE("engine", "the engine", "espalier-engine"),
  /** In plain Java, at the cost of what is kept. */
  @JsonProperty("SPARSE")
  JAVA("sparse", "kept weights", "espalier-sparse");

  private final String stored;
  private final String what;
  private final String module;

  Execution(String stored, String what, String module) {
    this.stored = stored;
    this.what = what;
    this.module = module;
  }

  /** The name in events and summaries, which is that of earlier versions, as on the wire. */
  public String stored() {
    return stored;
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
