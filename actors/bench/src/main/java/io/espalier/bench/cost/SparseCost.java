package io.espalier.bench.cost;

import io.espalier.configs.file.EspalierHome;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.agrona.CloseHelper;

/**
 * Steps on kept weights, and of networks with as many multiply-accumulates in fewer channels, and
 * of PyTorch where it is installed, against dense steps of the engine: all take turns, each in a
 * process of its own.
 */
final class SparseCost {
  private static final double BLOCK_SECONDS = 0.2;

  private SparseCost() {}

  /**
   * A network and the sparsities to measure, each with the least speed-up that it should have; 0
   * where there is none.
   *
   * @param narrowed the same network with fewer channels, of the given share of
   *     multiply-accumulates
   * @param settings beside those of {@link BenchRecipe}
   * @param inTorch whether {@code torch_step.py} has it
   */
  private record Case(
      String name,
      String model,
      DoubleFunction<String> narrowed,
      Map<String, Double> speedUps,
      List<String> settings,
      boolean inTorch) {
    static Case ofImages(
        String name, String model, DoubleFunction<String> narrowed, Map<String, Double> speedUps) {
      return new Case(name, model, narrowed, speedUps, List.of(), true);
    }
  }

  private static List<Case> cases() {
    return List.of(
        Case.ofImages("lenet-300-100", mlp(300, 100), narrow(300, 100), bounds(0.0, 2.5, 4.5, 7.0)),
        Case.ofImages(
            "mlp-1024-1024", mlp(1024, 1024), narrow(1024, 1024), bounds(0.0, 0.0, 5.0, 0.0)),
        // Magnitudes of he: 19 % of multiply-accumulates at 90 %, as after training; of uniform
        // draws, the deep layers would hold next to nothing.
        Case.ofImages(
            "resnet-20",
            residual(1),
            share -> residual(Math.sqrt(share)),
            bounds(0.0, 1.35, 2.0, 0.0)),
        new Case(
            "char-lm",
            language(1),
            share -> language(Math.sqrt(share)),
            bounds(0.0, 0.0, 0.0),
            List.of(
                "data={kind=text,context=64,batch-size=32}",
                "train.optimizer=adamw",
                "prune.exclude=[\"tokens.*\",\"positions.*\"]",
                "prune.allocation=uniform"),
            false));
  }

  private static Map<String, Double> bounds(double... leastSpeedUps) {
    List<String> sparsities = List.of("80%", "90%", "95%", "98%");
    Map<String, Double> bounds = new LinkedHashMap<>();
    bounds.put("0%", 0.0);
    for (int i = 0; i < leastSpeedUps.length; i++) {
      bounds.put(sparsities.get(i), leastSpeedUps[i]);
    }
    return bounds;
  }

  private static String mlp(long first, long second) {
    return "{ kind = mlp, hidden = [%d, %d] }".formatted(first, second);
  }

  private static String residual(double widths) {
    return "{ kind = resnet-20, initial = he, width = %d }".formatted(Math.round(16 * widths));
  }

  /** Features of four heads each. */
  private static String language(double widths) {
    return "{ kind = char-lm, layers = 4, features = %d, heads = 4 }"
        .formatted(4 * Math.round(32 * widths));
  }

  /** Both hidden widths by one factor. */
  private static DoubleFunction<String> narrow(int first, int second) {
    return share -> {
      double linear = 784.0 * first + 10.0 * second;
      double square = (double) first * second;
      double wanted = share * (linear + square);
      double factor = (Math.sqrt(linear * linear + 4 * square * wanted) - linear) / (2 * square);
      return mlp(Math.max(1, Math.round(factor * first)), Math.max(1, Math.round(factor * second)));
    };
  }

  /** Whether PyTorch's dense step stands beside those of a network, where it is installed. */
  static boolean isBesideTorch(String name) {
    return cases().stream().anyMatch(each -> each.name().equals(name) && each.inTorch());
  }

  static List<String> names() {
    return cases().stream().map(Case::name).toList();
  }

  /**
   * @param warmUpSeconds of each network, until its loops are compiled
   */
  static StepTimesBySparsity measure(
      String name, List<String> overrides, double warmUpSeconds, int rounds) throws IOException {
    Case of = cases().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    List<String> settings = Stream.concat(of.settings().stream(), overrides.stream()).toList();
    long flop = StepFlop.of(recipe(of.model(), settings));
    List<TimedProcess> subjects = new ArrayList<>();
    try {
      subjects.add(start(of.model(), settings, "prune.sparsity=0"));
      for (String sparsity : of.speedUps().keySet()) {
        subjects.add(
            start(
                of.model(),
                settings,
                "train.execution=java",
                "prune.sparsity=" + sparsity,
                "prune.schedule={kind=one-shot,begin=0}"));
        String narrowed = of.narrowed().apply(1 - percent(sparsity) / 100.0);
        subjects.add(start(narrowed, settings, "prune.sparsity=0"));
      }
      Optional<TorchPython> python = TorchPython.with("torch").filter(any -> of.inTorch());
      Optional<String> torch = Optional.empty();
      if (python.isPresent()) {
        TimedProcess dense = python.get().start("torch_step.py", name);
        subjects.add(dense);
        torch = Optional.of(dense.text("name"));
      }
      return new StepTimesBySparsity(
          of.name(), of.speedUps(), flop, torch, seconds(subjects, warmUpSeconds, rounds));
    } finally {
      CloseHelper.closeAll(subjects);
    }
  }

  /** Refuses a wrong recipe, and downloads its data, before any process starts. */
  private static PreparedRun recipe(String model, List<String> settings) {
    return new BenchRecipe(model, settings, DataHome.of(EspalierHome.path()))
        .with("prune.sparsity=0");
  }

  private static TimedProcess start(String model, List<String> settings, String... own)
      throws IOException {
    return TimedProcess.start(model, Stream.concat(Stream.of(own), settings.stream()).toList());
  }

  static int percent(String sparsity) {
    return Integer.parseInt(sparsity.replace("%", ""));
  }

  /** Of each subject, by round; one warms up after the other. */
  private static List<List<Double>> seconds(
      List<TimedProcess> subjects, double warmUpSeconds, int rounds) throws IOException {
    for (TimedProcess subject : subjects) {
      warmUp(subject, warmUpSeconds);
    }
    int steps = (int) Math.max(1, BLOCK_SECONDS / subjects.get(0).stepSeconds(5));
    List<List<Double>> seconds = new ArrayList<>();
    subjects.forEach(subject -> seconds.add(new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < subjects.size(); i++) {
        seconds.get(i).add(subjects.get(i).stepSeconds(steps));
      }
    }
    return seconds;
  }

  private static void warmUp(TimedProcess subject, double atLeast) throws IOException {
    int steps = 1;
    double seconds = 0;
    while (seconds < atLeast) {
      double step = subject.stepSeconds(steps);
      seconds += steps * step;
      steps = (int) Math.max(1, BLOCK_SECONDS / step);
    }
  }
}
