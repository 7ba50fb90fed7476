package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.checkpoint.Checkpoint;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.RunEpoch;
import io.espalier.trainer.data.DataFormat;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Splits;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.stream.ExampleStream.StreamFailedException;
import io.espalier.trainer.stream.MemoryStream;
import io.espalier.trainer.stream.StreamRecord;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamTrainingTest {
  private static final String RECIPE =
      """
      name = t
      data { kind = kafka, topic = t, features = 64, classes = 10, deviation = [16],
             batch-size = 16, window = 30 }
      model { kind = mlp, hidden = [16] }
      train { samples = 1000, trainers = 2, sync-every = 4, checkpoint-every = 8
              evaluate-every = 10% }
      prune { sparsity = 80%, schedule { kind = cubic, begin = 10%, end = 75%, updates = 6 } }
      """;
  private static final String RESNET =
      """
      data { shape = [1, 8, 8], features = null, augmentation { flip = true, crop = 1 } }
      model = null, model { kind = resnet-8, width = 4 }
      train.samples = 1280
      """;
  private static final int FEATURES = 64;

  @TempDir private Path directory;

  private static PreparedRun prepared(String... overrides) {
    return PreparedRun.of(
        new RecipeLoader().parse("t.conf", RECIPE, List.of(overrides)).config(),
        DataHome.of(Path.of("none")));
  }

  /** Digits over and over, every eleventh record malformed. */
  private static List<StreamRecord.Content> records(int count) {
    Examples digits =
        Datasets.load(
                new DataConfig(new DataConfig.Digits(.2), 1, 0), 1, DataHome.of(Path.of("none")))
            .train();
    List<StreamRecord.Content> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (i % 11 == 4) {
        records.add(new StreamRecord.Malformed("bad"));
      } else {
        int digit = i % digits.count();
        float[] values = new float[FEATURES];
        for (int feature = 0; feature < FEATURES; feature++) {
          values[feature] = digits.raw(digit, feature);
        }
        records.add(new StreamRecord.Example(values, digits.label(digit)));
      }
    }
    return records;
  }

  /** The same run over a data set in memory, in which each trainer meets the same examples. */
  private static PreparedRun inMemory(PreparedRun run, List<StreamRecord.Content> records) {
    List<StreamRecord.Example> trained = trained(records);
    RunConfig config = run.config();
    int trainers = config.train().trainers();
    int size = config.data().batchSize();
    int perTrainer = Math.toIntExact(run.plan().totalSteps() * size);
    Splits splits = Splits.of(perTrainer * trainers, 0, trainers, config.seed());
    float[] values = new float[perTrainer * trainers * FEATURES];
    int[] labels = new int[perTrainer * trainers];
    for (int k = 0; k < trainers; k++) {
      int[] order = Splits.batchOrder(config.seed(), k, splits.shard(k), 0);
      for (int j = 0; j < perTrainer; j++) {
        StreamRecord.Example example = trained.get((j / size * trainers + k) * size + j % size);
        example.copyTo(values, order[j] * FEATURES);
        labels[order[j]] = example.label();
      }
    }
    Examples all = Examples.ofFloats(values, labels).normalisedBy(run.dataset().normalization());
    Dataset declared = run.dataset();
    RunConfig plain =
        new RunConfig(
            config.name(),
            config.seed(),
            new DataConfig(new DataConfig.Digits(.2), size, 0),
            config.model(),
            new RecipeLoader()
                .parse(
                    "plain.conf",
                    RECIPE.replace("samples = 1000", "epochs = 1"),
                    List.of(
                        "data = digits", "data.batch-size = " + size, "train.trainers=" + trainers))
                .config()
                .train(),
            config.prune());
    return new PreparedRun(
        plain,
        new PreparedRun.RunExamples(
            new Dataset(
                "memory",
                all,
                all.select(new int[] {0}),
                new DataFormat(
                    declared.input(),
                    declared.columns(),
                    declared.classNames(),
                    declared.normalization()),
                "none"),
            splits,
            Optional.empty()),
        new PreparedRun.StepPlan(run.plan(), run.learningRate(), run.sparseFrom()),
        run.laidOut(),
        run.channels(),
        run.latencies());
  }

  /** What is trained on: every twentieth example is not. */
  private static List<StreamRecord.Example> trained(List<StreamRecord.Content> records) {
    List<StreamRecord.Example> trained = new ArrayList<>();
    int accepted = 0;
    for (StreamRecord.Content content : records) {
      if (content instanceof StreamRecord.Example example && ++accepted % 20 != 0) {
        trained.add(example);
      }
    }
    return trained;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void stream_trained_hasTheBitsOfThePlainLoopOverTheSameExamples(int trainers) {
    List<StreamRecord.Content> records = records(1300);
    PreparedRun run = prepared("train.trainers = " + trainers);

    FinishedRun streamed =
        TrainingLoop.run(run.reading(MemoryStream.dealt(records, 3)), LoopListener.NONE);
    FinishedRun plain = TrainingLoop.run(inMemory(run, records), LoopListener.NONE);

    assertThat(streamed.committed().digest()).isEqualTo(plain.committed().digest());
    assertThat(streamed.committed().step()).isEqualTo(1000 / (16 * trainers));
    assertThat(streamed.test().examples()).isEqualTo(30);
  }

  @Test
  void stream_arrivingLittleByLittle_givesTheSame() {
    List<StreamRecord.Content> records = records(1300);
    MemoryStream slow = MemoryStream.dealt(records, 2);
    slow.let(0);
    long[] waits = new long[1];
    LoopListener arriving =
        new LoopListener() {
          @Override
          public void waited(int trainer) {
            slow.let(++waits[0] * 7);
          }
        };
    PreparedRun run = prepared();

    FinishedRun late = TrainingLoop.run(run.reading(slow), arriving);
    FinishedRun early =
        TrainingLoop.run(run.reading(MemoryStream.dealt(records, 2)), LoopListener.NONE);

    assertThat(waits[0]).isGreaterThan(50);
    assertThat(late.committed().digest()).isEqualTo(early.committed().digest());
    assertThat(late.committed().stream()).isEqualTo(early.committed().stream());
    assertThat(late.test()).isEqualTo(early.test());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune.score = magnitude",
        "prune.score = taylor",
        "prune.regrowth { kind = rigl, every = 4, batches = 3 }",
        "prune.mask { kind = annealed, over = 10% }",
        RESNET
      })
  void stream_resumedFromAnyCheckpoint_givesTheSame(String override) throws IOException {
    List<StreamRecord.Content> records = records(1800);
    String size = override.equals(RESNET) ? "data.batch-size = 8" : "data.batch-size = 16";
    PreparedRun run = prepared(override, size).reading(MemoryStream.dealt(records, 3));
    Checkpoints checkpoints = Checkpoints.in(directory, run, "recipe", 1000, RunEpoch.locked(1));
    Map<String, EvaluationPart> told = new TreeMap<>();
    FinishedRun whole = TrainingLoop.run(run, keeping(checkpoints, told));
    int compared = 0;

    for (Optional<Checkpoint> found = checkpoints.latest(w -> {});
        found.isPresent();
        found = checkpoints.latest(w -> {})) {
      Checkpoint from = found.get();
      Map<String, EvaluationPart> again = new TreeMap<>();
      FinishedRun resumed =
          TrainingLoop.resume(run, from.committed(), from.traffic(), keeping(null, again));

      assertThat(resumed.committed().digest()).isEqualTo(whole.committed().digest());
      assertThat(resumed.committed().stream()).isEqualTo(whole.committed().stream());
      assertThat(resumed.test()).isEqualTo(whole.test());
      assertThat(told).containsAllEntriesOf(again);
      compared++;
      delete(directory.resolve(String.format("step-%010d", from.committed().step())));
    }
    assertThat(compared).isGreaterThanOrEqualTo(3);
  }

  private static void delete(Path checkpoint) throws IOException {
    try (var files = Files.list(checkpoint)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(checkpoint);
  }

  private static LoopListener keeping(
      @Nullable Checkpoints checkpoints, Map<String, EvaluationPart> told) {
    return new LoopListener() {
      @Override
      public void evaluated(long step, EvaluationRequest request, EvaluationPart result) {
        told.put(step + " " + request, result);
      }

      @Override
      public void committed(SyncOutcome outcome, Traffic traffic) {
        long step = outcome.commit().step();
        if (checkpoints != null && step > 0 && step % 8 == 0 && !outcome.commit().standsAlone()) {
          try {
            checkpoints.write(outcome.committed(), traffic, 0);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    };
  }

  @Test
  void evaluations_whileTraining_areOfTheNewestHeldOutExamples() {
    Map<String, EvaluationPart> told = new TreeMap<>();
    PreparedRun run = prepared("prune.sparsity = 0").reading(MemoryStream.dealt(records(1300), 1));

    TrainingLoop.run(run, keeping(null, told));

    assertThat(told.keySet()).allMatch(each -> each.contains("set=HOLD_OUT")).hasSizeGreaterThan(5);
    assertThat(told)
        .hasEntrySatisfying(
            "4 EvaluationRequest[set=HOLD_OUT, phase=REGULAR]",
            part -> assertThat(part.examples()).isEqualTo(128 / 19));
    assertThat(told)
        .hasEntrySatisfying(
            "31 EvaluationRequest[set=HOLD_OUT, phase=FINAL]",
            part -> assertThat(part.examples()).isEqualTo(30));
  }

  @Test
  void stream_thatChangedBehindTheRun_failsAtTheResumption() {
    PreparedRun run = prepared();
    MemoryStream first = MemoryStream.dealt(records(1300), 1);
    List<SyncOutcome> outcomes = new ArrayList<>();
    TrainingLoop.run(
        run.reading(first),
        new LoopListener() {
          @Override
          public void synced(SyncOutcome outcome) {
            outcomes.add(outcome);
          }
        });
    assertThatThrownBy(
            () ->
                TrainingLoop.resume(
                    run.reading(first.without(300)),
                    outcomes.get(5).committed(),
                    new Traffic(0, 0),
                    LoopListener.NONE))
        .isInstanceOf(StreamFailedException.class)
        .hasMessageContaining("a stream must hold the records that were read of it before");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 19})
  void samples_withoutAHeldOutExample_areRefused(int samples) {
    assertThatThrownBy(
            () -> prepared("train.samples = " + samples, "data.batch-size = 1", "train.trainers=1"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("train.samples: must be enough for one held-out example");
  }

  @Test
  void scoreOfGradients_withoutBatchesAfterTheLastUpdate_isRefused() {
    assertThatThrownBy(() -> prepared("prune.score = taylor", "prune.schedule.end = 100%"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            "prune.schedule: must let the batches that gradients are measured on");
  }
}
