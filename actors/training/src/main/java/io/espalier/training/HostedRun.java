package io.espalier.training;

import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A run whose trainers other nodes may host; all nodes share its {@code directory}. */
public record HostedRun(String run, String directory, Fingerprint fingerprint) {
  /**
   * Must be equal on two nodes for equal bits: SHA-256 of the resolved recipe's text and of the
   * data, digest of the network's parameters, version of the program.
   */
  public record Fingerprint(String recipe, String data, String layout, String code) {
    public static Fingerprint of(PreparedRun run, String recipeText) {
      return new Fingerprint(
          Sha256.ofText(recipeText),
          run.dataset().digest(),
          run.layout().digest(),
          CodeVersion.current());
    }

    /** The message of what differs on a node that has {@code other}. */
    Optional<String> differenceTo(Fingerprint other) {
      List<String> differences = new ArrayList<>();
      compare("recipe", recipe, other.recipe, differences);
      compare("data", data, other.data, differences);
      compare("network", layout, other.layout, differences);
      compare("code", code, other.code, differences);
      return differences.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "all nodes of a run must have the same recipe, data, network and code: "
                  + String.join(", ", differences));
    }

    private static void compare(String what, String own, String other, List<String> differences) {
      if (!own.equals(other)) {
        differences.add("%s=%s, here=%s".formatted(what, own, other));
      }
    }
  }
}
