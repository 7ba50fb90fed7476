package io.espalier.bench.cost;

import io.espalier.bench.harness.Figure;
import io.espalier.bench.harness.Figure.Budget;
import io.espalier.bench.harness.Measurements;
import io.espalier.configs.file.AtomicFile;
import io.espalier.trainer.offline.OfflinePruner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Times of pruning a stored network beside a plain copy of its file. */
final class PruneCost {
  private static final Map<String, OfflinePruner> WAYS = new LinkedHashMap<>();

  static {
    WAYS.put("magnitude, uniform", OfflinePruner.of("prune.allocation=uniform"));
    WAYS.put("magnitude, global", OfflinePruner.of("prune.allocation=global"));
    WAYS.put("LAMP", OfflinePruner.of("prune.score=lamp"));
    WAYS.put("2:4", OfflinePruner.of("prune.granularity=\"2:4\""));
  }

  private PruneCost() {}

  static List<Figure> measure(Path file, Path out, int rounds) throws IOException {
    List<Double> copies = new ArrayList<>();
    Map<String, List<Double>> prunings = new LinkedHashMap<>();
    for (int round = -1; round < rounds; round++) {
      double copy = seconds(() -> AtomicFile.write(out, stream -> Files.copy(file, stream)));
      keep(copies, copy, round);
      for (Map.Entry<String, OfflinePruner> way : WAYS.entrySet()) {
        double pruning = seconds(() -> way.getValue().prune(file, out));
        keep(prunings.computeIfAbsent(way.getKey(), name -> new ArrayList<>()), pruning, round);
      }
    }
    return figures(copies, prunings, Files.size(file) / 1e6);
  }

  private static List<Figure> figures(
      List<Double> copies, Map<String, List<Double>> prunings, double megabytes) {
    List<Figure> figures = new ArrayList<>();
    prunings.forEach(
        (way, seconds) ->
            figures.add(
                new Figure(
                    way + ": rate / rate of a copy",
                    String.format(Locale.ROOT, "%,.0f MB", megabytes),
                    Measurements.ofRatios(copies, seconds),
                    String.format(
                        Locale.ROOT,
                        "%.0f MB/s / %.0f MB/s",
                        megabytes / Measurements.of(seconds).median(),
                        megabytes / Measurements.of(copies).median()),
                    Budget.atLeast(0.5))));
    return figures;
  }

  /** The first round only warms up. */
  private static void keep(List<Double> all, double seconds, int round) {
    if (round >= 0) {
      all.add(seconds);
    }
  }

  /** A piece of work with files. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private static double seconds(Work work) throws IOException {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
