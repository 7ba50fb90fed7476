package io.espalier.actors.stream;

import io.espalier.actors.run.RunDirectory;
import io.espalier.actors.run.RunSession;
import io.espalier.configs.DataConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.stream.TopicWriter;
import io.espalier.trainer.data.BatchOrder;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Splits;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.stream.ExampleFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Digits as records of a topic, every thirteenth of them malformed, and runs on them. */
final class SampleStream {
  static final int PARTITIONS = 3;
  private static final int FEATURES = 64;
  private static final int MALFORMED = 13;
  private static final int HELD_OUT = 20;
  private static final String RECIPE =
      """
      name = streamed
      data { kind = kafka, topic = digits, features = 64, classes = 10, deviation = [16],
             batch-size = 16, window = 60 }
      model { kind = mlp, hidden = [16] }
      train { samples = 4800, trainers = 2, sync-every = 5, checkpoint-every = 10
              evaluate-every = 10%, keep-checkpoints = 2 }
      prune { sparsity = 80%, schedule { kind = cubic, begin = 10%, end = 75%, updates = 6 } }
      """;

  private final List<String> overrides;
  private final ResolvedRecipe recipe;
  private final PreparedRun run;
  private final Examples digits;

  SampleStream(String... overrides) {
    this.overrides = List.of(overrides);
    recipe = new RecipeLoader().parse("streamed.conf", RECIPE, this.overrides);
    run = PreparedRun.of(recipe.config(), DataHome.of(Path.of("none")));
    digits =
        Datasets.load(
                new DataConfig(new DataConfig.Digits(.2), 1, 0), 1, DataHome.of(Path.of("none")))
            .train();
  }

  ResolvedRecipe recipe() {
    return recipe;
  }

  /** Records that are enough for the whole run, in all partitions. */
  int records() {
    int trained = Math.toIntExact(recipe.config().train().samples().orElseThrow());
    int accepted = trained * HELD_OUT / (HELD_OUT - 1) + HELD_OUT;
    return accepted * MALFORMED / (MALFORMED - 1) + 2 * MALFORMED;
  }

  private static boolean isMalformed(int record) {
    return record % MALFORMED == 4;
  }

  private float[] values(int record) {
    float[] values = new float[FEATURES];
    for (int i = 0; i < FEATURES; i++) {
      values[i] = digits.raw(record % digits.count(), i);
    }
    return values;
  }

  private int label(int record) {
    return digits.label(record % digits.count());
  }

  /** Writes records {@code from} to {@code to}, JSON and binary ones in turn. */
  void write(TopicWriter writer, int from, int to) throws IOException {
    for (int record = from; record < to; record++) {
      if (isMalformed(record)) {
        writer.send("{\"features\":[1]}".getBytes(StandardCharsets.UTF_8), ExampleFormat.JSON);
      } else if (record % 2 == 0) {
        writer.send(ExampleFormat.toBinary(values(record), label(record)), ExampleFormat.BINARY);
      } else {
        String json =
            "{\"label\": %d, \"features\": %s}"
                .formatted(label(record), Arrays.toString(values(record)));
        writer.send(json.getBytes(StandardCharsets.UTF_8), ExampleFormat.JSON);
      }
    }
  }

  void writeAll(BrokerAccess access) throws IOException {
    try (TopicWriter writer = TopicWriter.open(access, "digits", PARTITIONS)) {
      write(writer, 0, records());
      writer.flush();
    }
  }

  RunSession.Request request(
      RunDirectory directory, Path home, BrokerAccess access, Consumer<Event> observer) {
    return new RunSession.Request(
        run,
        recipe.text(),
        directory,
        home,
        Optional.of(access),
        observer,
        notice -> {},
        warning -> {});
  }

  /**
   * The same run over a data set in memory, in which each trainer meets the same examples in the
   * same order: without streams, brokers or actors.
   */
  PreparedRun inMemory() {
    List<Integer> trained = new ArrayList<>();
    int accepted = 0;
    for (int record = 0; record < records(); record++) {
      if (!isMalformed(record) && ++accepted % HELD_OUT != 0) {
        trained.add(record);
      }
    }
    RunConfig config = run.config();
    int trainers = config.train().trainers();
    int size = config.data().batchSize();
    int perTrainer = Math.toIntExact(run.plan().totalSteps() * size);
    Splits splits = Splits.of(perTrainer * trainers, 0, trainers, config.seed());
    float[] values = new float[perTrainer * trainers * FEATURES];
    int[] labels = new int[perTrainer * trainers];
    for (int k = 0; k < trainers; k++) {
      int[] order = BatchOrder.order(config.seed(), k, splits.shard(k), 0);
      for (int j = 0; j < perTrainer; j++) {
        int record = trained.get((j / size * trainers + k) * size + j % size);
        System.arraycopy(values(record), 0, values, order[j] * FEATURES, FEATURES);
        labels[order[j]] = label(record);
      }
    }
    Dataset declared = run.dataset();
    Examples all = Examples.ofFloats(values, labels).normalisedBy(declared.normalization());
    RunConfig plain =
        new RecipeLoader()
            .parse(
                "plain.conf",
                RECIPE.replace("samples = 4800", "epochs = 1"),
                Stream.concat(
                        Stream.of("data = digits", "data.batch-size = " + size),
                        overrides.stream().filter(each -> each.startsWith("prune.")))
                    .toList())
            .config();
    return new PreparedRun(
        plain,
        new Dataset(
            "memory",
            all,
            all.select(new int[] {0}),
            declared.input(),
            declared.columns(),
            declared.classNames(),
            declared.normalization(),
            "none"),
        splits,
        run.plan(),
        run.learningRate(),
        run.laidOut(),
        Optional.empty(),
        run.channels());
  }
}
