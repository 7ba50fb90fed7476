package io.espalier.trainer.offline;

import io.espalier.configs.DataConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.RunConfig;
import io.espalier.configs.TrainConfig;
import io.espalier.configs.WeightsConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.model.ModelDescription;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.model.StoredModel;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A model file: it has its network, its recipe and the encoding of its inputs. */
record EspalierNetwork(Path file, RunConfig recipe, ModelDescription description, Network network)
    implements RunnableNetwork {
  static EspalierNetwork read(Path file) throws IOException {
    StoredModel stored = ModelFile.read(file);
    RunConfig recipe =
        new RecipeLoader()
            .ofNetwork(file + " (recipe)", stored.description().origin().recipe(), List.of())
            .config();
    return new EspalierNetwork(
        file, recipe, stored.description(), stored.load(recipe, Execution.ENGINE).network());
  }

  @Override
  public ModelConfig model() {
    return new ModelConfig(
        recipe.model().architecture(),
        Optional.of(WeightsConfig.of(file)),
        recipe.model().initial());
  }

  /** A teacher is not asked: gradients are those of the labels then. */
  @Override
  public TrainConfig train(TrainConfig standard) {
    boolean reads = !recipe.train().loss().objective().paths().isEmpty();
    return reads ? standard : standard.with(recipe.train().loss());
  }

  /** The examples that the recipe trains on, if its data are meant: its own seed chooses them. */
  @Override
  public Dataset data(DataConfig data, Calibration calibration, long seed) {
    DataContract contract = description.format().contract(data.source());
    Dataset read = Datasets.load(data, recipe.seed(), calibration.home(), contract);
    require("inputs", read.input(), description.format().input());
    require("classes", read.classNames(), description.format().classNames());
    return Dataset.under(contract, read.name(), read.train(), read.test(), read.digest());
  }

  @Override
  public Dataset rows(Path path, Calibration calibration, long seed) throws IOException {
    return CalibrationRows.of(
        path, calibration, description.format().contract(recipe.data().source()), seed);
  }

  @Override
  public Network network(Dataset dataset) {
    return network;
  }

  @Override
  public Map<ParameterId, TensorPlace> places(Network of) {
    return of.parameters().stream()
        .map(ParameterSpec::id)
        .collect(Collectors.toMap(id -> id, id -> TensorPlace.whole(id.name())));
  }

  private static void require(String what, Object data, Object network) {
    if (!data.equals(network)) {
      throw InvalidConfigException.of(
          "calibrate",
          "must be data with the %s of the network: data=%s, network=%s; name the data that it was trained on, or rows of their kind"
              .formatted(what, data, network));
    }
  }
}
