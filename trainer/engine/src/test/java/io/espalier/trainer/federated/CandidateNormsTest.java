package io.espalier.trainer.federated;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.trainer.federated.RoundMerge.Contribution;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CandidateNormsTest {
  private static final int CANDIDATES = 3;

  /** The channels of the sample's batch norm. */
  private static final int CHANNELS = 8;

  /** Means 0 and 2, variance 1 each: together the variance is 2, as they differ by two. */
  @ParameterizedTest
  @CsvSource({"'', 1, 1, 1, 2", "pooled, 1, 3, 1.5, 1.75", "mean, 1, 3, 1.5, 1"})
  void variances_ofClients_becomeOneByTheRecipe(
      String key, int first, int second, float mean, float variance) {
    String norms = key.isEmpty() ? "" : ", candidate-norms = " + key;
    String recipe =
        """
        prune.sparsity = 80%%
        federation { kind = fedtiny, cohort = 2, candidates = %d, weight-bound = none%s }
        """
            .formatted(CANDIDATES, norms);
    try (SampleFederation sample = new SampleFederation(recipe, List.of(1.0, 1.0))) {
      List<Contribution> measured =
          List.of(measured(sample, 0, first, 0), measured(sample, 1, second, 2));

      sample.course.merge(measured);

      assertThat(sample.course.candidateNorms()).hasSize(CANDIDATES);
      for (List<float[]> candidate : sample.course.candidateNorms()) {
        assertThat(candidate).hasSize(2);
        assertThat(candidate.get(0)).containsOnly(mean);
        assertThat(candidate.get(1)).containsOnly(variance);
      }
    }
  }

  private static Contribution measured(
      SampleFederation sample, int client, int examples, float mean) {
    List<float[]> norms = List.of(filled(mean), filled(1));
    return new Contribution(
        "client-" + client,
        sample.masks(client),
        sample.network(client).slice(),
        new ClientResult.NormsMeasured(examples, Collections.nCopies(CANDIDATES, norms)));
  }

  private static float[] filled(float value) {
    float[] values = new float[CHANNELS];
    Arrays.fill(values, value);
    return values;
  }
}
