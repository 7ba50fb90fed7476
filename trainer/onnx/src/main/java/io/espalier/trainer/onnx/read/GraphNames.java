package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Network;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  /** Where to go on with the numbers of names that are taken. */
  private final Map<String, Integer> numbers = new HashMap<>();

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
    int end = name.length();
    for (int length = endingOf(name, end); length > 0; length = endingOf(name, end)) {
      end -= length;
    }
    return name.substring(0, end);
  }

  /** The length of an ending of the first {@code end} characters; 0 if they have none. */
  private static int endingOf(String name, int end) {
    return ENDINGS.stream()
        .filter(each -> end > each.length() && name.startsWith(each, end - each.length()))
        .findFirst()
        .map(String::length)
        .orElse(0);
  }

  private static String cleaned(String name) {
    String cleaned =
        name.replace('/', '.').replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("^[.-]+|[.]+$", "");
    return cleaned.isEmpty() ? "node" : cleaned.substring(0, Math.min(LONGEST, cleaned.length()));
  }

  private String free(String wanted) {
    String name = wanted;
    int number = numbers.getOrDefault(wanted, 2);
    while (!taken.add(name)) {
      name = wanted + "_" + number++;
    }
    numbers.put(wanted, number);
    return name;
  }
}
