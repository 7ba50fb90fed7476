package io.espalier.trainer.federated;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.trainer.federated.RoundMerge.Contribution;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many clients' changes a merge holds at once, and that it makes no difference. */
final class RunningMeansTest {
  private static final int CLIENTS = 6;
  private static final String FEDERATION =
      """
      prune.sparsity = 0
      federation { kind = fedavg, rounds = 3, clip-norm = 0.5 }
      """;

  @Test
  void merge_byMean_holdsTheChangesOfOneClient() {
    assertThat(mostHeld(FEDERATION)).isLessThanOrEqualTo(1);
  }

  @Test
  void merge_byMedian_holdsThoseOfTheCohort() {
    assertThat(mostHeld(FEDERATION + "federation.aggregation = median")).isEqualTo(CLIENTS - 1);
  }

  /** Clients whose changes are still reachable when the next one is asked for. */
  private static int mostHeld(String recipe) {
    try (SampleFederation sample = sample(recipe)) {
      OnDemand onDemand = new OnDemand(sample);

      sample.course.merge(onDemand);

      assertThat(onDemand.made)
          .as("once for the bounds of the round, once for its merge")
          .hasSize(2 * CLIENTS);
      return onDemand.mostHeld;
    }
  }

  @Test
  void merge_ofResultsOnDemand_hasTheBitsOfThoseInMemory() {
    try (SampleFederation one = sample(FEDERATION);
        SampleFederation other = sample(FEDERATION)) {
      for (int round = 0; round < 2; round++) {
        one.course.merge(new OnDemand(one));
        other.round();
      }

      assertThat(one.course.model().digest()).isEqualTo(other.course.model().digest());
    }
  }

  private static SampleFederation sample(String recipe) {
    return new SampleFederation(recipe, Collections.nCopies(CLIENTS, 1.0));
  }

  private static final class OnDemand implements Iterable<Contribution> {
    final List<WeakReference<float[]>> made = new ArrayList<>();
    private final SampleFederation sample;
    int mostHeld;

    OnDemand(SampleFederation sample) {
      this.sample = sample;
    }

    @Override
    public Iterator<Contribution> iterator() {
      return IntStream.range(0, CLIENTS).mapToObj(this::next).iterator();
    }

    private Contribution next(int client) {
      System.gc();
      int held = (int) made.stream().filter(each -> each.get() != null).count();
      mostHeld = Math.max(mostHeld, held);
      Contribution next = sample.contribution(client);
      made.add(new WeakReference<>(((ClientResult.Trained) next.result()).changes().get(0)));
      return next;
    }
  }
}
