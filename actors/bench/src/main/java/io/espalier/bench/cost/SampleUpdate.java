package io.espalier.bench.cost;

import io.espalier.configs.PruneConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Counts;
import io.espalier.masks.MaskSet;
import io.espalier.masks.schedule.PlannedUpdate;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import io.espalier.masks.update.MaskUpdater;
import io.espalier.masks.update.StatisticRequests;
import java.util.ArrayList;
import java.util.List;

/** A mask update as a recipe makes it, from weights that moved by a tenth since the one before. */
record SampleUpdate(String name, MaskSet before, MaskSet after) {
  private static final float MOVE = 0.1f;

  static SampleUpdate hard(SampleShapes network, double density) {
    return pruning(network, "hard, 10 % pruned", "gradual", density, false);
  }

  static SampleUpdate soft(SampleShapes network, double density) {
    return pruning(network, "soft, 10 % pruned, with returns", "soft", density, true);
  }

  private static SampleUpdate pruning(
      SampleShapes network, String name, String recipe, double density, boolean mayReturn) {
    MaskUpdater updater = updater(network, recipe);
    MaskSet dense = network.dense();
    MaskSet before =
        updater
            .update(dense, network.weights(1), Statistics.none(), target(dense, density), mayReturn)
            .next();
    MaskSet after =
        updater
            .update(
                before, moved(network), Statistics.none(), target(dense, 0.9 * density), mayReturn)
            .next();
    return new SampleUpdate(name, before, after);
  }

  /** RigL: three kept units in ten make room for those with the largest gradients. */
  static SampleUpdate exchange(SampleShapes network, double density) {
    PruneConfig rigL = prune("rigl");
    MaskUpdater updater = MaskUpdater.of(rigL, 1, network.shapes());
    MaskSet dense = network.dense();
    PlannedUpdate target = target(dense, density);
    MaskSet before =
        updater.update(dense, network.weights(1), Statistics.none(), target, false).next();
    PlannedUpdate exchange = new PlannedUpdate(2, target.sparsity(), target.kept(), 0.3);
    Statistics gradients = Statistics.none();
    for (StatisticRequest demand : StatisticRequests.of(rigL, 1).of(exchange, before)) {
      gradients = gradients.withArrays(demand, network.weights(3));
    }
    MaskSet after = updater.update(before, moved(network), gradients, exchange, false).next();
    return new SampleUpdate("RigL, exchange of 30 %", before, after);
  }

  static MaskUpdater updater(SampleShapes network, String recipe) {
    return MaskUpdater.of(prune(recipe), 1, network.shapes());
  }

  private static PruneConfig prune(String recipe) {
    return new RecipeLoader().load(recipe, List.of()).config().prune();
  }

  static PlannedUpdate target(MaskSet dense, double density) {
    double sparsity = 1 - density;
    return new PlannedUpdate(1, sparsity, Counts.kept(sparsity, dense.total()), 0);
  }

  private static List<float[]> moved(SampleShapes network) {
    List<float[]> before = network.weights(1);
    List<float[]> moves = network.weights(2);
    List<float[]> after = new ArrayList<>();
    for (int p = 0; p < before.size(); p++) {
      float[] values = before.get(p).clone();
      for (int unit = 0; unit < values.length; unit++) {
        values[unit] += MOVE * moves.get(p)[unit];
      }
      after.add(values);
    }
    return after;
  }
}
