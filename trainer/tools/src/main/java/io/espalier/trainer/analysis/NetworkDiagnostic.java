package io.espalier.trainer.analysis;

import java.util.Optional;

/** A diagnostic that runs the network on data. It leaves the network as it was. */
public non-sealed interface NetworkDiagnostic extends Diagnostic {
  /** Why it cannot be asked of this network, as a sentence; empty if it can. */
  default Optional<String> obstacle(AnalysedNetwork network) {
    return Optional.empty();
  }

  Finding find(AnalysedNetwork network);
}
