package io.espalier.trainer.analysis;

/** A question about a stored network that figures answer. A member is one class and one line. */
public sealed interface Diagnostic permits WeightDiagnostic, NetworkDiagnostic {
  /** By which it is chosen, such as {@code ece}. */
  String name();

  /** Says what it measures and reads, in a sentence. */
  String summary();
}
