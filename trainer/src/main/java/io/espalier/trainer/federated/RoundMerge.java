package io.espalier.trainer.federated;

import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.NestedSlice;
import io.espalier.masks.update.MaskUpdate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The outcome of a round; {@code loss} is the mean by examples, empty without training. */
public record RoundMerge(
    long examples, OptionalDouble loss, Optional<MaskUpdate> update, Optional<Choice> choice) {
  public record Choice(int candidate, List<Double> losses) {
    public Choice {
      losses = List.copyOf(losses);
    }
  }

  static RoundMerge measured(List<Contribution> contributions) {
    return new RoundMerge(
        examples(contributions), OptionalDouble.empty(), Optional.empty(), Optional.empty());
  }

  static RoundMerge chosen(List<Contribution> contributions, Choice choice, MaskUpdate update) {
    return new RoundMerge(
        examples(contributions), OptionalDouble.empty(), Optional.of(update), Optional.of(choice));
  }

  static RoundMerge training(List<Contribution> contributions, Optional<MaskUpdate> update) {
    long examples = examples(contributions);
    double sum = 0;
    for (Contribution each : contributions) {
      ClientResult.Trained trained = (ClientResult.Trained) each.result();
      sum += trained.loss() * trained.examples();
    }
    return new RoundMerge(examples, OptionalDouble.of(sum / examples), update, Optional.empty());
  }

  private static long examples(List<Contribution> contributions) {
    return contributions.stream().mapToLong(each -> each.result().examples()).sum();
  }

  /**
   * One client's result in the layout of its network.
   *
   * @param holds the part of the global masks that the device holds
   * @param slice position of the client's network in the global one
   */
  public record Contribution(String client, MaskSet holds, NestedSlice slice, ClientResult result) {
    /** What is left of a training's result once its changes are merged. */
    Contribution withoutChanges() {
      ClientResult.Trained trained = (ClientResult.Trained) result;
      return new Contribution(
          client,
          holds,
          slice,
          new ClientResult.Trained(
              trained.examples(), trained.steps(), trained.loss(), List.of(), trained.proposals()));
    }
  }
}
