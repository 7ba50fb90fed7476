package io.espalier.bench.cost;

import java.util.List;
import java.util.function.DoubleFunction;

/** The networks whose steps {@code bench sparse} times, and the speed-ups that they should have. */
final class StepCases {
  private StepCases() {}

  static List<StepCase> all() {
    return List.of(lenet(), wideMlp(), lenet5(), resnet20(), charLm(), tinyVit());
  }

  static List<String> names() {
    return all().stream().map(StepCase::name).toList();
  }

  static StepCase named(String name) {
    return all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  private static StepCase lenet() {
    return StepCase.of("lenet-300-100", mlp(300, 100))
        .besideTorch()
        .weights(narrow(300, 100), share(0.85), 0, 2.5, 4.5, 7)
        .pruned(StepKind.BLOCKS_UNIFORM, "90%", 0);
  }

  private static StepCase wideMlp() {
    return StepCase.of("mlp-1024-1024", mlp(1024, 1024))
        .besideTorch()
        .weights(narrow(1024, 1024), share(0.75), 0, 0, 5, 0);
  }

  private static StepCase lenet5() {
    return StepCase.of("lenet-5", "{ kind = lenet-5, initial = he }").weights(share(1.1), 0, 0, 0);
  }

  /**
   * Magnitudes of he: 19 % of multiply-accumulates at 90 %, as after training; of uniform draws,
   * the deep layers would hold next to nothing. Where all layers are pruned alike, the first and
   * the last stay dense, as in {@code bench units}.
   */
  private static StepCase resnet20() {
    String dense = "prune.exclude=[\"stem.*\",\"output.*\"]";
    return StepCase.of("resnet-20", residual(1))
        .besideTorch()
        .weights(share -> residual(Math.sqrt(share)), share(1.15), 0, share(0.45), share(0.33), 0)
        .pruned(StepKind.BLOCKS_GLOBAL, "80%", 0)
        .pruned(StepKind.BLOCKS_UNIFORM, "80%", share(0.45), dense)
        .pruned(StepKind.BLOCKS_GLOBAL, "90%", 0)
        .pruned(StepKind.BLOCKS_UNIFORM, "90%", share(0.33), dense)
        .pruned(StepKind.BLOCKS_GLOBAL, "95%", 0)
        .pruned(StepKind.BLOCKS_UNIFORM, "95%", share(0.28), dense);
  }

  private static StepCase charLm() {
    return StepCase.of(
            "char-lm",
            language(1),
            "data={kind=text,context=64,batch-size=32}",
            "train.optimizer=adamw",
            "prune.exclude=[\"tokens.*\",\"positions.*\"]",
            "prune.allocation=uniform")
        .weights(share -> language(Math.sqrt(share)), share(1), 0, 0, 0)
        .pruned(StepKind.BLOCKS_UNIFORM, "90%", 0);
  }

  private static StepCase tinyVit() {
    return StepCase.of(
            "tiny-vit",
            vision(1),
            "train.optimizer=adamw",
            "prune.exclude=[\"patches.*\",\"positions.*\"]",
            "prune.allocation=uniform")
        .weights(share -> vision(Math.sqrt(share)), share(1), 0, 0, 0);
  }

  /** The speed-up of a step that takes a share of the engine's time. */
  private static double share(double ofEngine) {
    return 1 / ofEngine;
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

  /** Features of four heads each. */
  private static String vision(double widths) {
    return "{ kind = tiny-vit, patch = 4, layers = 4, features = %d, heads = 4 }"
        .formatted(4 * Math.round(16 * widths));
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
}
