package io.espalier.cli.kafka;

import io.espalier.cli.console.KafkaOptions;
import io.espalier.configs.KafkaConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.console.CommandHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.telemetry.kafka.Broker;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.telemetry.kafka.TopicWriter;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.Datasets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "publish",
    description = {
      "Writes the examples of a data set to a topic, raw and shuffled, dealt to its partitions in"
          + " turn. A text that is no labelled one is written in its order, a window per record.",
      "",
      "DATA is a kind of data as a recipe names it, such as digits or fashion-mnist; what else it"
          + " needs is given with -D, as -D data.path=iris.csv -D data.label=species for csv."
    },
    sortOptions = false)
final class PublishCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DATA", description = "Kind of data.")
  private String data;

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      required = true,
      description = "Topic to write to; created if there is none.")
  private String topic = "";

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "1",
      description = "Partitions of a topic that is created (default: 1).")
  private int partitions;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "1",
      description = "How often each example is written, shuffled anew (default: 1).")
  private int rounds;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Records per second (default: as fast as the broker takes them).")
  private Optional<Double> rate = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "json",
      description = "json (default), binary for numbers, or text for a text without labels.")
  private PublishedRecords.Format format = PublishedRecords.Format.JSON;

  @Option(names = "--test", description = "Write the test set instead of the training examples.")
  private boolean test;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "A key of the recipe's block data, such as -D data.path=iris.csv.")
  private List<String> overrides = new ArrayList<>();

  @Mixin private KafkaOptions kafka;

  @Override
  public Integer call() throws IOException {
    if (partitions < 1 || rounds < 1 || rate.filter(each -> !(each > 0)).isPresent()) {
      throw new CommandRefusedException(
          "--partitions and --rounds must be 1 or more, --rate above 0: partitions=%d, rounds=%d, rate=%s"
              .formatted(partitions, rounds, rate.map(String::valueOf).orElse("none")));
    }
    if (!KafkaConfig.isTopic(topic)) {
      throw new CommandRefusedException(
          "--topic must be %s: topic='%s'".formatted(KafkaConfig.TOPIC_RULE, topic));
    }
    Optional<BrokerAccess> named = kafka.access();
    Dataset dataset = dataset();
    PublishedRecords records =
        PublishedRecords.of(dataset, test ? dataset.test() : dataset.train(), format);
    try (Broker broker = Broker.open(CommandHome.create(), named)) {
      BrokerAccess access =
          broker
              .access()
              .orElseThrow(
                  () ->
                      new CommandRefusedException(
                          "there must be a broker: %s".formatted(broker.problem().orElse("none"))));
      publish(dataset.name(), records, access);
    }
    return ExitCode.OK;
  }

  private Dataset dataset() {
    List<String> keys = new ArrayList<>(overrides);
    keys.add("data.kind=\"" + data.replace("\"", "") + "\"");
    RunConfig config = new RecipeLoader().parse("DATA", "model = lenet-5", keys).config();
    return Datasets.load(
        config.data(),
        config.seed(),
        CommandHome.data(CommandHome.create(), spec.commandLine().getErr()));
  }

  private void publish(String name, PublishedRecords records, BrokerAccess access)
      throws IOException {
    try (TopicWriter writer = TopicWriter.open(access, topic, partitions)) {
      long startNs = System.nanoTime();
      for (int round = 0; round < rounds; round++) {
        for (int example : records.order(round)) {
          if (rate.isPresent()) {
            pace(writer.sent(), startNs, rate.get());
          }
          writer.send(records.value(example), format.contentType());
        }
      }
      writer.flush();
      spec.commandLine()
          .getOut()
          .printf(
              Locale.ROOT,
              "%s  %,d records of %s in %d partitions, at %s%n",
              topic,
              writer.sent(),
              name,
              writer.partitions(),
              access.address());
    }
  }

  private static void pace(long sent, long startNs, double perSecond) throws IOException {
    long dueNs = startNs + (long) (sent / perSecond * 1e9);
    try {
      long earlyMs = (dueNs - System.nanoTime()) / 1_000_000;
      if (earlyMs > 0) {
        Thread.sleep(earlyMs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while publishing", e);
    }
  }
}
