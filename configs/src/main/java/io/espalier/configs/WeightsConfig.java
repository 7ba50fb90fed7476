package io.espalier.configs;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Stored values that a run starts from, instead of drawn ones. In every name and pattern {@code *}
 * stands for any text, dots included, and {@code ?} for one character.
 *
 * @param file a safetensors file
 * @param sha256 digest that the file must have, in lower-case hexadecimal
 * @param names parameter of the network → tensor of the file, where the two differ; each {@code *}
 *     of the tensor's name stands for what the same {@code *} of the parameter's name stood for
 * @param transpose patterns over parameters that the file holds with inputs before outputs: {@code
 *     [in, out]}, or {@code [height, width, in, out]} for kernels
 * @param ignore patterns over tensors of the file that belong to no parameter
 * @param draw patterns over parameters that are drawn all the same
 */
public record WeightsConfig(
    Path file,
    Optional<String> sha256,
    Map<String, String> names,
    List<String> transpose,
    List<String> ignore,
    List<String> draw) {
  public WeightsConfig {
    names = Collections.unmodifiableMap(new TreeMap<>(names));
    transpose = List.copyOf(transpose);
    ignore = List.copyOf(ignore);
    draw = List.copyOf(draw);
    new Rules()
        .requireSha256(sha256)
        .require(
            "names",
            names,
            names.entrySet().stream().allMatch(WeightsConfig::isMapping),
            "parameter = tensor, with as many * in the one as in the other")
        .verify();
  }

  public static WeightsConfig of(Path file) {
    return new WeightsConfig(file, Optional.empty(), Map.of(), List.of(), List.of(), List.of());
  }

  private static boolean isMapping(Map.Entry<String, String> entry) {
    return !entry.getValue().isBlank() && stars(entry.getKey()) == stars(entry.getValue());
  }

  private static long stars(String name) {
    return name.chars().filter(c -> c == '*').count();
  }
}
