package io.espalier.trainer.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.Batch;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import io.espalier.trainer.sync.ValidationRecord;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that keep a moving average of their weights. */
class WeightAverageTest {
  private static final String RECIPE =
      """
      name = averaged, seed = 11
      data { kind = digits, batch-size = 48 }
      model { kind = mlp, hidden = [24, 16] }
      train { epochs = 2, sync-every = 1, learning-rate { kind = constant, initial = 0.05 } }
      prune { sparsity = 70%, schedule { kind = cubic, begin = 10%, end = 60%, updates = 3 } }
      """;
  private static final String EMA = "\ntrain.average { kind = ema, decay = 0.6 }\n";
  private static final double DECAY = 0.6;

  private static PreparedRun prepare(String more) {
    return SampleRuns.prepare(
        new RecipeLoader().parse("averaged.conf", RECIPE + more, List.of()).config());
  }

  private static List<Committed> train(PreparedRun run) {
    List<Committed> syncs = new ArrayList<>();
    TrainingLoop.run(
        run,
        new LoopListener() {
          @Override
          public void synced(SyncOutcome sync) {
            syncs.add(sync.committed());
          }
        });
    return syncs;
  }

  private static float[] read(Committed committed, int entry, int slot) {
    float[] values = new float[committed.run().stateLayout().entries().get(entry).size()];
    committed.state().read(entry, slot, 0, FloatBuffer.wrap(values));
    return values;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "engine | train.optimizer { kind = sgd, momentum = 0 }",
        "java   | train.optimizer { kind = sgd, momentum = 0 }",
        "engine | train.optimizer = adam",
        "java   | train.optimizer = adam",
        "java   | train.rules = [{ kind = gsm }]",
        "engine | train.freeze = [\"fc2.*\"]",
        "engine | prune.mask = movement, prune.score = movement",
        "java   | prune.mask = soft",
      })
  void run_endsWithTheAverage_andTrainsAsWithoutOne(String execution, String more) {
    String recipe = "train.execution = " + execution + ", " + more;
    List<Committed> plain = train(prepare(recipe));
    List<Committed> averaged = train(prepare(recipe + EMA));
    Committed end = averaged.get(averaged.size() - 1);

    List<StateLayout.Entry> entries = end.run().stateLayout().entries();
    assertThat(averaged).hasSameSizeAs(plain);
    for (int entry = 0; entry < entries.size(); entry++) {
      float[] expected = new float[entries.get(entry).size()];
      for (int sync = 1; sync < plain.size(); sync++) {
        float[] weights = read(plain.get(sync), entry, 0);
        boolean last = sync == plain.size() - 1;
        if (!last) {
          assertThat(read(averaged.get(sync), entry, 0)).containsExactly(weights);
        }
        double left = Math.min(DECAY, (sync - 1) / (sync + 9.0));
        for (int unit = 0; unit < expected.length; unit++) {
          boolean gone = weights[unit] == 0 && entries.get(entry).mask().isPresent();
          expected[unit] = gone ? 0 : (float) (left * expected[unit] + (1 - left) * weights[unit]);
        }
      }
      assertThat(read(end, entry, 0)).containsExactly(expected, within(1e-5f));
    }
    assertThat(end.digest()).isNotEqualTo(plain.get(plain.size() - 1).digest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "engine | prune.granularity { kind = channel, cut = live, settle = 2 }",
        "engine | prune { score = obs, refit = least-squares }",
        "java   | prune.mask = hard-concrete",
        "java   | prune.granularity = \"2:4\", prune.sparsity = 50%",
      })
  void run_ofTwoTrainers_resumesToTheSameBits(String execution, String more) {
    PreparedRun run =
        prepare(
            "train { trainers = 2, sync-every = 3, execution = " + execution + " }, " + more + EMA);
    List<Committed> syncs = train(run);

    Committed middle = syncs.get(syncs.size() / 2);
    FinishedRun resumed = TrainingLoop.resume(run, middle, new Traffic(0, 0), LoopListener.NONE);

    assertThat(resumed.committed().digest()).isEqualTo(syncs.get(syncs.size() - 1).digest());
  }

  @ParameterizedTest
  @CsvSource({"engine", "java"})
  void evaluations_andTheBestState_areOfTheAverage(String execution) {
    PreparedRun run =
        prepare(
            "data.validation = 20%, train { keep-best = true, sync-every = 3, evaluate-every = 0.5"
                + " epochs, execution = "
                + execution
                + " }"
                + EMA);
    List<EvaluationPart> found = new ArrayList<>();
    List<Committed> best = new ArrayList<>();
    TrainingLoop.run(
        run,
        new LoopListener() {
          @Override
          public void evaluated(long step, EvaluationRequest request, EvaluationPart result) {
            if (request.set() == EvaluationRequest.Set.VALIDATION) {
              found.add(result);
            }
          }

          @Override
          public void improved(Committed committed, ValidationRecord.Score score) {
            best.add(committed);
            assertThat(found.get(found.size() - 1).correct()).isEqualTo(correct(run, committed));
          }
        });

    assertThat(best).isNotEmpty();
    assertThat(best.get(0).step()).isLessThan(run.plan().totalSteps());
  }

  /** Right answers on the validation split, by plain loops. */
  private static long correct(PreparedRun run, Committed committed) {
    int[] split = run.splits().validation();
    Batch batch =
        new Batch(run.dataset().input(), split.length)
            .fill(run.dataset().train(), split, 0, split.length);
    int width = run.dataset().input().size();
    long correct = 0;
    for (int example = 0; example < split.length; example++) {
      float[] values = Arrays.copyOfRange(batch.inputs(), example * width, (example + 1) * width);
      for (int layer = 0; layer < 3; layer++) {
        values = layer(values, read(committed, 2 * layer, 0), read(committed, 2 * layer + 1, 0));
        for (int i = 0; layer < 2 && i < values.length; i++) {
          values[i] = Math.max(values[i], 0);
        }
      }
      int answer = 0;
      for (int i = 1; i < values.length; i++) {
        answer = values[i] > values[answer] ? i : answer;
      }
      correct += answer == batch.label(example) ? 1 : 0;
    }
    return correct;
  }

  private static float[] layer(float[] inputs, float[] weights, float[] bias) {
    float[] outputs = bias.clone();
    for (int out = 0; out < outputs.length; out++) {
      for (int in = 0; in < inputs.length; in++) {
        outputs[out] += weights[out * inputs.length + in] * inputs[in];
      }
    }
    return outputs;
  }

  @Test
  void federation_isRefused() {
    assertThatThrownBy(
            () ->
                prepare(
                    "federation { kind = fedavg, rounds = 2, cohort = 4 }, train.epochs = 1" + EMA))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("average must be none in a federation");
  }
}
