package io.espalier.bench.chaos;

import java.util.List;
import java.util.stream.IntStream;

/** One recipe of the bench, trained by two trainers on the bundled digits. */
record ChaosCase(String mask, String network, String optimizer) {
  private static final List<String> MASKS = List.of("hard", "soft", "annealed");
  private static final List<String> NETWORKS = List.of("lenet-300-100", "resnet-8");
  private static final List<String> OPTIMIZERS = List.of("sgd", "adam");
  private static final int ALL = 12;

  /** Short intervals, so that kills find all that a run does: syncs, updates, checkpoints. */
  private static final String RECIPE =
      """
      name = chaos, seed = %d
      data { kind = digits, batch-size = 16, validation = 10%% }
      model = %s
      train {
        trainers = 2, epochs = %d, sync-every = 4, checkpoint-every = 20
        %s
      }
      prune {
        sparsity = 90%%
        schedule { kind = cubic, begin = 10%%, end = 50%%, updates = 20 }
        mask = %s
      }
      """;

  /** All of them, in an order in which any few differ in every respect. */
  static List<ChaosCase> all() {
    return IntStream.range(0, ALL)
        .mapToObj(
            i ->
                new ChaosCase(
                    MASKS.get(i % 3), NETWORKS.get(i % 2), OPTIMIZERS.get((i / 6 + i / 3) % 2)))
        .toList();
  }

  String name() {
    return mask + "-" + network + "-" + optimizer;
  }

  String recipe(long seed) {
    boolean convolutional = network.equals("resnet-8");
    return RECIPE.formatted(
        seed,
        convolutional ? "{ kind = resnet-8, width = 4 }" : network,
        convolutional ? 8 : 20,
        optimizer.equals("adam")
            ? "optimizer = adam, learning-rate { kind = cosine, initial = 0.002 }"
            : "optimizer { kind = sgd, momentum = 0.9, nesterov = true },"
                + " learning-rate { kind = cosine, initial = 0.02 },"
                + " label-smoothing = 0.1, clip-norm = 1",
        mask.equals("annealed") ? "{ kind = annealed, over = 15% }" : mask);
  }
}
