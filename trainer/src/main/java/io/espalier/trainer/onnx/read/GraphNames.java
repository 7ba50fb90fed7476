package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Network;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Names of nodes from names of the graph, with characters that globs match. A layer with weights is
 * named after its weight, without a suffix such as {@code .weight}.
 */
final class GraphNames {
  private static final int LONGEST = 200;
  private static final List<String> ENDINGS =
      List.of(
          ":0",
          "/ReadVariableOp",
          "/Conv2D",
          "/MatMul",
          "/FusedBatchNormV3",
          "/Conv",
          "/Gemm",
          "/BatchNormalization",
          "/GroupNormalization",
          "/InstanceNormalization",
          "/LayerNormalization",
          "/depthwise",
          ".weight",
          "_weight",
          "/weight",
          "/kernel",
          ".kernel",
          "/gamma",
          ".gamma",
          ".scale",
          ".w",
          "_w");

  private final Set<String> taken = new HashSet<>(Set.of(Network.INPUT));

  public String of(String operation) {
    return free(cleaned(operation));
  }

  public String of(Optional<String> weight, String operation) {
    return free(cleaned(stripped(weight.filter(GraphNames::says).orElse(operation))));
  }

  /** Returns whether a name is more than an exporter's counter. */
  public static boolean says(String name) {
    return !name.startsWith("onnx::") && !name.matches("\\d+");
  }

  private static String stripped(String name) {
    String rest = name;
    for (Optional<String> ending = ending(rest); ending.isPresent(); ending = ending(rest)) {
      rest = rest.substring(0, rest.length() - ending.get().length());
    }
    return rest;
  }

  private static Optional<String> ending(String name) {
    return ENDINGS.stream()
        .filter(each -> name.endsWith(each) && name.length() > each.length())
        .findFirst();
  }

  private static String cleaned(String name) {
    String cleaned =
        name.replace('/', '.').replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("^[.-]+|[.]+$", "");
    return cleaned.isEmpty() ? "node" : cleaned.substring(0, Math.min(LONGEST, cleaned.length()));
  }

  private String free(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }
}
