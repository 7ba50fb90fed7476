package io.espalier.trainer.capability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The processor of this machine, as Linux describes it; elsewhere only its architecture is known.
 *
 * @param name such as {@code AMD EPYC 7763 64-Core Processor}
 * @param vendor such as {@code AuthenticAMD}
 * @param features names of instruction sets, such as {@code avx2}
 */
record Processor(String name, String vendor, Set<String> features) {
  private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");

  static final Processor PRESENT = present();

  Processor {
    features = Set.copyOf(features);
  }

  private static Processor present() {
    String architecture = System.getProperty("os.arch");
    try {
      return Files.isReadable(DESCRIPTION)
          ? parse(Files.readAllLines(DESCRIPTION), architecture)
          : parse(List.of(), architecture);
    } catch (IOException e) {
      return parse(List.of(), architecture);
    }
  }

  /** Reads the first processor of {@code /proc/cpuinfo}. */
  static Processor parse(List<String> lines, String architecture) {
    Map<String, String> fields = new HashMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    return new Processor(
        fields.getOrDefault("model name", architecture),
        fields.getOrDefault("vendor_id", architecture),
        Set.copyOf(Arrays.asList(fields.getOrDefault("flags", "").split(" "))));
  }
}
