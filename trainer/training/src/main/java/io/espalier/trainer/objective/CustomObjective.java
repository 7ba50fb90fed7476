package io.espalier.trainer.objective;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.trainer.network.Network;
import java.util.Arrays;
import java.util.Optional;

/** A user's objective, which gets copies of the values; errors name it. */
record CustomObjective(PluginGuard code, Objective objective, Optional<OfBlocks> blocks)
    implements Objective {
  static Objective of(
      ObjectiveProvider provider, MemberSettings settings, ObjectiveContext context) {
    PluginGuard code = PluginGuard.of(provider);
    Objective objective = code.prepare("be created", () -> provider.create(settings, context));
    return code.prepare(
        "say what it trains", () -> agreed(code, objective, provider.trainsBlocks()));
  }

  private static Objective agreed(PluginGuard code, Objective objective, boolean trainsBlocks) {
    Optional<OfBlocks> blocks = objective.blocks();
    if (blocks.isPresent() != trainsBlocks) {
      objective.close();
      throw code.broken(
          "train blocks where its provider says so, and there only: trainsBlocks=" + trainsBlocks);
    }
    return new CustomObjective(code, objective, blocks.map(each -> guarded(code, each)));
  }

  @Override
  public double gradient(
      float[] logits, int[] labels, int classes, ObjectiveInputs taps, float[] gradient) {
    return code.run(
        "compute the gradient of a batch",
        () -> {
          Arrays.fill(gradient, Float.NaN);
          double loss = objective.gradient(logits.clone(), labels.clone(), classes, taps, gradient);
          requireFinite(loss, gradient, classes);
          return loss;
        });
  }

  /** A loss that is not finite ends the run with what it knows of the network. */
  private void requireFinite(double loss, float[] gradient, int classes) {
    for (int i = 0; Double.isFinite(loss) && i < gradient.length; i++) {
      if (!Float.isFinite(gradient[i])) {
        throw code.broken(
            "give every logit a finite gradient where the loss is finite: row=%d, class=%d, gradient=%s, loss=%s"
                .formatted(i / classes, i % classes, gradient[i], loss));
      }
    }
  }

  @Override
  public void check(Network network) {
    code.prepare(
        "check the network",
        () -> {
          objective.check(network);
          return true;
        });
  }

  private static OfBlocks guarded(PluginGuard code, OfBlocks blocks) {
    return (values, taps, gradients) ->
        code.run(
            "compute the gradient of blocks",
            () -> {
              gradients.forEach(each -> Arrays.fill(each, Float.NaN));
              double loss =
                  blocks.gradient(values.stream().map(BlockValues::copy).toList(), taps, gradients);
              gradients.forEach(each -> requireFinite(code, loss, each));
              return loss;
            });
  }

  private static void requireFinite(PluginGuard code, double loss, float[] gradient) {
    for (int i = 0; Double.isFinite(loss) && i < gradient.length; i++) {
      if (!Float.isFinite(gradient[i])) {
        throw code.broken(
            "give every value of a block a finite gradient where the loss is finite: value=%d, gradient=%s, loss=%s"
                .formatted(i, gradient[i], loss));
      }
    }
  }

  @Override
  public double loss(float[] logits, int row, int classes, int label) {
    return code.run("compute the loss of a row", () -> objective.loss(logits, row, classes, label));
  }

  @Override
  public int answer(float[] logits, int row, int classes) {
    int answer = code.run("answer a row", () -> objective.answer(logits, row, classes));
    if (answer < 0 || answer >= classes) {
      throw code.broken("answer with a class: answer=%d, classes=%d".formatted(answer, classes));
    }
    return answer;
  }

  @Override
  public void close() {
    code.run(
        "be closed",
        () -> {
          objective.close();
          return true;
        });
  }
}
