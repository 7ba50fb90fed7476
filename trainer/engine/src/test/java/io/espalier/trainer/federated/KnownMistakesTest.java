package io.espalier.trainer.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.ValueFormat;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.federated.RoundWork.ProposalCount;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.trainer.state.StateLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What public implementations of FedTiny are known to do wrong, as far as it is learning. */
final class KnownMistakesTest {
  private static final String FEDTINY =
      """
      prune.sparsity = 80%
      federation { kind = fedtiny, rounds = 4, candidates = 3, adjust-every = 1, adjust-until = 4
                   blocks = 3, held-back = 20% }
      """;

  @Test
  void proposals_areAsManyAsAskedFor_neverTheDenseGradient() {
    try (SampleFederation sample = chosen()) {
      RoundWork work = sample.course.next().orElseThrow();
      ClientResult.Trained trained = (ClientResult.Trained) sample.contribution(0).result();

      ProposalCount asked = work.proposals().get(0);
      MaskSet masks = sample.course.model().masks().masks();
      assertThat(trained.proposals()).hasSameSizeAs(work.proposals());
      assertThat(trained.proposals().get(0).size()).isEqualTo(asked.count());
      Mask kept = masks.masks().get(asked.parameter());
      for (int i = 0; i < trained.proposals().get(0).size(); i++) {
        assertThat(kept.isKept(trained.proposals().get(0).unit(i))).isFalse();
      }
      long dense = sample.federation.values().stateLayout().packedBytes(all());
      long most =
          new ResultCodec(sample.federation.values().stateLayout())
              .largest(work, masks, ValueFormat.FP32, 0);
      assertThat(most).isLessThan(dense / 2);
    }
  }

  @Test
  void normStatistics_travelAndArePooled() {
    try (SampleFederation sample = chosen()) {
      List<StateLayout.Entry> entries = sample.federation.values().stateLayout().entries();
      int mean =
          IntStream.range(0, entries.size())
              .filter(i -> entries.get(i).role() == Role.RUNNING_MEAN)
              .findFirst()
              .orElseThrow();
      float before = sample.course.model().state().values(mean, 0)[0];
      List<Contribution> contributions = List.of(sample.contribution(0), sample.contribution(1));
      double sum = 0;
      long examples = 0;
      for (Contribution each : contributions) {
        ClientResult.Trained trained = (ClientResult.Trained) each.result();
        assertThat(trained.changes().get(mean)[0]).isNotZero();
        sum += trained.examples() * (double) (before + trained.changes().get(mean)[0]);
        examples += trained.examples();
      }

      sample.course.merge(contributions);

      assertThat(sample.course.model().state().values(mean, 0)[0])
          .isCloseTo((float) (sum / examples), within(1e-5f));
    }
  }

  @Test
  void candidates_areJudgedByExamplesOfTheClientThatItDoesNotTrainOn() {
    try (SampleFederation sample = new SampleFederation(FEDTINY, List.of(1.0, 1.0))) {
      int[] own = {3, 14, 15, 92, 65, 35, 89, 79, 32, 38};

      ClientExamples examples = ClientExamples.of(sample.federation, own);

      List<Integer> judging = boxed(examples.judging());
      assertThat(judging).hasSize(2).isSubsetOf(boxed(own));
      assertThat(boxed(examples.training())).hasSize(8).doesNotContainAnyElementsOf(judging);
    }
  }

  @Test
  void selection_uploadsTwoValuesPerNormChannelAndCandidate_thenOneLossEach() {
    try (SampleFederation sample = new SampleFederation(FEDTINY, List.of(1.0, 1.0))) {
      StateLayout layout = sample.federation.values().stateLayout();
      int channels = 8;
      int header = 12;
      ResultCodec codec = new ResultCodec(layout);
      MaskSet masks = sample.course.model().masks().masks();

      assertThat(new RoundPayload(layout).normsBytes(3)).isEqualTo(3 * 2 * channels * 4);
      assertThat(codec.largest(sample.course.next().orElseThrow(), masks, ValueFormat.FP32, 3))
          .isEqualTo(header + 3 * 2 * channels * 4);
      sample.round();
      assertThat(codec.largest(sample.course.next().orElseThrow(), masks, ValueFormat.FP32, 3))
          .isEqualTo(header + 3 * 8);
    }
  }

  private static SampleFederation chosen() {
    SampleFederation sample = new SampleFederation(FEDTINY, List.of(1.0, 1.0));
    sample.round();
    sample.round();
    return sample;
  }

  private static LiveUnits all() {
    return LiveUnits.all();
  }

  private static List<Integer> boxed(int[] values) {
    return new ArrayList<>(IntStream.of(values).boxed().toList());
  }
}
