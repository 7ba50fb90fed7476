package io.espalier.trainer.analysis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds what diagnostics found of a stored network.
 *
 * @param findings by the diagnostic's name, in order
 * @param skipped why others could not be asked, as sentences
 */
public record Analysis(Map<String, Finding> findings, Map<String, String> skipped) {
  public Analysis {
    findings = Collections.unmodifiableMap(new LinkedHashMap<>(findings));
    skipped = Collections.unmodifiableMap(new LinkedHashMap<>(skipped));
  }

  /** Asks those that read weights alone, and skips the others. */
  public static Analysis ofWeights(Path file, List<Diagnostic> asked, String reason)
      throws IOException {
    return of(file, asked, Optional.empty(), reason);
  }

  /**
   * Asks all that the network has no obstacle to.
   *
   * @param file of the network
   */
  public static Analysis of(Path file, List<Diagnostic> asked, AnalysedNetwork network)
      throws IOException {
    return of(file, asked, Optional.of(network), "");
  }

  private static Analysis of(
      Path file, List<Diagnostic> asked, Optional<AnalysedNetwork> network, String reason)
      throws IOException {
    Map<String, Finding> findings = new LinkedHashMap<>();
    Map<String, String> skipped = new LinkedHashMap<>();
    for (Diagnostic each : asked) {
      if (each instanceof WeightDiagnostic ofWeights) {
        findings.put(each.name(), ofWeights.find(new FileWeights(file)));
      } else if (each instanceof NetworkDiagnostic ofNetwork) {
        Optional<String> obstacle =
            network.isPresent() ? ofNetwork.obstacle(network.get()) : Optional.of(reason);
        if (obstacle.isPresent()) {
          skipped.put(each.name(), obstacle.get());
        } else {
          findings.put(each.name(), network.orElseThrow().ask(ofNetwork));
        }
      }
    }
    return new Analysis(findings, skipped);
  }
}
