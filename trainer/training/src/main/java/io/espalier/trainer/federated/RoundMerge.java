package io.espalier.trainer.federated;

import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.NestedSlice;
import io.espalier.masks.update.MaskUpdate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The outcome of a round; {@code loss} is the mean by what the clients count, empty without
 * training. A merge that is not adopted leaves the network's values as they were.
 */
public record RoundMerge(
    long examples,
    OptionalDouble loss,
    Optional<MaskUpdate> update,
    Optional<Choice> choice,
    boolean adopted) {
  public record Choice(int candidate, List<Double> losses) {
    public Choice {
      losses = List.copyOf(losses);
    }
  }

  static RoundMerge measured(List<Contribution> contributions) {
    return new RoundMerge(
        examples(contributions), OptionalDouble.empty(), Optional.empty(), Optional.empty(), true);
  }

  static RoundMerge chosen(List<Contribution> contributions, Choice choice, MaskUpdate update) {
    return new RoundMerge(
        examples(contributions),
        OptionalDouble.empty(),
        Optional.of(update),
        Optional.of(choice),
        true);
  }

  static RoundMerge training(
      List<Contribution> contributions, Optional<MaskUpdate> update, boolean adopted) {
    double sum = 0;
    long weights = 0;
    for (Contribution each : contributions) {
      sum += ((ClientResult.Trained) each.result()).loss() * each.weight();
      weights += each.weight();
    }
    return new RoundMerge(
        examples(contributions),
        OptionalDouble.of(sum / weights),
        update,
        Optional.empty(),
        adopted);
  }

  private static long examples(List<Contribution> contributions) {
    return contributions.stream().mapToLong(each -> each.result().examples()).sum();
  }

  /**
   * One client's result in the layout of its network.
   *
   * @param holds the part of the global masks that the device holds
   * @param slice position of the client's network in the global one
   * @param weight that it counts by: its examples, or fewer where these are bounded
   */
  public record Contribution(
      String client, MaskSet holds, NestedSlice slice, ClientResult result, int weight) {
    public Contribution(String client, MaskSet holds, NestedSlice slice, ClientResult result) {
      this(client, holds, slice, result, result.examples());
    }

    Contribution within(double most) {
      return weight <= most
          ? this
          : new Contribution(client, holds, slice, result, Math.max(1, (int) most));
    }

    /** Returns what is left of a training's result once its changes are merged. */
    Contribution withoutChanges() {
      ClientResult.Trained trained = (ClientResult.Trained) result;
      return new Contribution(
          client,
          holds,
          slice,
          new ClientResult.Trained(
              trained.examples(), trained.steps(), trained.loss(), List.of(), trained.proposals()),
          weight);
    }
  }
}
