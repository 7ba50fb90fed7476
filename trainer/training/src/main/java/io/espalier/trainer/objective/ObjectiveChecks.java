package io.espalier.trainer.objective;

import io.espalier.configs.TrainConfig;
import io.espalier.configs.plugin.PluginGuard;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Gives a user's objective copies of the values, and checks what it computes. */
record ObjectiveChecks(PluginGuard guard, Objective objective) implements Objective {
  static Objective around(PluginGuard guard, Objective objective, TrainConfig train) {
    guard.prepare(
        "say what it trains", () -> agreed(guard, objective, Objectives.trainBlocks(train)));
    Objective checked =
        guard.around(Objective.class, objective, new ObjectiveChecks(guard, objective));
    Optional<CrossEntropy> unused = checked.crossEntropy();
    return checked;
  }

  private static Objective agreed(PluginGuard guard, Objective objective, boolean trainsBlocks) {
    if (objective.blocks().isPresent() != trainsBlocks) {
      objective.close();
      throw guard.broken(
          "train blocks where its provider says so, and there only: trainsBlocks=" + trainsBlocks);
    }
    return objective;
  }

  @Override
  public double gradient(
      float[] logits, int[] labels, int classes, ObjectiveInputs taps, float[] gradient) {
    Arrays.fill(gradient, Float.NaN);
    double loss = objective.gradient(logits.clone(), labels.clone(), classes, taps, gradient);
    requireFinite(loss, gradient, classes);
    return loss;
  }

  /** A loss that is not finite ends the run with what it knows of the network. */
  private void requireFinite(double loss, float[] gradient, int classes) {
    for (int i = 0; Double.isFinite(loss) && i < gradient.length; i++) {
      if (!Float.isFinite(gradient[i])) {
        throw guard.broken(
            "give every logit a finite gradient where the loss is finite: row=%d, class=%d, gradient=%s, loss=%s"
                .formatted(i / classes, i % classes, gradient[i], loss));
      }
    }
  }

  @Override
  public Optional<OfBlocks> blocks() {
    return objective
        .blocks()
        .map(
            own ->
                guard.around(
                    OfBlocks.class,
                    own,
                    (blocks, taps, gradients) -> ofBlocks(own, blocks, taps, gradients)));
  }

  private double ofBlocks(
      OfBlocks own, List<BlockValues> blocks, ObjectiveInputs taps, List<float[]> gradients) {
    gradients.forEach(each -> Arrays.fill(each, Float.NaN));
    double loss = own.gradient(blocks.stream().map(BlockValues::copy).toList(), taps, gradients);
    gradients.forEach(each -> requireFinite(loss, each));
    return loss;
  }

  private void requireFinite(double loss, float[] gradient) {
    for (int i = 0; Double.isFinite(loss) && i < gradient.length; i++) {
      if (!Float.isFinite(gradient[i])) {
        throw guard.broken(
            "give every value of a block a finite gradient where the loss is finite: value=%d, gradient=%s, loss=%s"
                .formatted(i, gradient[i], loss));
      }
    }
  }

  @Override
  public int answer(float[] logits, int row, int classes) {
    int answer = objective.answer(logits, row, classes);
    if (answer < 0 || answer >= classes) {
      throw guard.broken("answer with a class: answer=%d, classes=%d".formatted(answer, classes));
    }
    return answer;
  }
}
