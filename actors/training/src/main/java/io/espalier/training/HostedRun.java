package io.espalier.training;

import io.espalier.configs.ExecutionConfig;
import io.espalier.trainer.execution.BackEnd;
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
   * data, digest of the network's parameters, version of the program, revision of the arithmetic of
   * plain Java.
   */
  public record Fingerprint(
      String recipe, String data, String layout, String code, int arithmetic) {
    public static Fingerprint of(PreparedRun run, String recipeText) {
      return new Fingerprint(
          Sha256.ofText(recipeText),
          run.dataset().digest(),
          run.layout().digest(),
          CodeVersion.current(),
          run.config().train().compute().execution() == ExecutionConfig.ENGINE
              ? BackEnd.FIRST_ARITHMETIC
              : run.arithmetic());
    }

    /** The message of what differs on a node that has {@code other}. */
    Optional<String> differenceTo(Fingerprint other) {
      List<String> differences = new ArrayList<>();
      compare("recipe", recipe, other.recipe, differences);
      compare("data", data, other.data, differences);
      compare("network", layout, other.layout, differences);
      compare("code", code, other.code, differences);
      compare("arithmetic of plain Java", arithmetic, other.arithmetic, differences);
      return differences.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "all nodes of a run must have the same recipe, data, network, code and arithmetic: "
                  + String.join(", ", differences));
    }

    private static void compare(String what, Object own, Object other, List<String> differences) {
      if (!own.equals(other)) {
        differences.add("%s=%s, here=%s".formatted(what, own, other));
      }
    }
  }
}
