package io.espalier.trainer.offline;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.masks.ParameterId;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.update.StatisticRequests;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.observer.StatisticObservers;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The first update of a run that starts from a file: what it measures, keeps and refits at step 0,
 * with one trainer, to the same bits.
 */
record CalibratedPruning(
    NetworkFiles files, RunConfig settings, Calibration calibration, PruneProgress progress) {
  /**
   * @param chosen tensors that may be pruned
   */
  PruneOutcome of(List<PrunableTensor> chosen) throws IOException {
    RunnableNetwork runnable = RunnableNetwork.of(files);
    Optional<Path> rows = rows();
    DataConfig data = rows.isPresent() ? settings.data() : PruneSettings.data(calibration.data());
    Dataset dataset =
        rows.isPresent()
            ? runnable.rows(rows.get(), calibration, settings.seed())
            : runnable.data(data, calibration, settings.seed());
    Network network = runnable.network(dataset);
    Map<ParameterId, TensorPlace> places = runnable.places(network);
    RunConfig config = config(runnable, data, dataset, dense(network, places, chosen));
    PreparedRun run = PreparedRun.ofNetwork(config, dataset, network, calibration.home());
    StatisticRequests requests = StatisticRequests.of(config.prune(), config.seed());
    if (rows.isPresent() && calibration.labels().isEmpty()) {
      requireNoLabels(run, requests);
    }
    FirstUpdate update =
        FirstUpdate.of(run, requests.mostBatches(), batches(dataset).count(), progress);
    return new ChangedTensors(files.files().get(0), places).of(update);
  }

  /** A file or a folder, where that is meant. */
  private Optional<Path> rows() {
    try {
      return Optional.of(Path.of(calibration.data())).filter(Files::exists);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private CalibrationBatches batches(Dataset dataset) {
    return CalibrationBatches.of(calibration.examples(), dataset.train().count());
  }

  private RunConfig config(
      RunnableNetwork runnable, DataConfig data, Dataset dataset, List<String> dense) {
    CalibrationBatches batches = batches(dataset);
    return new RunConfig(
        settings.name(),
        settings.seed(),
        new DataConfig(data.source(), batches.size(), 0),
        runnable.model(),
        runnable.train(settings.train()),
        PruneSettings.measuring(settings.prune(), batches.count(), dense));
  }

  /** Weights of the network that are not chosen, or that the file does not hold as they are. */
  private static List<String> dense(
      Network network, Map<ParameterId, TensorPlace> places, List<PrunableTensor> chosen) {
    Set<String> names = chosen.stream().map(each -> each.span().name()).collect(Collectors.toSet());
    List<String> weights =
        network.parameters().stream()
            .filter(each -> each.role() == ParameterSpec.Role.WEIGHT)
            .map(each -> each.id().name())
            .toList();
    List<String> dense =
        weights.stream()
            .filter(
                weight ->
                    Optional.ofNullable(places.get(new ParameterId(weight)))
                        .filter(place -> names.contains(place.tensor()))
                        .isEmpty())
            .toList();
    if (dense.size() == weights.size()) {
      throw InvalidConfigException.of(
          "include",
          "must choose a weight of the network: weights=%s, chosen=%s".formatted(weights, names));
    }
    return dense;
  }

  private static void requireNoLabels(PreparedRun run, StatisticRequests requests) {
    List<StatisticRequest> atOnce =
        run.plan()
            .updateAt(0)
            .map(update -> requests.of(update, run.denseMasks().masks()))
            .orElse(List.of());
    boolean needed =
        Stream.concat(atOnce.stream(), requests.ofEachLayer().stream())
            .anyMatch(request -> StatisticObservers.of(request.statistic()).needsLabels());
    if (needed) {
      throw InvalidConfigException.of(
          "labels",
          "must be given for a score, an allocation or a refit that looks at the loss: score=%s, allocation=%s, refit=%s; name the column or file of the labels: --labels, or take what reads activations alone, such as wanda"
              .formatted(
                  run.config().prune().ranking().score(),
                  run.config().prune().ranking().allocation(),
                  run.config().prune().refit()));
    }
  }
}
