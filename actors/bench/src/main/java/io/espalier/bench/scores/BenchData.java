package io.espalier.bench.scores;

import io.espalier.configs.DataConfig;
import io.espalier.configs.RunConfig;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.prepare.StartingNetwork;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The data of the runs of a bench, read once for all runs in a row that have the same. */
final class BenchData {
  private final DataHome home;
  private final Optional<Integer> testExamples;
  private Optional<Read> latest = Optional.empty();

  private record Read(DataConfig.Source source, List<String> classes, long seed, Dataset dataset) {
    boolean isOf(RunConfig config) {
      return source.equals(config.data().source())
          && classes.equals(config.data().onlyClasses())
          && seed == config.seed();
    }
  }

  /** Of the test set only the first {@code testExamples} are evaluated. */
  BenchData(DataHome home, Optional<Integer> testExamples) {
    this.home = home;
    this.testExamples = testExamples;
  }

  /** What is tested, as part of a key; empty if that is the whole set. */
  String tested() {
    return testExamples.isPresent() ? "/test " + testExamples.get() : "";
  }

  PreparedRun prepare(RunConfig config) {
    Dataset dataset = of(config);
    return PreparedRun.ofNetwork(
        config, dataset, StartingNetwork.of(config.model().architecture(), dataset), home);
  }

  private Dataset of(RunConfig config) {
    DataConfig data = config.data();
    if (latest.filter(read -> read.isOf(config)).isEmpty()) {
      Dataset dataset = testingFirst(Datasets.load(data, config.seed(), home));
      latest = Optional.of(new Read(data.source(), data.onlyClasses(), config.seed(), dataset));
    }
    return latest.orElseThrow().dataset();
  }

  private Dataset testingFirst(Dataset whole) {
    Examples test = whole.test();
    int count = Math.min(testExamples.orElse(test.count()), test.count());
    return count == test.count()
        ? whole
        : whole.withTest(test.select(IntStream.range(0, count).toArray()));
  }
}
